"""A difference is followed up with the requests that are left, and what was not tried is not reported as
deleted."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from roamspec.generative import triage
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep
from roamspec.generative.difference import Difference
from roamspec.generative.planned_state import Visibility
from roamspec.generative.sequence_executor import ExplorationContext
from roamspec.generative.triage import NotReproducible, triaged
from roamspec.session.waiting import WaitPolicy

KEPT = Difference("kept", 3, "a", "chat ab", ("m1",), "a pulls nothing", "a pulls m1")
LONG = CallSequence(
    (
        SendStep("m1", "chat ab", "a"),
        SendStep("m2", "group", "b"),
        DeleteStep("deleteGroupMessages", "b", "group", ("m2",)),
        DeleteStep("clearUser", "a"),
    )
)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[CallSequence]:
    """The sequences that were played, on a target that never clears anybody."""
    programs: list[CallSequence] = []

    def play(_context: object, program: CallSequence, **_: Any) -> tuple[Difference | None, tuple[()]]:
        programs.append(program)
        clears = [
            i for i, s in enumerate(program.steps) if isinstance(s, DeleteStep) and s.operation == "clearUser"
        ]
        if not clears or not any(isinstance(s, SendStep) and s.place == "chat ab" for s in program.steps):
            return None, ()
        return Difference("kept", clears[0], "a", "chat ab", ("m1",), KEPT.expected, KEPT.actual), ()

    monkeypatch.setattr(triage, "played", play)
    return programs


def context(visibility: Visibility) -> ExplorationContext:
    patiences = {f"{name}patience": WaitPolicy() for name in ("", "arrival_", "list_", "notice_")}
    return cast(
        ExplorationContext, SimpleNamespace(session=SimpleNamespace(**patiences), visibility=visibility)
    )


def test_without_a_request_left_nothing_is_said_to_be_deleted(
    visibility: Visibility, played: list[CallSequence]
) -> None:
    with pytest.raises(NotReproducible, match="could not be examined"):
        triaged(context(visibility), LONG, KEPT, tries=9, may_send=lambda _: False)
    assert played == []


def test_what_is_left_goes_to_seeing_it_again_before_it_goes_to_shortening(
    visibility: Visibility, played: list[CallSequence]
) -> None:
    found = triaged(context(visibility), LONG, KEPT, tries=9, may_send=lambda requests: requests <= 15)

    assert found.operation == "clearUser"
    assert played.count(found.program) == 2, "once again, and once more without hurry"
    assert len(played) <= 4


def test_with_requests_enough_it_is_shortened(visibility: Visibility, played: list[CallSequence]) -> None:
    found = triaged(context(visibility), LONG, KEPT, tries=20, may_send=lambda _: True)

    assert found.operation == "clearUser"
    assert len(found.program) == 2 < len(played)


def test_what_does_not_show_again_is_reported_so(visibility: Visibility, played: list[CallSequence]) -> None:
    without = CallSequence(LONG.steps[:3])

    with pytest.raises(NotReproducible, match="did not occur again"):
        triaged(context(visibility), without, KEPT, tries=9, may_send=lambda _: True)
    assert played
