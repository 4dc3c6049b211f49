"""What a target's lists showed before a deletion, where the model says nothing of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

import pytest

from roamspec.generative.call_sequence import USERS, DeleteStep, SendStep
from roamspec.generative.planned_state import PlannedState, Visibility
from roamspec.generative.stood_before import StoodBefore
from roamspec.session.shared_objects import SharedObjects
from roamspec.world.conversations import Conversation
from roamspec.world.world import World

PLACE = "chat ab"
IMPORTED = SendStep("m1", PLACE, "a", 1000)
DELETED = DeleteStep("deleteChatMessages", "a", PLACE, ("m1",))
NAMES = {user: f"user-{user}" for user in USERS}


@dataclass
class Lists:
    """A world whose lists show everything, or nothing."""

    show: bool
    shared: SharedObjects = field(default_factory=SharedObjects)
    read: list[str] = field(default_factory=list)

    @property
    def session(self) -> SimpleNamespace:
        return SimpleNamespace(shared=self.shared)

    def lists_now(self, user: str, conversations: Iterable[Conversation]) -> dict[Conversation, bool]:
        self.read.append(user)
        return dict.fromkeys(conversations, self.show)


def stood(lists: Lists) -> StoodBefore:
    return StoodBefore(cast(World, lists), NAMES, lambda place: Conversation("chat", tuple(place)))


@pytest.fixture
def planned(visibility: Visibility) -> PlannedState:
    return PlannedState.blank(visibility).after(IMPORTED)[0]


def test_what_was_listed_must_stay_for_whoever_deletes_nothing(planned: PlannedState) -> None:
    before = stood(Lists(show=True))
    before.read(planned, USERS)
    assert [before.of(user) for user in USERS] == [{PLACE: True}, {PLACE: True}, {}]

    before.forget_deleted(planned.after(DELETED)[0])
    assert [before.of(user) for user in USERS] == [{}, {PLACE: True}, {}]


def test_nothing_is_read_where_the_model_knows(visibility: Visibility) -> None:
    lists = Lists(show=True)
    sent = PlannedState.blank(visibility).after(SendStep("m1", PLACE, "a"))[0]
    stood(lists).read(sent, USERS)
    assert lists.read == []


def test_a_sequence_reads_once(planned: PlannedState) -> None:
    lists = Lists(show=True)
    before = stood(lists)
    before.read(planned, USERS)
    before.read(planned, USERS)
    assert lists.read == ["user-a", "user-b"]


@pytest.mark.parametrize(("show", "sequences"), [(True, 5), (False, 2)])
def test_a_target_that_lists_no_such_thing_is_soon_left_alone(
    planned: PlannedState, show: bool, sequences: int
) -> None:
    lists = Lists(show=show)
    for _ in range(5):
        stood(lists).read(planned, USERS)
    assert len(lists.read) == 2 * sequences
