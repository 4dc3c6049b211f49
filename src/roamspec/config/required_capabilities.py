"""What was asked for must work: an option that silently does nothing would hide what was not judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from roamspec.config.capability_names import CAPABILITIES
from roamspec.config.options import OptionSources
from roamspec.errors import ConfigurationError, SetupFailed
from roamspec.spelling import did_you_mean

CAPABILITY_OF: Final[Mapping[str, str]] = {
    "neighbour-app": "neighbour-app",
    "closed-app": "closed-app",
    "observer-url": "devices",
}
"""The target options that make something possible, and what it is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A capability that somebody wants, and the option, variable or key that says so."""

    capability: str
    where: str


def asked_for(sources: OptionSources) -> tuple[Asked, ...]:
    """Every capability that the sources ask for; ConfigurationError for a `require` that is none."""
    found = []
    for option, capability in CAPABILITY_OF.items():
        given = sources.text(option)
        if given is not None:
            found.append(Asked(capability, given.where))
    for required in sources.texts("require"):
        _refuse_unknown(required.value, required.where)
        found.append(Asked(required.value, f"{required.where} {required.value}"))
    return tuple(dict.fromkeys(found))


def require_asked(asked: Iterable[Asked], missing: Mapping[str, str]) -> None:
    """SetupFailed when something that is asked for is missing; `missing` says why, by capability."""
    broken = [f"{one.where} ({missing[one.capability]})" for one in asked if one.capability in missing]
    if broken:
        raise SetupFailed(
            f"what was required does not work: {'; '.join(broken)}; correct it, or leave it out: the "
            "requirements that need it are then inconclusive."
        )


def _refuse_unknown(name: str, where: str) -> None:
    if name not in CAPABILITIES:
        choices: Sequence[str] = sorted(CAPABILITIES)
        raise ConfigurationError(f"{where}: {name!r} is not a capability; {did_you_mean(name, choices)}")
