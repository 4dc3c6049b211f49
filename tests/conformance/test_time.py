"""`delTime`, in milliseconds: messages at or before it are deleted, later ones are retained."""

from collections.abc import Callable
from dataclasses import dataclass

from roamspec.api.devices import Device
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import ConversationFixture, seed_conversation, send_deletion
from roamspec.suite.error_assertions import check_no_server_error, check_status
from roamspec.suite.notification_waits import await_notification, settle_time
from roamspec.suite.scripted_comparison import answers_status, no_server_error_seen
from roamspec.suite.view_assertions import check_deleted, check_retained, check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import Conversation, HistoryView, Message, MessageDraft
from roamspec.world.world import World

LONG_PAST_MS = 1659014868000
"""The delTime of the documentation's example, in July 2022."""
FEW_DIGITS_MS = 9_999_999_999
"""In April 1970; read as text or as seconds it would lie after everything."""
TO_COME_MS = 4_102_444_800_000
"""The year 2100."""
MIDDLE_MS = 503
"""Where in its second the boundary lies: no multiple of ten, so that no coarser unit goes unnoticed."""

BOUNDARY = (
    "time.at-del-time-gone",
    "time.one-second-later-stays",
    "time.one-second-earlier-gone",
    "time.later-messages-stay",
    "time.before-everything-deletes-nothing",
    "time.before-everything-accepted",
    "time.after-everything-deletes-all",
    "time.to-come-no-server-error",
    "time.to-come-rejected-deletes-nothing",
    "time.between-two-messages",
    "time.seconds-are-not-taken-for-milliseconds",
    "time.seconds-no-server-error",
    "time.zero-deletes-nothing",
    "time.zero-no-server-error",
    "time.old-time-accepted",
    "effect.stays-deleted",
)
FREE_TIME = (
    "time.one-millisecond-later-stays",
    "time.one-millisecond-earlier-gone",
    "time.same-millisecond-all-gone",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A conversation whose messages lie around a boundary, oldest first."""

    world: World
    owner: str
    conversation: Conversation
    a_second_before: Message
    just_before: Message | None
    at: list[Message]
    just_after: Message | None
    a_second_after: Message
    last: Message

    @property
    def messages(self) -> list[Message]:
        all_of_them = [self.a_second_before, self.just_before, *self.at, self.just_after]
        return [m for m in (*all_of_them, self.a_second_after, self.last) if m is not None]

    def view(self) -> HistoryView:
        return self.world.view(self.owner, self.conversation)


@dataclass(frozen=True, slots=True)
class Early:
    """A time before every message: the requirements about what it deletes and about its response.

    Where one like it is documented it has to be accepted; else it may be rejected with a 4xx.
    """

    deletes_nothing: str
    answered: str
    time_of: Callable[[Line], int]

    @property
    def documented(self) -> bool:
        return self.answered.endswith("-accepted")


EARLY = (
    Early("time.zero-deletes-nothing", "time.zero-no-server-error", lambda _: 0),
    Early(
        "time.seconds-are-not-taken-for-milliseconds",
        "time.seconds-no-server-error",
        lambda line: line.last.time_ms // 1000,
    ),
    Early("time.before-everything-deletes-nothing", "time.old-time-accepted", lambda _: LONG_PAST_MS),
    Early(
        "time.before-everything-deletes-nothing",
        "time.before-everything-accepted",
        lambda line: line.a_second_before.time_ms - 1,
    ),
    Early("time.before-everything-deletes-nothing", "time.seconds-no-server-error", lambda _: FEW_DIGITS_MS),
)


@covers(*BOUNDARY, *FREE_TIME)
@costs(35)
def test_around_a_boundary(case: CheckContext) -> None:
    """Messages with a time at or before `delTime` are deleted; later ones are retained."""
    world = case.world()
    (owner,), others = world.users(1), world.shared_users(2)
    conversation = world.conversation(case.subject.kind, owner, *others)
    free = case.capabilities.message_sources.get(conversation.kind) == "import"
    make_line = _dated_line if free else _live_line
    line, seen = _check_nothing_deleted(case, lambda: make_line(world, owner, conversation))

    _check_boundary(case, line, seen)
    _check_between_two(case, line)
    view = _check_after_everything(case, line)
    if view.has_none(line.messages):
        _check_stays_deleted(case, line)


def _check_boundary(case: CheckContext, line: Line, seen: HistoryView | None) -> None:
    """`delTime` is the time of a message; what is retained is as it was `seen` before."""
    world, owner, conversation = line.world, line.owner, line.conversation
    answer = _clear(case, line, line.at[0].time_ms)
    view = world.view_without(owner, conversation, [line.a_second_before, *line.at])
    check_deleted(case, "time.at-del-time-gone", answer, view, line.at[:1])
    check_deleted(case, "time.one-second-earlier-gone", answer, view, [line.a_second_before])
    check_retained(case, "time.one-second-later-stays", answer, view, [line.a_second_after])
    later = [line.a_second_after, line.last]
    check_retained(case, "time.later-messages-stay", answer, view, later, before=seen)
    if line.just_before and line.just_after:
        check_deleted(case, "time.one-millisecond-earlier-gone", answer, view, [line.just_before])
        check_retained(case, "time.one-millisecond-later-stays", answer, view, [line.just_after])
    if len(line.at) > 1:
        check_deleted(case, "time.same-millisecond-all-gone", answer, view, line.at)
    else:
        reason = "two messages of one conversation cannot be imported with the same time"
        case.verdicts.inconclusive("time.same-millisecond-all-gone", reason)


def _check_between_two(case: CheckContext, line: Line) -> None:
    """`delTime` is between the times of two messages."""
    middle = (line.a_second_after.time_ms + line.last.time_ms) // 2
    answer = _clear(case, line, middle)
    view = line.world.view_without(line.owner, line.conversation, [line.a_second_after])
    check_deleted(case, "time.between-two-messages", answer, view, [line.a_second_after])
    check_retained(case, "time.between-two-messages", answer, view, [line.last])


def _check_stays_deleted(case: CheckContext, line: Line) -> None:
    """A later call with an earlier `delTime` restores nothing."""
    answer = _clear(case, line, line.at[0].time_ms)
    again = line.world.view_without(line.owner, line.conversation, line.messages)
    case.verdicts.check(
        "effect.stays-deleted",
        again.has_none(line.messages),
        answer,
        again,
        expected="no deleted message is restored by a call with an earlier delTime",
        actual=f"answered {answer.summary(80)}; {len(again.messages)} messages in the history",
    )


def _check_after_everything(case: CheckContext, line: Line) -> HistoryView:
    """Up to a time to come, or where that is rejected, because whether it is served is not said, up to
    now."""
    name = "time.after-everything-deletes-all"
    answer = _clear(case, line, TO_COME_MS)
    check_no_server_error(case, "time.to-come-no-server-error", answer)
    if answer.ok:
        # What is not rejected deletes nothing by being rejected.
        case.verdicts.check("time.to-come-rejected-deletes-nothing", True, answer, expected="", actual="")
    else:
        check_retained(case, "time.to-come-rejected-deletes-nothing", answer, line.view(), [line.last])
        past = line.last.time_ms + 500
        case.session.sleep(max(0, past + 150 - case.session.service_now_ms()) / 1000)
        answer = _clear(case, line, past)
    view = line.world.view_without(line.owner, line.conversation, line.messages)
    check_deleted(case, name, answer, view, line.messages)
    return view


def _check_nothing_deleted(case: CheckContext, made: Callable[[], Line]) -> tuple[Line, HistoryView | None]:
    """Times that lie before every message, in a row; only when other messages are deleted then each on a line
    of its own. Gives a line that is whole, and what was seen of it."""
    line = made()
    answers = [(early, _clear(case, line, early.time_of(line))) for early in EARLY]
    for early, answer in answers:
        case.verdicts.check(
            early.answered,
            answer.ok or (not early.documented and not answer.incomplete),
            answer,
            expected="status 200" if early.documented else "status 200, or a 4xx status",
            actual=answer.summary(),
            compares=answers_status(200) if early.documented else no_server_error_seen(),
        )
    view = line.view()
    if view.has_all(line.messages):
        for early, answer in answers:
            check_retained(case, early.deletes_nothing, answer, view, line.messages)
        return line, view
    for early in EARLY:
        line = made()
        # What an earlier line left in the conversation may be what goes now.
        before = line.view()
        answer = _clear(case, line, early.time_of(line))
        check_unchanged(case, early.deletes_nothing, answer, before, line.view())
    return made(), None


@covers(
    "request.chatroom-id-accepted",
    "time.room-at-del-time-gone",
    "time.room-later-messages-stay",
    "one-way.room-members-keep-messages",
    "effect.other-conversations-stay",
    "notify.false-tells-nobody",
    "notify.false-tells-nobody-else",
    "notify.true-tells-the-owner",
    "notify.true-tells-nobody-else",
)
@costs(30)
def test_a_chatroom(case: CheckContext) -> None:
    """`groupId` also accepts the ID of a chatroom: its messages up to `delTime` are deleted, for the owner
    alone."""
    world = case.world()
    (owner,), others = world.users(1), world.shared_users(2)
    room = world.room(others[0], owner, others[1])
    devices = case.devices(world, owner, others[0])
    messages = world.seed(room, [MessageDraft(user) for user in (others[0], owner, others[1], owner)])
    group, in_group = seed_conversation(world, "group", owner, others, 1)
    fixture = ConversationFixture(world, case.subject, owner, tuple(others), room, tuple(messages))
    before = {user: world.view(user, room) for user in others}
    named, kept = messages[:2], messages[2:]

    until = fixture.moment_after(named[:1])
    answer = first = fixture.delete(named[:1], notify="false")

    check_status(case, "request.chatroom-id-accepted", answer, 200)
    view = fixture.view_without(named[:1])
    check_deleted(case, "request.chatroom-id-accepted", answer, view, named[:1])
    at_boundary = case.subject.query(owner, room, named, notify="true")
    answer = send_deletion(world, case.subject, owner, at_boundary)
    unclear = bool(devices) and not _check_room_notices(case, room, devices, until, first, answer)
    view = fixture.view_without(named)
    check_deleted(case, "time.room-at-del-time-gone", answer, view, named[-1:])
    check_retained(case, "time.room-later-messages-stay", answer, view, kept)
    check_retained(case, "effect.other-conversations-stay", answer, world.view(owner, group), in_group)
    for user, seen in before.items():
        visible = [message for message in messages if message.id in seen.ids]
        name = "one-way.room-members-keep-messages"
        check_retained(case, name, answer, world.view(user, room), visible)
    if unclear:
        elsewhere = ConversationFixture(world, case.subject, owner, tuple(others), group, tuple(in_group))
        _check_silent_call_alone(case, fixture.narrowed_to(*kept), elsewhere, devices[0])


def _check_room_notices(
    case: CheckContext,
    room: Conversation,
    devices: list[Device],
    until_ms: int,
    first: Response,
    second: Response,
) -> bool:
    """Of two calls one after the other, the first up to `until_ms`, only the second is notified, and to the
    owner alone; whether it is clear of which of them the owner is notified."""
    own, others = devices
    notified = await_notification(case, own, room.group_id)
    settle_time(case)
    case.verdicts.check(
        "notify.true-tells-the-owner",
        notified,
        second,
        expected="the owner's online device is notified of the chatroom",
        actual=f"answered {second.summary(80)}; {'notified' if notified else 'not notified'}",
    )
    times = [event.del_time for event in own.about(room.group_id)]
    # A device may be notified of one call several times.
    is_clear = until_ms in times or times.count(None) < 2
    if is_clear:
        case.verdicts.check(
            "notify.false-tells-nobody",
            until_ms not in times,
            first,
            expected="no device of the owner is notified",
            actual=f"{len(times)} notifications about the chatroom, for which one call asked",
        )
    # A notification that names no time may be of either call: then it is the one that asked for a
    # notification.
    of_first = [event for event in others.about(room.group_id) if event.del_time == until_ms]
    of_second = [event for event in others.about(room.group_id) if event.del_time != until_ms]
    for name, answer, about in (
        ("notify.false-tells-nobody-else", first, of_first),
        ("notify.true-tells-nobody-else", second, of_second),
    ):
        case.verdicts.check(
            name,
            not about,
            answer,
            expected="no device of another user is notified",
            actual=f"a device of {others.user} was notified" if about else "none was notified",
        )
    return is_clear


def _check_silent_call_alone(
    case: CheckContext, fixture: ConversationFixture, elsewhere: ConversationFixture, device: Device
) -> None:
    """A call without notification once more, then one elsewhere with it: nothing new about the chatroom."""
    room = fixture.conversation.group_id
    before = len(device.about(room))
    silent = fixture.delete(fixture.messages[:1], notify="false")
    if elsewhere.delete(elsewhere.messages, notify="true").ok:
        await_notification(case, device, elsewhere.conversation.group_id)
    settle_time(case)
    new = len(device.about(room)) - before
    case.verdicts.check(
        "notify.false-tells-nobody",
        not new,
        silent,
        expected="no device of the owner is notified",
        actual=f"answered {silent.summary(80)}; {new} notifications about the chatroom",
    )


def _clear(case: CheckContext, line: Line, time_ms: int) -> Response:
    query = [
        (case.subject.conversation_parameter, line.conversation.id_for(line.owner)),
        ("delTime", str(time_ms)),
    ]
    return send_deletion(line.world, case.subject, line.owner, query)


def _dated_line(world: World, owner: str, conversation: Conversation) -> Line:
    """Imported around the middle of a second, so that coarser times differ from milliseconds."""
    now = world.session.service_now_ms()
    to_middle = (now - MIDDLE_MS) % 1000
    middle = 300_000 + to_middle
    peer = conversation.others(owner)[0]
    at = (0, 0) if world.session.capabilities.import_ties else (0,)
    offsets = (1000, 1, *at, -1, -1000, -60_000)
    drafts = [MessageDraft((owner, peer)[i % 2], middle + offset) for i, offset in enumerate(offsets)]
    before, just_before, *exactly, just_after, after, last = world.seed(conversation, drafts, now_ms=now)
    return Line(world, owner, conversation, before, just_before, exactly, just_after, after, last)


def _live_line(world: World, owner: str, conversation: Conversation) -> Line:
    """Sent a good second apart; their own times set the boundary."""
    peer = conversation.others(owner)[0]
    messages: list[Message] = []
    for i in range(4):
        if i:
            world.session.sleep(1.05)
        messages += world.seed(conversation, [MessageDraft((owner, peer)[i % 2])])
    before, at, after, last = messages
    return Line(world, owner, conversation, before, None, [at], None, after, last)
