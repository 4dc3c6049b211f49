"""Conditions on user IDs: their form, and how the owner's is related to that of another participant."""

from collections.abc import Callable, Mapping
from typing import Final

from roamspec.faults.conditions.situation import Situation
from roamspec.faults.conditions.vocabulary import EVERY, IN_GROUPS, choice, flag


def _related(situation: Situation) -> list[tuple[str, str]]:
    """The owner's ID and each other participant's, the longer one first."""
    owner = situation.owner
    pairs = [(owner, other) for other in situation.participants if owner and other != owner]
    return [pair if len(pair[0]) >= len(pair[1]) else (pair[1], pair[0]) for pair in pairs]


@flag(
    "name-begins-with", EVERY, "Of the IDs of the owner and another participant, one begins with the other."
)
def _begins(situation: Situation) -> bool:
    return any(long.startswith(short) for long, short in _related(situation))


@flag("name-ends-with", EVERY, "Of the IDs of the owner and another participant, one ends with the other.")
def _ends(situation: Situation) -> bool:
    return any(long.endswith(short) for long, short in _related(situation))


@flag("name-contains", EVERY, "Of the IDs of the owner and another participant, one contains the other.")
def _contains(situation: Situation) -> bool:
    return any(short in long for long, short in _related(situation))


@flag(
    "name-matches",
    EVERY,
    "Of the IDs of the owner and another participant, one matches the other as a pattern, in which `_` or "
    "`.` stands for any character.",
)
def _matches(situation: Situation) -> bool:
    return any(
        fits_as_pattern(one, other, wildcard) or fits_as_pattern(other, one, wildcard)
        for one, other in _related(situation)
        for wildcard in WILDCARDS
    )


WILDCARDS: Final = ("_", ".")


def fits_as_pattern(pattern: str, name: str, wildcard: str) -> bool:
    """Whether another name fits a pattern in which `wildcard` stands for any one character."""
    if len(pattern) != len(name) or pattern == name:
        return False
    return all(one in (wildcard, other) for one, other in zip(pattern, name, strict=True))


_FORMS: Final[Mapping[str, Callable[[str], bool]]] = {
    "digits": str.isdigit,
    "short": lambda name: len(name) == 1,
    "long": lambda name: len(name) == 64,
    "dot": lambda name: "." in name,
    "underscore": lambda name: "_" in name,
    "hyphen": lambda name: "-" in name,
}


@choice(
    "name",
    dict.fromkeys(_FORMS, EVERY),
    "The form of the owner's ID or another participant's: digits alone, one character (`short`), 64 "
    "characters (`long`), or with that character.",
)
def _form(situation: Situation, value: str) -> bool:
    return any(_FORMS[value](name) for name in (situation.owner, *situation.participants) if name)


@flag("group-id-is-a-user", IN_GROUPS, "A user has the ID of the group or chatroom.")
def _group_id(situation: Situation) -> bool:
    return bool(situation.target) and situation.app.store.user(situation.target) is not None
