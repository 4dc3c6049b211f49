"""A difference is followed up with the requests that are left, and what was not tried is not told as gone."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from roamspec.generative import following
from roamspec.generative.difference import Difference
from roamspec.generative.following import Unsteady, followed
from roamspec.generative.program import Delete, Program, Say
from roamspec.generative.sketch import Visibility
from roamspec.generative.stage import Ground
from roamspec.target.patience import Patience

KEPT = Difference("kept", 3, "a", "chat ab", ("m1",), "a pulls nothing", "a pulls m1")
LONG = Program(
    (
        Say("m1", "chat ab", "a"),
        Say("m2", "group", "b"),
        Delete("deleteGroupMessages", "b", "group", ("m2",)),
        Delete("clearUser", "a"),
    )
)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Program]:
    """The sequences that were played, on a target that never clears anybody."""
    programs: list[Program] = []

    def play(_ground: object, program: Program, **_: Any) -> tuple[Difference | None, tuple[()]]:
        programs.append(program)
        clears = [
            i for i, s in enumerate(program.steps) if isinstance(s, Delete) and s.operation == "clearUser"
        ]
        if not clears or not any(isinstance(s, Say) and s.place == "chat ab" for s in program.steps):
            return None, ()
        return Difference("kept", clears[0], "a", "chat ab", ("m1",), KEPT.expected, KEPT.actual), ()

    monkeypatch.setattr(following, "played", play)
    return programs


def ground(visibility: Visibility) -> Ground:
    patiences = {f"{name}patience": Patience() for name in ("", "arrival_", "list_", "notice_")}
    return cast(Ground, SimpleNamespace(session=SimpleNamespace(**patiences), visibility=visibility))


def test_without_a_request_left_nothing_is_said_to_have_gone(
    visibility: Visibility, played: list[Program]
) -> None:
    with pytest.raises(Unsteady, match="could not be followed up"):
        followed(ground(visibility), LONG, KEPT, tries=9, may_send=lambda _: False)
    assert played == []


def test_what_is_left_goes_to_seeing_it_again_before_it_goes_to_shortening(
    visibility: Visibility, played: list[Program]
) -> None:
    found = followed(ground(visibility), LONG, KEPT, tries=9, may_send=lambda requests: requests <= 15)

    assert found.operation == "clearUser"
    assert played.count(found.program) == 2, "once again, and once more without hurry"
    assert len(played) <= 4


def test_with_requests_enough_it_is_shortened(visibility: Visibility, played: list[Program]) -> None:
    found = followed(ground(visibility), LONG, KEPT, tries=20, may_send=lambda _: True)

    assert found.operation == "clearUser"
    assert len(found.program) == 2 < len(played)


def test_what_does_not_show_again_is_told_so(visibility: Visibility, played: list[Program]) -> None:
    without = Program(LONG.steps[:3])

    with pytest.raises(Unsteady, match="did not come again"):
        followed(ground(visibility), without, KEPT, tries=9, may_send=lambda _: True)
    assert played
