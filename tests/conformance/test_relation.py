"""Two ways to say the same leave the same behind: repeated, split, reordered, written otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from roamspec.generative.metamorphic import (
    MOST_REQUESTS,
    ROUNDS,
    UP_TO,
    Left,
    Twin,
    Twins,
    chance,
    check_same,
    encoded,
    in_turn,
    refuted_up_to,
)
from roamspec.suite import CheckContext, JointCheckContext, costs, covers, generative, profile
from roamspec.suite.error_assertions import check_no_server_error
from roamspec.suite.exploration_limits import LEFT_TO_DRAWN_CALLS
from roamspec.suite.recorder import Evidence
from roamspec.transport.http_messages import Response

COUNT = 7
"""Messages of a twin. The earliest is named twice, the latest never: what deletes too much is seen by it."""


@covers(
    "effect.same-call-twice-harmless",
    "effect.same-call-twice-no-server-error",
    "one-way.uninvolved-users-keep-messages",
    "effect.two-calls-add-up",
    "request.parameters-in-any-order",
    "request.encoded-commas-separate",
)
@generative
@profile("standard")
@costs(225)
def test_ways_that_mean_the_same(cases: JointCheckContext) -> None:
    """Each operation in turn, beginning with another one for each seed, while the run has requests to spare:
    other checks judge the same from examples, and a few sequences come after it."""
    left_out: dict[str, None] = {}
    for case in in_turn(cases):
        for number in range(ROUNDS[case.limits.profile]):
            if case.session.client.allowance.can_spare(MOST_REQUESTS + LEFT_TO_DRAWN_CALLS):
                _compare_ways(case, number)
            else:
                left_out[case.operation.name] = None
    if left_out:
        cases.session.notes.append(
            f"The relations between calls were not compared for {', '.join(left_out)}: the run had no "
            "requests left for them; select less with --req, or run the profile deep."
        )


def _compare_ways(case: CheckContext, number: int) -> None:
    twins = Twins.arrange(case, COUNT if case.subject.conversation_parameter else 1)
    _twice_is_once(case, twins)
    if case.subject.conversation_parameter:
        _one_call_or_several(case, twins, number)
    aside = twins.left_aside()
    kept = aside.places == {0}
    case.verdicts.check(
        "one-way.uninvolved-users-keep-messages",
        kept,
        aside.view,
        expected="the message between two users without any call is retained",
        actual="it is retained" if kept else "it is deleted",
    )


def _one_call_or_several(case: CheckContext, twins: Twins, number: int) -> None:
    """Two of the messages in one call or in two; of the rest, one with the parameters turned round, the
    others with other characters on the wire."""
    draw = chance(case, number)
    subject = case.subject
    if subject.by_id:
        named = draw.sample(range(1, COUNT - 1), 2)
        turned, *written = (i for i in range(1, COUNT - 1) if i not in named)
    else:
        # A time names all before it: the order in which two boundaries are cleared up to does not matter.
        named = [1, 2]
        turned, *written = range(3, COUNT - 1)
    steps = [[i] for i in named]
    draw.shuffle(steps)
    at_once = [twins.delete(subject, twins.one, named)]
    in_parts = [twins.delete(subject, twins.other, step) for step in steps]
    _compare(case, "effect.two-calls-add-up", twins, [*at_once, *in_parts], named, ("one call", "several"))

    query = twins.query(subject, twins.other, [turned])
    draw.shuffle(query)
    answers = [twins.delete(subject, twins.one, [turned]), twins.call(subject, query)]
    name = "request.parameters-in-any-order"
    _compare(case, name, twins, answers, [turned], ("one order of parameters", "another"))

    query = list(encoded(twins.query(subject, twins.other, written), draw.randint(2, 4)))
    answers = [twins.delete(subject, twins.one, written), twins.call(subject, query)]
    name = "request.encoded-commas-separate"
    _compare(case, name, twins, answers, written, ("plain characters", "percent-encoded ones"))


def _compare(
    case: CheckContext,
    name: str,
    twins: Twins,
    answers: Sequence[Response],
    named: Sequence[int],
    ways: tuple[str, str],
) -> None:
    one, other = twins.left(twins.one, named), twins.left(twins.other, named)
    check_same(case, name, answers, one, other, ways)


def _twice_is_once(case: CheckContext, twins: Twins) -> None:
    """One twin is notified twice what the other is notified once; clearing, which names neither, is done
    again."""
    subject, named = case.subject, [0]
    answers = [twins.delete(subject, twins.one, named)]
    if subject.conversation_parameter:
        answers.append(twins.delete(subject, twins.other, named))
        once = twins.left(twins.other, named)
    else:
        once = twins.left(twins.one, named)
    twice = twins.delete(subject, twins.one, named)
    left = twins.left(twins.one, named)
    check_no_server_error(case, "effect.same-call-twice-no-server-error", twice)
    case.verdicts.check(
        "effect.same-call-twice-harmless",
        once.places == left.places,
        *answers,
        twice,
        once.view,
        left.view,
        expected="the same call again changes nothing",
        actual=f"answered {twice.summary(80)}; "
        + ("nothing changed" if once.places == left.places else "the owner pulls something else now"),
    )


@covers(*UP_TO[True], *UP_TO[False])
@generative
@profile("standard")
@costs(50)
def test_ids_up_to_a_message_and_its_time(cases: JointCheckContext) -> None:
    """Deleting by ID everything up to a message, and clearing up to its time, leave the same.

    Each of the two operations has a conversation of its own; where they differ, the one that did not do
    what it was notified is at fault.
    """
    for by_id, by_time in (
        ("deleteChatMessages", "clearChatBefore"),
        ("deleteGroupMessages", "clearGroupBefore"),
    ):
        one, other = cases.of[by_id], cases.of[by_time]
        last = chance(one, 0).randrange(1, 3)
        named = range(last + 1)
        twins = Twins.arrange(one, 4)
        deleted = twins.delete(one.subject, twins.one, named)
        left_one = twins.left(twins.one, named)
        # Both are the owner's: what the first call took of the other one is not the second call's doing.
        there = twins.left(twins.other, ()).places
        cleared = twins.delete(other.subject, twins.other, [last])
        left_other = twins.left(twins.other, named)
        told = frozenset(range(4)) - frozenset(named)
        for case, twin, answer, left, due in (
            (one, twins.one, deleted, left_one, told),
            (other, twins.other, cleared, left_other, told & there),
        ):
            _check_up_to(
                case,
                Tried(twin, last, due, left, agree=left_one.places == left_other.places),
                answer,
                evidence=(deleted, left_one.view, cleared, left_other.view),
                expected=f"{by_id} of messages 1 to {last + 1} and {by_time} up to message {last + 1} agree",
                actual=f"left are {_numbers(left_one.places)} and {_numbers(left_other.places)}",
            )


@dataclass(frozen=True, slots=True)
class Tried:
    """One of two deletions of everything up to the message at `last`: what was `due` to be left, and what is;
    whether both leave the same."""

    twin: Twin
    last: int
    due: frozenset[int]
    left: Left
    agree: bool


def _check_up_to(
    case: CheckContext,
    tried: Tried,
    answer: Response,
    *,
    evidence: Sequence[Evidence],
    expected: str,
    actual: str,
) -> None:
    """Fail the requirements whose sentences are broken; where nothing differs, pass all that could be."""
    by_id, left, due = case.subject.by_id, tried.left.places, tried.due
    if tried.agree or left == due:
        passing = [name for name in UP_TO[by_id] if by_id or name in _SEEN_BY_TIME]
        for name in passing:
            case.verdicts.check(name, True, *evidence, expected=expected, actual=actual)
        return
    if not answer.ok:
        name = "success.status-200"
        case.verdicts.check(name, False, *evidence, expected="status 200", actual=answer.summary())
        return
    for name in refuted_up_to(by_id, tried.twin, tried.last, left - due, due - left):
        case.verdicts.check(name, False, *evidence, expected=expected, actual=actual)


_SEEN_BY_TIME = ("time.at-del-time-gone", "effect.messages-gone", "time.later-messages-stay")
"""What every try by time shows, however far its messages are apart."""


def _numbers(indices: frozenset[int]) -> str:
    return ", ".join(str(i + 1) for i in sorted(indices)) or "none"
