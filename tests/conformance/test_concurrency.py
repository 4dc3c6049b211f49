"""Several clients at once in the same view: gone if and only if an acknowledged call deletes it."""

from collections.abc import Sequence

from roamspec.generative.concurrency import CompletedCall, ConcurrentCalls, drawn
from roamspec.generative.metamorphic import chance
from roamspec.generative.model.serial_orderings import MOST_OVERLAPPING
from roamspec.suite import CheckContext, JointCheckContext, covers, generative, profile, serial

ALL_COUNT = "effect.concurrent-calls-all-count"
NOTHING_ELSE = "effect.concurrent-calls-delete-nothing-else"
FEW, MANY = MOST_OVERLAPPING, 16
ROUNDS = 6


@covers(ALL_COUNT, NOTHING_ELSE)
@generative
@profile("deep")
@serial
def test_one_operation_and_messages_at_once(case: CheckContext) -> None:
    """Few calls, whose orders are searched, and many, for which the invariants alone are judged."""
    for number in range(ROUNDS):
        overlap = ConcurrentCalls(case, {case.operation.name: case.subject})
        actions = drawn(chance(case, number), [case.subject], FEW if number % 2 else MANY)
        history = overlap.perform(actions)
        seen = overlap.seen_when(history)
        if not _check(case, overlap, history, seen):
            return


def _check(
    case: CheckContext, overlap: ConcurrentCalls, history: Sequence[CompletedCall], seen: frozenset[str]
) -> bool:
    answers = [done.answer for done in history if done.answer]
    kept = frozenset[str]().union(*(overlap.deleted_by(done) for done in history)) & seen
    lost = overlap.must_stay(history) - seen
    explained = overlap.explained(history, seen)
    nothing_else = case.verdicts.check(
        NOTHING_ELSE,
        not lost,
        *answers,
        expected="no message deleted that no call identifies",
        actual=f"lost: {overlap.labels(lost)}; history: {overlap.describe(history)}",
    )
    # What is lost has no order either that explains it, and is not another finding.
    all_count = case.verdicts.check(
        ALL_COUNT,
        not kept and (explained is not False or bool(lost)),
        *answers,
        expected="what acknowledged calls delete is gone, and some order of them explains what is left",
        actual=f"still there: {overlap.labels(kept)}; "
        f"{'no order explains it; ' if explained is False else ''}history: {overlap.describe(history)}",
    )
    return nothing_else and all_count


@covers(ALL_COUNT)
@generative
@profile("deep")
def test_several_operations_at_once(cases: JointCheckContext) -> None:
    """A message that is kept although acknowledged calls of one operation alone delete it is that
    operation's fault; any other difference is notified, and nobody's."""
    for by_id, by_time in (
        ("deleteChatMessages", "clearChatBefore"),
        ("deleteGroupMessages", "clearGroupBefore"),
    ):
        subjects = {name: cases.of[name].subject for name in (by_id, by_time)}
        for number in range(ROUNDS // 2):
            overlap = ConcurrentCalls(cases.of[by_id], subjects)
            draw = chance(cases.of[by_time], number)
            history = overlap.perform(drawn(draw, list(subjects.values()), MOST_OVERLAPPING))
            seen = overlap.seen_when(history)
            _check_jointly(cases, overlap, history, seen)


def _check_jointly(
    cases: JointCheckContext, overlap: ConcurrentCalls, history: Sequence[CompletedCall], seen: frozenset[str]
) -> None:
    described = overlap.describe(history)
    by_operation = {
        name: frozenset[str]().union(*(overlap.deleted_by(d) for d in history if d.action.operation == name))
        for name in {done.action.operation for done in history if done.action.operation}
    }
    unclear = overlap.must_stay(history) - seen
    for name, deleted in by_operation.items():
        others = frozenset[str]().union(*(g for other, g in by_operation.items() if other != name))
        kept = (deleted - others) & seen
        unclear |= deleted & others & seen
        cases.of[name].verdicts.check(
            ALL_COUNT,
            not kept,
            *(done.answer for done in history if done.action.operation == name and done.answer),
            expected="what acknowledged calls delete is gone",
            actual=f"still there: {overlap.labels(kept)}; history: {described}",
        )
    if unclear or overlap.explained(history, seen) is False:
        cases.session.notes.append(
            f"Calls of several operations at once left a view that none of them alone explains: "
            f"{overlap.labels(unclear)}; history: {described}."
        )
