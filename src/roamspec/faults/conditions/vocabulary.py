"""The vocabulary of conditions: how one is written, what it means, and which operations it can apply to."""

import difflib
import importlib
import operator
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from roamspec.emulator.domain.deletion import KINDS
from roamspec.errors import ConfigurationError
from roamspec.faults.conditions.situation import Situation

Test = Callable[[Situation], bool]
Measure = Callable[[Situation], Iterable[int]]

EVERY: Final = tuple(KINDS)
BY_IDS: Final = tuple(name for name, kind in KINDS.items() if kind.by == "ids")
BY_TIME: Final = tuple(name for name, kind in KINDS.items() if kind.by == "time")
CLEARING: Final = tuple(name for name, kind in KINDS.items() if kind.by != "ids")
IN_CHATS: Final = tuple(name for name, kind in KINDS.items() if kind.conversation == "chat")
IN_GROUPS: Final = tuple(name for name, kind in KINDS.items() if kind.conversation == "group")
ONE_CONVERSATION: Final = (*BY_IDS, *BY_TIME)

_WRITTEN: Final = re.compile(r"(?P<name>[a-z][a-z-]*)(?:(?P<sign>[=<>])(?P<value>[a-z0-9-]+))?")
_SIGNS: Final = {"=": operator.eq, ">": operator.gt, "<": operator.lt}
_UNITS_MS: Final = {"s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition as it was written, such as `age>7d`; `holds` looks at a call before it is carried out."""

    text: str
    operations: tuple[str, ...]
    holds: Test


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the vocabulary.

    `read` takes the sign and the value of what was written (empty ones for neither) and gives the condition,
    or None for values that it does not know. `form` shows how it is written, `samples` are some of its
    conditions, from which a benchmark draws.
    """

    name: str
    form: str
    sentence: str
    samples: tuple[str, ...]
    read: Callable[[str, str], Condition | None]


_TERMS: dict[str, Term] = {}


def flag(name: str, operations: tuple[str, ...], sentence: str) -> Callable[[Test], Test]:
    """A condition without a value."""

    def register(test: Test) -> Test:
        def read(sign: str, _value: str) -> Condition | None:
            return None if sign else Condition(name, operations, test)

        _add(Term(name, name, sentence, (name,), read))
        return test

    return register


def choice(
    name: str, values: Mapping[str, tuple[str, ...]], sentence: str
) -> Callable[[Callable[[Situation, str], bool]], Callable[[Situation, str], bool]]:
    """A condition with one of some values, each with the operations it can apply to."""

    def register(test: Callable[[Situation, str], bool]) -> Callable[[Situation, str], bool]:
        def read(sign: str, value: str) -> Condition | None:
            if sign != "=" or value not in values:
                return None
            return Condition(f"{name}={value}", values[value], lambda situation: test(situation, value))

        samples = tuple(f"{name}={value}" for value in values)
        _add(Term(name, f"{name}={'|'.join(values)}", sentence, samples, read))
        return test

    return register


def amount(
    name: str, operations: tuple[str, ...], sentence: str, samples: Sequence[str], *, span: bool = False
) -> Callable[[Measure], Measure]:
    """A condition with a number: it holds if it is true of one of those that are measured. A `span` is a
    number with a unit (s, m, h, d), measured in milliseconds."""

    def register(measure: Measure) -> Measure:
        def read(sign: str, value: str) -> Condition | None:
            number = _number(value, span=span)
            if number is None or not sign or (span and sign == "="):
                return None
            compare = _SIGNS[sign]
            return Condition(
                f"{name}{sign}{value}",
                operations,
                lambda situation: any(compare(each, number) for each in measure(situation)),
            )

        form = f"{name}>SPAN, {name}<SPAN" if span else f"{name}=N, {name}>N, {name}<N"
        _add(Term(name, form, sentence, tuple(f"{name}{sample}" for sample in samples), read))
        return measure

    return register


def _number(value: str, *, span: bool) -> int | None:
    unit = _UNITS_MS.get(value[-1:], 0) if span else 1
    digits = value[:-1] if span else value
    return int(digits) * unit if unit and digits.isdigit() else None


def _add(term: Term) -> None:
    if term.name in _TERMS:
        raise ValueError(f"two conditions have the name {term.name}")
    _TERMS[term.name] = term


@cache
def vocabulary() -> Mapping[str, Term]:
    """Every term by name; importing the modules of this package registers them."""
    package = importlib.import_module("roamspec.faults.conditions")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.endswith("_conditions"):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return _TERMS


def read_condition(text: str) -> Condition:
    """The condition of that wording; ConfigurationError for one that the vocabulary does not have."""
    written = _WRITTEN.fullmatch(text)
    term = vocabulary().get(written["name"]) if written else None
    if written is None or term is None:
        near = difflib.get_close_matches(re.split("[=<>]", text)[0], vocabulary(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else "docs/faults.md lists them."
        raise ConfigurationError(f"there is no condition {text!r}; {hint}")
    condition = term.read(written["sign"] or "", written["value"] or "")
    if condition is None:
        raise ConfigurationError(f"the condition {text!r} is malformed; write {term.form}.")
    return condition
