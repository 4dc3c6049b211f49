"""The scenario that is seeded before the command runs, and which IDs its tests mean to send."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from roamspec.errors import UsageError
from roamspec.sdk.finding import IntendedValues

PLAIN: Final = "plain"
AWKWARD: Final = "awkward"
_CARRIED: Final = (PLAIN, AWKWARD)
_MEANT: Final = ("users", "groups", "messages")


@dataclass(frozen=True, slots=True)
class ClientScenario:
    """`seed` is what the emulator's control API takes; `meant` the IDs that tests mean besides those."""

    seed: Mapping[str, Any]
    meant: Mapping[str, Sequence[str]]
    name: str = ""


def read_scenario(text: str | None) -> ClientScenario:
    """From a file, or one that roamspec carries, by default `plain`; UsageError says what is wrong."""
    text = PLAIN if text is None else text
    path = Path(__file__).with_name(f"{text}.json") if text in _CARRIED else Path(text)
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"--scenario: {path} cannot be read: {error.strerror}; give a JSON file, or the word "
            f"{' or '.join(_CARRIED)}."
        ) from error
    except ValueError as error:
        raise UsageError(f"--scenario: {path} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise UsageError(f"--scenario: {path} must hold one JSON object.")
    meant = content.pop("meant", {})
    if not isinstance(meant, dict) or not all(
        key in _MEANT and isinstance(ids, list) and all(isinstance(one, str) and one for one in ids)
        for key, ids in meant.items()
    ):
        raise UsageError(
            f"--scenario: {path}: meant must be an object with lists of IDs under {', '.join(_MEANT)}."
        )
    return ClientScenario(content, meant, str(path))


def resolved(scenario: ClientScenario, made: Mapping[str, Any]) -> dict[str, Any]:
    """What the tests read: the IDs that were seeded, and all that are meant."""
    users = [user if isinstance(user, str) else user["username"] for user in scenario.seed.get("users", ())]
    seeded = {"users": users, "groups": list(made["groups"]), "messages": list(made["messages"])}
    return {**seeded, "meant": {key: [*seeded[key], *scenario.meant.get(key, ())] for key in _MEANT}}


def meant_by(scenario: Mapping[str, Any]) -> IntendedValues:
    """The IDs of a resolved scenario; a peer is a user, and a group may be one too."""
    meant = scenario["meant"]
    users, groups = frozenset(meant["users"]), frozenset(meant["groups"])
    return IntendedValues(users, users | groups, frozenset(meant["messages"]))


def with_given(meant: IntendedValues, messages: frozenset[str], secrets: Sequence[str]) -> IntendedValues:
    """The same with further message IDs, and with values that no report may show."""
    return replace(meant, messages=meant.messages | messages, secrets=tuple(secrets))
