"""The shortest sequence, and the operation without which a difference disappears."""

from collections.abc import Callable

import pytest

from roamspec.generative.attribution import attributed_operation
from roamspec.generative.call_sequence import UNKNOWN, CallSequence, DeleteStep, SendStep
from roamspec.generative.difference import Difference
from roamspec.generative.planned_state import Visibility, is_feasible
from roamspec.generative.shrinking import Shrinking

SAYS = tuple(SendStep(f"m{i}", "chat ab" if i % 2 else "group", "a", i * 10) for i in range(1, 7))
BY_ID = DeleteStep("deleteChatMessages", "a", "chat ab", ("m1", "m3"), notify="false")
BY_TIME = DeleteStep("clearChatBefore", "b", "chat ab", around="m5")
ALL = DeleteStep("clearUser", "c")
LONG = CallSequence((*SAYS, ALL, BY_ID, BY_TIME), watched=True)


class Target:
    """Shows a difference whenever `broken` says so of the steps so far."""

    def __init__(self, broken: Callable[[CallSequence], bool]) -> None:
        self.played: list[CallSequence] = []
        self._broken = broken

    def __call__(self, program: CallSequence) -> Difference | None:
        self.played.append(program)
        for count in range(1, len(program) + 1):
            if self._broken(program.first(count)):
                return Difference("lost", count - 1, "b", "chat ab", ("m1",), "this", "that")
        return None


def shrinking(target: Target, visibility: Visibility, *, tries: int = 60) -> Shrinking:
    return Shrinking(target, lambda program: is_feasible(program, visibility), tries)


def names(program: CallSequence, label: str) -> bool:
    return any(label in step.picks for step in program.deletions)


def found_in(target: Target) -> Difference:
    found = target(LONG)
    assert found is not None
    return found


def test_only_what_the_difference_needs_is_left(visibility: Visibility) -> None:
    target = Target(lambda program: names(program, "m3"))

    shortest, difference = shrinking(target, visibility).shrink(LONG, found_in(target))

    assert shortest == CallSequence((SAYS[2], DeleteStep("deleteChatMessages", "a", "chat ab", ("m3",))))
    assert difference.step == 1
    assert len(target.played) == len(set(target.played)), "no sequence is played twice"


def test_a_difference_that_needs_two_calls_keeps_both(visibility: Visibility) -> None:
    def broken(program: CallSequence) -> bool:
        return {"deleteChatMessages", "clearUser"} <= set(program.operations)

    target = Target(broken)

    shortest, _ = shrinking(target, visibility).shrink(LONG, found_in(target))

    assert set(shortest.operations) == {"deleteChatMessages", "clearUser"}
    assert len(shortest) == 3


def test_it_ends_when_its_tries_are_used_up(visibility: Visibility) -> None:
    target = Target(lambda program: names(program, "m3"))
    difference = found_in(target)

    shortest, _ = shrinking(target, visibility, tries=2).shrink(LONG, difference)

    assert len(target.played) == 3
    assert names(shortest, "m3")


def test_another_kind_of_difference_is_not_taken_for_the_same(visibility: Visibility) -> None:
    def play(program: CallSequence) -> Difference | None:
        if names(program, "m1"):
            return Difference("lost", len(program) - 1, "b", "chat ab", ("m1",), "this", "that")
        return Difference("kept", len(program) - 1, "b", "chat ab", ("m1",), "this", "that")

    difference = Difference("lost", 8, "b", "chat ab", ("m1",), "this", "that")
    shrink = Shrinking(play, lambda program: is_feasible(program, visibility), 60)

    shortest, shown = shrink.shrink(LONG, difference)

    assert shown.kind == "lost"
    assert names(shortest, "m1")


@pytest.mark.parametrize(
    ("broken", "operation"),
    [
        (lambda program: "clearUser" in program.operations, "clearUser"),
        (lambda program: {"clearUser", "clearChatBefore"} <= set(program.operations), ""),
        (lambda program: {"clearUser", "clearChatBefore"} & set(program.operations), ""),
        (lambda program: any(isinstance(step, SendStep) for step in program.steps), ""),
    ],
    ids=["of one", "of two together", "of either", "of none"],
)
def test_a_difference_is_attributed_to_the_operation_without_which_it_disappears(
    broken: Callable[[CallSequence], bool], operation: str
) -> None:
    seen_late = Difference("lost", len(LONG) - 1, "b", "chat ab", ("m1",), "this", "that")

    assert attributed_operation(LONG, lambda program: not broken(program), seen_late) == operation


def test_where_two_are_needed_it_belongs_to_the_call_that_showed_it() -> None:
    at_once = Difference("lost", 7, "b", "chat ab", ("m1",), "this", "that", since=6)

    found = attributed_operation(
        LONG, lambda program: not {"clearUser", "deleteChatMessages"} <= set(program.operations), at_once
    )

    assert found == "deleteChatMessages"


def test_what_is_back_belongs_to_the_operation_that_deleted_it() -> None:
    program = CallSequence((*SAYS, ALL, BY_ID, SendStep("m7", "chat ab", "b")))
    back = Difference("back", 8, "a", "chat ab", ("m1",), "this", "that", since=7)

    found = attributed_operation(
        program, lambda each: not {"clearUser", "deleteChatMessages"} <= set(each.operations), back
    )

    assert found == "deleteChatMessages"


def test_the_call_that_is_likely_at_fault_is_tried_first(visibility: Visibility) -> None:
    """Seen at the end only, after calls that have nothing to do with it."""
    later = tuple(SendStep(f"m{i}", "group", "a", i * 10) for i in range(7, 12))
    long = CallSequence((*SAYS, BY_ID, *later, ALL))
    target = Target(lambda program: names(program, "m3"))
    at_the_end = Difference("lost", len(long) - 1, "a", "chat ab", ("m3",), "this", "that")

    found = shrinking(target, visibility).again(long, at_the_end)

    assert found is not None
    assert found[0].operations == ("deleteChatMessages",)
    assert len(target.played) == 1


def test_an_id_that_no_message_has_goes_first_wherever_it_stands(visibility: Visibility) -> None:
    call = DeleteStep("deleteChatMessages", "a", "chat ab", (UNKNOWN, "m1"))
    target = Target(lambda program: names(program, "m1"))
    difference = Difference("lost", 6, "a", "chat ab", ("m1",), "this", "that")

    shortest, _ = shrinking(target, visibility).shrink(CallSequence((*SAYS, call)), difference)

    assert shortest.deletions[0].picks == ("m1",)


def test_what_cannot_be_tried_any_more_does_not_disappear(visibility: Visibility) -> None:
    shrink = shrinking(Target(lambda _: False), visibility, tries=0)

    assert not shrink.disappears(LONG, "lost")
    assert shrink.disappears(CallSequence(), "lost")


def test_what_names_a_message_that_is_not_said_names_it_no_more() -> None:
    left = LONG.without(frozenset({0, 4}))

    assert [step for step in left.steps if isinstance(step, DeleteStep)] == [
        ALL,
        DeleteStep("deleteChatMessages", "a", "chat ab", ("m3",), notify="false"),
    ]
