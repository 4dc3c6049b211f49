"""On an app without message roaming every one of the five is refused with the documented row."""

from roamspec.client.messages import Answer
from roamspec.suite import Case, judges
from roamspec.suite.refusals import judge_error_text, judge_error_type, judge_status
from roamspec.suite.silence import grace
from roamspec.world.conversations import Message
from roamspec.world.world import World

# Messages cannot be arranged where roaming is closed; any numbers will do.
PLACEHOLDERS = [Message("1", "", 1659014868000), Message("2", "", 1659014868001)]


@judges("not-open.status", "not-open.error-type", "not-open.error-text", "not-open.notifies-nobody")
def test_roaming_not_open(case: Case) -> None:
    if not case.has("closed-app"):
        return
    row = next(row for row in case.operation.error_rows if row.key == "not-open")
    world = case.world(case.session.app("closed"))
    owner, peer = world.users(2)
    devices = [world.device(user, "d1") for user in (owner, peer)] if case.has("devices") else []

    answer = _call(case, world, owner, peer)

    judge_status(case, "not-open.status", answer, row.status)
    if answer.status == row.status:
        judge_error_type(case, "not-open.error-type", answer, row)
        judge_error_text(case, "not-open.error-text", answer, row)
    if devices and not answer.ok:
        # Nothing that would be told can be caused in this app, so a short time must do.
        grace(case)
        told = [device.user for device in devices if device.deletions]
        case.judge.that(
            "not-open.notifies-nobody",
            not told,
            answer,
            expected="no device told of a refused call",
            actual=f"answered {answer.summary(80)}; told: {', '.join(told) or 'nobody'}",
        )


def _call(case: Case, world: World, owner: str, peer: str) -> Answer:
    conversation = world.conversation(case.subject.kind, owner, peer)
    return case.subject.call(world.app, owner, case.subject.query(owner, conversation, PLACEHOLDERS))
