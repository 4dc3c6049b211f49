"""On an app without message roaming every one of the five is rejected with the documented row."""

from collections.abc import Sequence
from dataclasses import dataclass

from roamspec.api.deletions import Query
from roamspec.api.devices import Device
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.error_assertions import check_error_text, check_error_type, check_status
from roamspec.suite.notification_waits import settle_time
from roamspec.world.conversations import Conversation, Message
from roamspec.world.world import World

# Messages cannot be arranged where roaming is closed; any numbers will do.
PLACEHOLDERS = [Message("1", "", 1659014868000), Message("2", "", 1659014868001)]


@covers("not-open.status", "not-open.error-type", "not-open.error-text", "not-open.notifies-nobody")
@costs(10)
def test_roaming_not_open(case: CheckContext) -> None:
    """With message roaming disabled, a deletion is rejected with the documented row and notifies nobody."""
    if not case.has("closed-app"):
        return
    row = case.operation.error_row("not-open")
    world = case.world(case.session.app("closed"))
    owner, peer = _people(case)
    devices = case.devices(world, owner, peer)

    conversation = world.conversation(case.subject.kind, owner, peer)
    answer = case.subject.call(world.app, owner, _query(case, owner, conversation))

    check_status(case, "not-open.status", answer, row.status)
    if answer.status == row.status:
        check_error_type(case, "not-open.error-type", answer, row)
        check_error_text(case, "not-open.error-text", answer, row)
    if devices and not answer.ok:
        # Nothing that would be notified can be caused in this app, so a short time must do.
        settle_time(case)
        notified = [device.user for device in devices if _is_notified(device, owner, conversation)]
        case.verdicts.check(
            "not-open.notifies-nobody",
            not notified,
            answer,
            expected="no device notified of a rejected call",
            actual=f"answered {answer.summary(80)}; notified: {', '.join(notified) or 'nobody'}",
        )


def _query(case: CheckContext, owner: str, conversation: Conversation) -> Query:
    """However it is written, the call is rejected."""
    variety = case.session.variety
    dice = variety.dice() if variety else None
    named = dice.sample(PLACEHOLDERS, dice.randrange(1, 3)) if dice else PLACEHOLDERS
    notify = dice.choice((None, "true", "false")) if dice else None
    return case.subject.query(owner, conversation, named, notify=notify)


@dataclass
class _UsersOfDisabledApp:
    names: Sequence[str] = ()


def _people(case: CheckContext) -> tuple[str, str]:
    """An owner for this operation alone, and a peer whom all operations meet: registered once for all."""
    with case.session.lock:
        everybody = case.session.shared.get(_UsersOfDisabledApp)
        if not everybody.names:
            lasting = World(case.session, case.session.app("closed"))
            everybody.names = lasting.users(1 + len(case.session.contract.operations))
    peer, *owners = everybody.names
    return owners[list(case.session.contract.operations).index(case.operation.name)], peer


def _is_notified(device: Device, owner: str, conversation: Conversation) -> bool:
    """Whether a device was notified of this operation's call, in whichever words: the owner is nobody
    else's."""
    names = {conversation.id_for(user) for user in conversation.members}
    return any(
        device.user == owner or event.user == owner or event.conversation_id in names
        for event in device.deletions
    )
