"""The register of faults: each wraps one named step of the deletions it breaks."""

import difflib
import hashlib
import importlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.domain.deletion import KINDS
from roamspec.emulator.http.operations.deletions import STEPS, DeletionSteps
from roamspec.errors import ConfigurationError, UsageError
from roamspec.faults.conditions.conditional import Conditional, behind, remembered
from roamspec.faults.conditions.history import History
from roamspec.faults.conditions.vocabulary import Condition, read_condition
from roamspec.patterns import Matchable, nearest_pattern

Step = Callable[..., Any]
Wrapper = Callable[[Step], Step]

BY_IDS: Final = ("deleteChatMessages", "deleteGroupMessages")
BY_TIME: Final = ("clearChatBefore", "clearGroupBefore")
IN_CHATS: Final = ("deleteChatMessages", "clearChatBefore")
IN_GROUPS: Final = ("deleteGroupMessages", "clearGroupBefore")
CLEARING: Final = ("clearUser", *BY_TIME)
ONE_CONVERSATION: Final = (*BY_IDS, *BY_TIME)
EVERY: Final = (
    "deleteChatMessages",
    "deleteGroupMessages",
    "clearUser",
    "clearChatBefore",
    "clearGroupBefore",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """`refutes` are the requirements that it breaks, each of which must fail. `point` is the step that
    `wrap` replaces."""

    name: str
    operations: tuple[str, ...]
    refutes: tuple[str, ...]
    sentence: str
    point: str
    wrap: Wrapper


_FAULTS: dict[str, Fault] = {}


def fault(
    name: str, *, at: str, operations: Iterable[str], refutes: Iterable[str], sentence: str
) -> Callable[[Wrapper], Wrapper]:
    """Register one fault per operation: `name` and `refutes` stand behind the operation's slug.

    The decorated function takes the sound step and gives the broken one.
    """
    promises = tuple(refutes)

    def register(wrap: Wrapper) -> Wrapper:
        for operation in operations:
            slug = KINDS[operation].slug
            full_name = f"{slug}.{name}"
            if full_name in _FAULTS:
                raise ValueError(f"two faults have the name {full_name}")
            refuted = tuple(f"{slug}.{promise}" for promise in promises)
            _FAULTS[full_name] = Fault(full_name, (operation,), refuted, sentence, at, wrap)
        return wrap

    return register


@cache
def known() -> Mapping[str, Fault]:
    """Every fault by name; importing this package's modules registers them."""
    package = importlib.import_module("roamspec.faults")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _FAULTS


def matching(pattern: str) -> list[Fault]:
    """Faults that the pattern, in the language of `roamspec.patterns`, fits."""
    return [fault for fault in known().values() if _named(fault).fits(pattern)]


def selected(patterns: Iterable[str]) -> list[Fault]:
    """Every fault that one of the patterns fits, once; UsageError for a pattern that fits nothing."""
    chosen: dict[str, Fault] = {}
    for pattern in patterns:
        hits = matching(pattern)
        if not hits:
            near = nearest_pattern(pattern, map(_named, known().values()))
            hint = f"did you mean {near!r}?" if near else "`roamspec faults` lists them."
            raise UsageError(f"no fault matches {pattern!r}; {hint}")
        chosen |= {fault.name: fault for fault in hits}
    return list(chosen.values())


def _named(fault: Fault) -> Matchable:
    return Matchable(fault.name, fault.operations[0])


def load_faults(files: Iterable[Path]) -> None:
    """Import Python files that register faults, each once; ConfigurationError for one that cannot be."""
    for file in files:
        path = file.resolve()
        name = f"roamspec_faults_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
        if name in sys.modules:
            continue
        known()
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise ConfigurationError(f"{file} is not a Python file; give one that registers faults.")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise ConfigurationError(f"{file} registers no faults: {why}.") from error
        sys.modules[name] = module


@dataclass(frozen=True, slots=True)
class Named:
    """A fault as somebody names it: behind conditions, or without any."""

    text: str
    fault: Fault
    conditions: tuple[Condition, ...] = ()


def named(text: str) -> list[Named]:
    """The faults that a text such as `effect.nothing-deleted@age>7d` stands for, one for each operation.

    Conditions follow the name, each behind an `@` or an `&`. ConfigurationError for an unknown fault or
    condition, and when the conditions cannot apply to any of the fault's operations.
    """
    name, _, written = text.partition("@")
    faults = find(name)
    if not written:
        return [Named(fault.name, fault) for fault in faults] if "@" not in text else _no_condition(text)
    conditions = tuple(read_condition(each) for each in re.split("[@&]", written))
    found = [
        Named(f"{fault.name}@{written}", fault, conditions)
        for fault in faults
        if all(set(fault.operations) & set(condition.operations) for condition in conditions)
    ]
    if not found:
        operations = sorted({operation for fault in faults for operation in fault.operations})
        unfit = next(c for c in conditions if not set(operations) & set(c.operations))
        raise ConfigurationError(
            f"the condition {unfit.text!r} cannot apply to {name!r}, a fault of {', '.join(operations)}; "
            f"it applies to {', '.join(unfit.operations)}."
        )
    return found


def _no_condition(text: str) -> list[Named]:
    raise ConfigurationError(f"{text!r} has no condition after the @; docs/faults.md lists conditions.")


def find(name: str) -> list[Fault]:
    """The fault of that name, or, for a name without an operation, all that carry it."""
    faults = known()
    if name in faults:
        return [faults[name]]
    found = [fault for full, fault in faults.items() if full.partition(".")[2] == name]
    if found:
        return found
    near = difflib.get_close_matches(name, faults, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "`roamspec faults` lists them."
    raise ConfigurationError(f"there is no fault {name!r}; {hint}")


def switch_on(app: App, names: Iterable[str]) -> None:
    """Break the app in these ways, and in no others: the names replace those switched on before."""
    wanted = [each for name in names for each in named(name)]
    steps: dict[str, DeletionSteps] = dict(STEPS)
    history, conditionals = History(), []
    for each in sorted(wanted, key=lambda each: bool(each.conditions)):
        for operation in each.fault.operations:
            own, point = steps[operation], each.fault.point
            broken = each.fault.wrap(getattr(own, point))
            if each.conditions:
                conditional = Conditional(each.text, operation, each.conditions)
                conditionals.append(conditional)
                steps[operation] = behind(app, own, point, broken, conditional, history)
            else:
                changes: dict[str, Any] = {point: broken}
                steps[operation] = replace(own, **changes)
    app.steps = remembered(app, steps, history) if conditionals else steps if wanted else STEPS
    app.faults = tuple(each.text for each in wanted)
    app.conditionals = tuple(conditionals)
