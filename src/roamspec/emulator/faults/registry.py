"""The register of faults: each wraps one named step of the deletions it breaks."""

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.domain.deletion import KINDS
from roamspec.emulator.http.operations.deletions import STEPS, Steps
from roamspec.errors import ConfigurationError, UsageError
from roamspec.patterns import Named, nearest_pattern

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
    """`refutes` are the promises that it breaks, each of which must turn red. `point` is the step that
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
                raise ValueError(f"two faults are named {full_name}")
            refuted = tuple(f"{slug}.{promise}" for promise in promises)
            _FAULTS[full_name] = Fault(full_name, (operation,), refuted, sentence, at, wrap)
        return wrap

    return register


@cache
def known() -> Mapping[str, Fault]:
    """Every fault by name; importing this package's modules registers them."""
    package = importlib.import_module("roamspec.emulator.faults")
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
            raise UsageError(f"no fault fits {pattern!r}; {hint}")
        chosen |= {fault.name: fault for fault in hits}
    return list(chosen.values())


def _named(fault: Fault) -> Named:
    return Named(fault.name, fault.operations[0])


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
    faults = [fault for name in names for fault in find(name)]
    steps: dict[str, Steps] = dict(STEPS)
    for fault in faults:
        for operation in fault.operations:
            sound = getattr(steps[operation], fault.point)
            changes: dict[str, Any] = {fault.point: fault.wrap(sound)}
            steps[operation] = replace(steps[operation], **changes)
    app.steps = steps if faults else STEPS
    app.faults = tuple(fault.name for fault in faults)
