"""At most fifty message IDs in one call."""

from collections.abc import Sequence

from roamspec.api.devices import Device
from roamspec.contract.limits import most_message_ids
from roamspec.contract.operations import ErrorRow
from roamspec.suite import CheckContext, costs, covers, expensive
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.error_assertions import check_error_text, check_error_type, check_status
from roamspec.suite.long_conversation import long_conversation, seen_deleted
from roamspec.suite.notification_content import NOTIFIED_CONTENT, all_notified, check_notified_ids
from roamspec.suite.notification_waits import (
    NOTIFIED_WHEN_ABSENT,
    check_notified,
    send_sentinel_notifications,
    settle_time,
)
from roamspec.suite.scripted_comparison import answers
from roamspec.suite.view_assertions import check_deleted, check_retained, check_types_deleted
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView, Message
from roamspec.world.facts import Place, facts_of

MOST_IDS = most_message_ids()


@covers(
    "limit.fifty-one-refused",
    "limit.fifty-one-error-type",
    "limit.fifty-one-error-text",
    "limit.fifty-one-deletes-nothing",
    "limit.fifty-one-notifies-nobody",
    "limit.far-more-refused",
    "limit.fifty-accepted",
    "limit.fifty-all-gone",
    "limit.counts-per-call",
    "effect.every-type-gone",
    "effect.oldest-message-gone",
    "effect.only-named-messages-gone",
    NOTIFIED_CONTENT,
)
@expensive
@costs(25)
def test_fifty_and_fifty_one(case: CheckContext) -> None:
    """A request with 50 message IDs is accepted and deletes them all; one with 51 is rejected, and has no
    effect."""
    row = case.operation.error_row("too-many-ids")
    fixture = long_conversation(case, case.world())
    devices = case.devices(fixture.world, fixture.owner, fixture.peer)
    notifications_before = [_count_notifications(fixture, device) for device in devices]

    fifty_one = _check_fifty_one_rejected(case, fixture, row)
    far_more = _check_far_more_rejected(case, fixture, row)
    view = _check_nothing_deleted(case, fixture, fifty_one, far_more)
    fifty = [message for message in fixture.messages[: MOST_IDS + 1] if message.id in view.ids][:MOST_IDS]
    if len(fifty) < MOST_IDS:
        case.verdicts.rest_inconclusive(f"the request with 51 IDs deleted messages: {fifty_one.summary()}")
        return
    if devices:
        _check_nobody_notified(case, fixture, devices, notifications_before, fifty_one)
    accepted = _check_fifty_accepted(case, fixture, devices, fifty)
    if accepted.ok:
        _check_fifty_deleted(case, fixture, fifty, view, accepted)
    _check_counted_per_call(case, fixture, fifty, accepted, row)
    case.verdicts.rest_inconclusive(
        f"the requests with 51 and 50 IDs: {fifty_one.summary(80)}, {accepted.summary(80)}"
    )


def _check_fifty_one_rejected(case: CheckContext, fixture: ConversationFixture, row: ErrorRow) -> Response:
    """51 IDs are rejected with the documented error row.

    It is no call as the documentation describes them: nothing that it says of a success is judged of it.
    """
    query = fixture.query(fixture.messages[: MOST_IDS + 1])
    answer = case.subject.call(fixture.world.app, fixture.owner, query)
    check_status(case, "limit.fifty-one-refused", answer, row.status)
    if answer.status == row.status:
        check_error_type(case, "limit.fifty-one-error-type", answer, row)
        check_error_text(case, "limit.fifty-one-error-text", answer, row)
    return answer


def _check_far_more_rejected(case: CheckContext, fixture: ConversationFixture, row: ErrorRow) -> Response:
    """The limit holds for twice as many IDs, and for a call that notifies nobody."""
    query = fixture.query(fixture.messages[: 2 * MOST_IDS], notify="false")
    answer = case.subject.call(fixture.world.app, fixture.owner, query)
    check_status(case, "limit.far-more-refused", answer, row.status)
    return answer


def _check_nothing_deleted(
    case: CheckContext, fixture: ConversationFixture, fifty_one: Response, far_more: Response
) -> HistoryView:
    """A rejected call deletes nothing. Of what the other call names, nothing is attributed to it where that
    one was accepted. Returns what the owner sees now."""
    view = fixture.view()
    for answer, other, named_by_other in (
        (fifty_one, far_more, 2 * MOST_IDS),
        (far_more, fifty_one, MOST_IDS + 1),
    ):
        if not answer.ok:
            left = fixture.messages[named_by_other:] if other.ok else fixture.messages
            check_retained(case, "limit.fifty-one-deletes-nothing", answer, view, left)
    return view


def _check_nobody_notified(
    case: CheckContext,
    fixture: ConversationFixture,
    devices: Sequence[Device],
    notifications_before: Sequence[int],
    answer: Response,
) -> None:
    """A rejected call notifies no device of the conversation."""
    send_sentinel_notifications(case, fixture.world, {device.user: device for device in devices})
    settle_time(case, after_another=True)
    notices = sum(
        _count_notifications(fixture, device) - before
        for device, before in zip(devices, notifications_before, strict=True)
        if not _may_be_notified(case, fixture, device.user)
    )
    case.verdicts.check(
        "limit.fifty-one-notifies-nobody",
        not notices,
        answer,
        expected="no device notified of a rejected call",
        actual=f"answered {answer.summary(80)}; {notices} notifications",
    )


def _check_fifty_accepted(
    case: CheckContext, fixture: ConversationFixture, devices: Sequence[Device], fifty: Sequence[Message]
) -> Response:
    """50 IDs are accepted, and the owner's device is notified of all of them."""
    conversation_id = fixture.conversation.id_for(fixture.owner)
    notified_before = len(devices[0].about(conversation_id)) if devices else 0
    # From the newest on, since most lists are in the order of time.
    answer = fixture.delete(fifty[::-1])
    check_status(case, "limit.fifty-accepted", answer, 200)
    if answer.ok and devices:
        check_notified(
            case, NOTIFIED_WHEN_ABSENT, answer, devices[0], conversation_id, count=notified_before + 1
        )
        events = all_notified(case, devices[0], conversation_id, fifty, notified_before)
        check_notified_ids(case, answer, events, fifty)
        case.verdicts.inconclusive(NOTIFIED_CONTENT, "the notifications have neither message IDs nor a time")
    return answer


def _check_fifty_deleted(
    case: CheckContext,
    fixture: ConversationFixture,
    fifty: Sequence[Message],
    before: HistoryView,
    answer: Response,
) -> None:
    """All 50 messages are deleted, and no other one that was there `before`."""
    view = fixture.view_without(fifty)
    check_deleted(case, "limit.fifty-all-gone", answer, view, fifty)
    check_types_deleted(case, answer, view, fifty)
    if view.has_none(fifty):
        seen_deleted(case, fixture, fifty, answer)
    check_deleted(case, "effect.oldest-message-gone", answer, view, fifty[:1])
    spared = [message for message in fixture.messages if message.id in before.ids and message not in fifty]
    check_retained(case, "effect.only-named-messages-gone", answer, view, spared)


def _check_counted_per_call(
    case: CheckContext,
    fixture: ConversationFixture,
    fifty: Sequence[Message],
    first: Response,
    row: ErrorRow,
) -> None:
    """The limit counts the IDs of one request: a second one with 50 IDs is not rejected for their number.

    One of them was not named before: were a device notified of this call, it would show.
    """
    further = [message for message in fixture.messages if message not in fifty][:1]
    query = fixture.query([*fifty[len(further) :], *further], notify="false")
    again = case.subject.call(fixture.world.app, fixture.owner, query)
    case.verdicts.check(
        "limit.counts-per-call",
        again.status != row.status or again.object.get("error") != row.error,
        first,
        again,
        expected=f"a second request with as many IDs is not rejected with {row.error!r}",
        actual=again.summary(),
        compares=answers(f'.status != {row.status} or .body.error? != "{row.error}"'),
    )


def _count_notifications(fixture: ConversationFixture, device: Device) -> int:
    """How many notifications about the conversation a device of a member has received."""
    return len(device.about(fixture.conversation.id_for(device.user)))


def _may_be_notified(case: CheckContext, fixture: ConversationFixture, user: str) -> bool:
    """Whether another member may be notified of calls of their own: another operation's check may send these
    at the same time, and their notifications may still be on their way."""
    since = 0 if case.session.notice_patience.usual_lag_s else case.began
    place = Place.of(fixture.world.app.key, fixture.conversation)
    return user != fixture.owner and facts_of(case.session).has_called(user, place, since=since)
