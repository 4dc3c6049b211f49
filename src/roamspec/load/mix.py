"""What the users of a load do, and how often: a realistic mix, drawn in the same way for the same seed."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, Literal

from roamspec.contract.operations import Operation

Action = Literal["send-chat", "send-group", "pull", "list", "delete", "reject", "new-users"]


Wrong = Literal["no-token", "too-many-ids", "missing-parameter"]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A call that must be rejected, and why: `parameter` is the one that is missing, if one is."""

    operation: str
    wrong: Wrong
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a user does; `operation` is one of the five where the action is `delete`."""

    action: Action
    operation: str = ""


MIX: Final[dict[Step, int]] = {
    Step("send-chat"): 24,
    Step("send-group"): 12,
    Step("pull"): 20,
    Step("list"): 10,
    Step("delete", "deleteChatMessages"): 8,
    Step("delete", "deleteGroupMessages"): 6,
    Step("delete", "clearChatBefore"): 5,
    Step("delete", "clearGroupBefore"): 4,
    Step("delete", "clearUser"): 3,
    Step("reject"): 4,
    Step("new-users"): 4,
}
"""How many of a hundred steps are which: people write and read more than they delete."""

OPENING: Final = tuple(step for step in MIX if step.action in ("delete", "reject"))
"""What every user begins with, so that a short load also calls each operation."""


def dice_of(seed: int, worker: int, user: int) -> Random:
    """The source of everything that one user of a load draws."""
    return Random(f"load {seed} {worker} {user}")  # noqa: S311 - no secret


def steps(dice: Random) -> Iterator[Step]:
    """The steps of one user, without end: first the opening in an order that is drawn, then the mix."""
    yield from dice.sample(OPENING, len(OPENING))
    choices, weights = list(MIX), list(MIX.values())
    while True:
        yield from dice.choices(choices, weights, k=100)


def rejections(dice: Random, operations: Iterable[Operation]) -> Iterator[Rejection]:
    """Each call that the documentation describes an error for, in an order that is drawn, again and again."""
    every: list[Rejection] = []
    for operation in operations:
        every.append(Rejection(operation.name, "no-token"))
        every += [
            Rejection(operation.name, "missing-parameter", each.name)
            for each in operation.parameters
            if each.location == "query" and each.required
        ]
        if operation.most_ids is not None:
            every.append(Rejection(operation.name, "too-many-ids"))
    return itertools.cycle(dice.sample(every, len(every)))
