"""At most fifty message IDs in one call."""

from roamspec.api.devices import Device
from roamspec.contract.limits import most_message_ids
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
from roamspec.suite.scripted_comparison import answers, answers_status
from roamspec.suite.view_assertions import check_deleted, check_retained, check_types_deleted
from roamspec.world.facts import Place, facts_of


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
    verdicts, world = case.verdicts, case.world()
    row = next(row for row in case.operation.error_rows if row.key == "too-many-ids")
    limit = most_message_ids()
    scene = long_conversation(case, world)
    fifty_one = scene.messages[: limit + 1]
    devices = case.devices(world, scene.owner, scene.peer)
    heard_before = [_heard(scene, device) for device in devices]

    # No calls as the documentation describes them: what it says of a success is not judged of these.
    refused = case.subject.call(world.app, scene.owner, scene.query(fifty_one))

    check_status(case, "limit.fifty-one-refused", refused, row.status)
    if refused.status == row.status:
        check_error_type(case, "limit.fifty-one-error-type", refused, row)
        check_error_text(case, "limit.fifty-one-error-text", refused, row)
    # The limit holds for a quiet call too.
    many = case.subject.call(world.app, scene.owner, scene.query(scene.messages[: 2 * limit], notify="false"))
    check_status(case, "limit.far-more-refused", many, row.status)

    now = scene.view()
    for answer, more in ((refused, many), (many, refused)):
        if not answer.ok:
            # What the other one took, if it was served, is not this one's doing.
            left = (
                scene.messages[limit + 1 if more is refused else 2 * limit :] if more.ok else scene.messages
            )
            check_retained(case, "limit.fifty-one-deletes-nothing", answer, now, left)
    present = now.ids
    fifty = [message for message in fifty_one if message.id in present][:limit]
    if len(fifty) < limit:
        verdicts.rest_inconclusive(f"the request with 51 IDs deleted messages: {refused.summary()}")
        return
    if devices:
        send_sentinel_notifications(case, world, {device.user: device for device in devices})
        settle_time(case, after_another=True)
        notices = sum(
            _heard(scene, device) - before
            for device, before in zip(devices, heard_before, strict=True)
            if not _is_notified_of_own_calls(case, scene, device.user)
        )
        verdicts.check(
            "limit.fifty-one-notifies-nobody",
            not notices,
            refused,
            expected="no device notified of a rejected call",
            actual=f"answered {refused.summary(80)}; {notices} notifications",
        )
    mine = scene.conversation.id_for(scene.owner)
    told_before = len(devices[0].about(mine)) if devices else 0
    # From the newest on, since most lists are in the order of time.
    accepted = scene.delete(fifty[::-1])

    verdicts.check(
        "limit.fifty-accepted",
        accepted.ok,
        accepted,
        expected="status 200",
        actual=accepted.summary(),
        compares=answers_status(200),
    )
    if accepted.ok:
        if devices:
            # However many messages go, the owner's device is notified, and of all of them.
            check_notified(case, NOTIFIED_WHEN_ABSENT, accepted, devices[0], mine, count=told_before + 1)
            check_notified_ids(
                case, accepted, all_notified(case, devices[0], mine, fifty, told_before), fifty
            )
            verdicts.inconclusive(NOTIFIED_CONTENT, "the notifications have neither message IDs nor a time")
        view = scene.view_without(fifty)
        check_deleted(case, "limit.fifty-all-gone", accepted, view, fifty)
        check_types_deleted(case, accepted, view, fifty)
        if view.has_none(fifty):
            seen_deleted(case, scene, fifty, accepted)
        check_deleted(case, "effect.oldest-message-gone", accepted, view, fifty[:1])
        spared = [message for message in scene.messages if message.id in present and message not in fifty]
        check_retained(case, "effect.only-named-messages-gone", accepted, view, spared)
    again = case.subject.call(world.app, scene.owner, scene.query(fifty, notify="false"))
    verdicts.check(
        "limit.counts-per-call",
        again.status != row.status or again.object.get("error") != row.error,
        accepted,
        again,
        expected=f"a second request with as many IDs is not rejected with {row.error!r}",
        actual=again.summary(),
        compares=answers(f'.status != {row.status} or .body.error? != "{row.error}"'),
    )
    verdicts.rest_inconclusive(
        f"the requests with 51 and 50 IDs: {refused.summary(80)}, {accepted.summary(80)}"
    )


def _heard(scene: ConversationFixture, device: Device) -> int:
    """How many notifications about the conversation a device of a member has received."""
    return len(device.about(scene.conversation.id_for(device.user)))


def _is_notified_of_own_calls(case: CheckContext, scene: ConversationFixture, user: str) -> bool:
    """Whether another member may be notified rightly: as the owner of another operation's calls, which may go
    on at the same time, or whose notifications may still be on their way."""
    since = 0 if case.session.notice_patience.usual_lag_s else case.began
    place = Place.of(scene.world.app.key, scene.conversation)
    return user != scene.owner and facts_of(case.session).has_called(user, place, since=since)
