"""The same requirement however the call is written, repeated, or split."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from roamspec.api.app_client import AppClient
from roamspec.api.deletions import Query, needlessly_encoded
from roamspec.errors import SetupFailed
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import (
    ConversationFixture,
    conversation_fixture,
    fresh_conversation,
    message_drafts,
    seed_conversation,
)
from roamspec.suite.error_assertions import check_no_server_error, no_server_error
from roamspec.suite.negative_calls import NegativeCall, NegativeCallRunner
from roamspec.suite.success_assertions import SUCCESS, check_success
from roamspec.suite.view_assertions import check_deleted, check_retained, check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView, Message, MessageDraft

OLDER_BY_MS = 5_000
ENCODED_OWNER = "request.encoded-user-id-identifies-the-user"


@covers(
    *SUCCESS,
    "effect.same-call-twice-harmless",
    "effect.same-call-twice-no-server-error",
    "success.timestamp-moves",
    "effect.single-id-gone",
    "effect.messages-gone",
    "all.groups-cleared",
    "effect.two-calls-add-up",
    "request.parameters-in-any-order",
    "request.raw-commas-separate",
    "request.encoded-commas-separate",
    ENCODED_OWNER,
    "request.resource-parameter-tolerated",
    "request.is-notify-tolerated",
    "one-way.both-sides-in-turn",
    "one-way.same-message-for-each-side",
    "value.unknown-peer-no-server-error",
)
@costs(50)
def test_ways_to_write_a_call(case: CheckContext) -> None:
    """A conversation is deleted bit by bit, each bit with a call written in another way."""
    subject = case.subject
    count = 14 if subject.by_id else 10 if subject.by_time else 2
    fixture = (
        _fixture_with_a_peer_of_its_own(case, count)
        if subject.kind == "chat"
        else fresh_conversation(case.world(), subject, count)
    )
    bits = [fixture.messages[i : i + 2] for i in range(0, count, 2)]

    first = fixture.delete(bits[0][:1])
    case.session.sleep(max(0.005, case.session.capabilities.time_step_ms / 1000))
    # The very same call comes twice, whatever a service may tell it by.
    second = fixture.delete(bits[0][1:])
    repeated = "effect.same-call-twice-harmless"
    if not subject.conversation_parameter:
        check_deleted(case, repeated, first, fixture.view_without(fixture.messages), fixture.messages)
    older = _one_older(case, fixture)
    again = fixture.delete(bits[0][1:])
    _check_timestamps(case, [first, second], lambda: fixture.delete(bits[0][1:]))
    for answer in (first, second, again):
        if answer.ok:
            check_success(case, answer)
    check_no_server_error(case, no_server_error(repeated), again)
    if not subject.conversation_parameter:
        _check_ways_to_clear(case, fixture)
        return
    view = fixture.view_without(bits[0])
    check_deleted(case, "effect.single-id-gone", first, view, bits[0][:1])
    check_deleted(case, "effect.two-calls-add-up", second, view, bits[0])
    check_deleted(case, repeated, second, view, bits[0][1:])
    check_retained(case, repeated, again, view, fixture.messages[2:])
    if older and again.ok:
        check_deleted(case, "effect.messages-gone", again, view, older)
    _check_both_sides(case, fixture, _check_written(case, fixture, _ways(fixture, bits)) or view)
    if _is_chat(case):
        _check_without_the_peer(case, fixture)


def _check_ways_to_clear(case: CheckContext, fixture: ConversationFixture) -> None:
    """Parameters that clearing a user does not have cause no server error; the encoded owner is the same."""
    for name, parameter in (
        ("request.is-notify-tolerated", ("isNotify", "true")),
        ("request.resource-parameter-tolerated", ("resource", "web_1")),
    ):
        check_no_server_error(case, name, case.subject.call(*_of(fixture), [parameter]))
    one = fixture.world.seed(fixture.conversation, message_drafts((fixture.peer,), 1))
    spelled = case.subject.call(*_of(fixture), owner_in_path=needlessly_encoded(fixture.owner))
    check_deleted(case, ENCODED_OWNER, spelled, fixture.view_without(one), one)
    new = fixture.world.seed(fixture.conversation, message_drafts((fixture.owner, fixture.peer), 2))
    owners = replace(fixture, messages=tuple(new))
    there = fixture.world.view_when_there(fixture.owner, fixture.conversation, lambda now: now.has_all(new))
    _check_both_sides(case, owners, there)


def _ways(fixture: ConversationFixture, bits: Sequence[Sequence[Message]]) -> list["Written"]:
    """Calls for one bit each, every one written in another way; the first bit is deleted already."""
    in_any_order = fixture.query(bits[1], notify="true")[::-1]
    with_resource = [*fixture.query(bits[2]), ("resource", "web_1")]
    encoded_owner = needlessly_encoded(fixture.owner)
    ways = [
        Written("request.parameters-in-any-order", bits[1], in_any_order),
        Written("request.resource-parameter-tolerated", bits[2], with_resource),
        Written(ENCODED_OWNER, bits[3], fixture.query(bits[3]), owner_in_path=encoded_owner),
    ]
    if fixture.subject.by_id:
        encoded = [(name, value.replace(",", "%2C")) for name, value in fixture.query(bits[5])]
        ways += [
            Written("request.raw-commas-separate", bits[4], fixture.query(bits[4])),
            Written("request.encoded-commas-separate", bits[5], encoded, raw=True),
        ]
    return ways


def _one_older(case: CheckContext, fixture: ConversationFixture) -> list[Message]:
    """A message that came after a time was cleared up to, and is dated before it: the same call once more
    deletes it, if it is there; none where messages cannot be dated, or where one may still be on its way."""
    if (
        not case.subject.by_time
        or case.capabilities.messages_lag_s
        or case.capabilities.lacking(["import-free-time"])
    ):
        return []
    now = case.session.service_now_ms()
    ago = now - fixture.messages[0].time_ms + OLDER_BY_MS
    with suppress(SetupFailed):
        older = fixture.world.seed(fixture.conversation, [MessageDraft(fixture.peer, ago)], now_ms=now)
        return older if fixture.view().has_all(older) else []
    return []


def _is_chat(case: CheckContext) -> bool:
    return case.subject.conversation_parameter == "userId"


def _fixture_with_a_peer_of_its_own(case: CheckContext, count: int) -> ConversationFixture:
    """The same as other fixtures, but the peer, who leaves or deletes everything, is no other check's: a
    service may hide from them what is dated earlier from then on."""
    world = case.world()
    owner, peer = world.users(2)
    return conversation_fixture(world, case.subject, owner, [peer, *world.shared_users(1)], count)


def _check_without_the_peer(case: CheckContext, fixture: ConversationFixture) -> None:
    """The peer leaves the app: what the owner has left of the conversation is deleted still, or the call
    says that it is not."""
    fixture.world.release_user(fixture.peer)
    last = fixture.messages[-1:]
    answer = fixture.delete(last)
    check_no_server_error(case, "value.unknown-peer-no-server-error", answer)
    if answer.ok:
        view = fixture.view_without(last)
        check_deleted(case, "effect.single-id-gone", answer, view, last)
        check_deleted(case, "effect.messages-gone", answer, view, last)


def _of(fixture: ConversationFixture) -> tuple[AppClient, str]:
    return fixture.world.app, fixture.owner


@dataclass(frozen=True, slots=True)
class Written:
    """A call for `messages`, and what it shows to be served; `raw` is escaped already, and `owner_in_path` is
    how the owner stands in the path."""

    name: str
    messages: Sequence[Message]
    query: Query
    raw: bool = False
    owner_in_path: str = ""


def _check_written(
    case: CheckContext, fixture: ConversationFixture, written: Sequence[Written]
) -> HistoryView | None:
    """Served with its effect; what the documentation does not know may be rejected, and then does nothing.
    Gives what was seen last.

    One look tells of several calls where each names messages of its own; a time takes along what an earlier
    call ought to have deleted.
    """
    wanted = [one for one in written if case.verdicts.wants(one.name)]
    view = None
    for some in [wanted] if case.subject.by_id else [[one] for one in wanted]:
        answers = [(one, _call(case, fixture, one)) for one in some]
        rejected = {one.name for one, answer in answers if _may_be_rejected(one) and answer.rejected}
        deleted = [message for one in some if one.name not in rejected for message in one.messages]
        view = fixture.view_without(deleted)
        for one, answer in answers:
            judged = check_retained if one.name in rejected else check_deleted
            judged(case, one.name, answer, view, one.messages)
    return view


def _call(case: CheckContext, fixture: ConversationFixture, one: Written) -> Response:
    return case.subject.call(*_of(fixture), one.query, raw=one.raw, owner_in_path=one.owner_in_path)


def _may_be_rejected(one: Written) -> bool:
    return one.name == "request.resource-parameter-tolerated"


def _check_timestamps(case: CheckContext, answers: list[Response], repeat: Callable[[], Response]) -> None:
    """Of calls a little apart; a call that is repeated may be rejected, and then tells nothing."""
    name, times = "success.timestamp-moves", _times(answers)
    if len(times) == len(answers) and times[-1] <= times[0]:
        # Clocks may count whole seconds, and differ a little between the machines of one service.
        case.session.sleep(1.1)
        answers.append(repeat())
        times = _times(answers)
    if len(times) < len(answers):
        case.verdicts.inconclusive(name, "no two calls a little apart were both answered with a timestamp")
        return
    case.verdicts.check(
        name,
        times[-1] > times[0],
        *answers,
        expected="a later answer has a later timestamp",
        actual=", ".join(map(str, times)),
    )


def _times(answers: list[Response]) -> list[float]:
    stamps = [answer.object.get("timestamp") for answer in answers if answer.ok]
    return [stamp for stamp in stamps if isinstance(stamp, int | float)]


def _check_both_sides(case: CheckContext, owners: ConversationFixture, before: HistoryView) -> None:
    """After the owner, who saw what was there `before`, another participant deletes: each for themselves.
    One of the messages is one that the owner has deleted."""
    name, same = "one-way.both-sides-in-turn", "one-way.same-message-for-each-side"
    peers = owners.seen_by(owners.peer)
    theirs = peers.view()
    # One that the owner still has: it must not go from the owner's view.
    named = owners.messages[-2:-1]
    deleted = [message for message in owners.messages if message.id not in before.ids]
    of_both = [message for message in deleted if message.id in theirs.ids][:1]
    answer = peers.delete([*of_both, *named])
    view = peers.view_without([*of_both, *named])
    check_deleted(case, name, answer, view, named)
    if of_both:
        check_deleted(case, same, answer, view, of_both)
    after = owners.view()
    check_unchanged(case, name, answer, before, after)
    if deleted and answer.ok:
        check_deleted(case, name, answer, after, deleted)
    if case.subject.conversation_parameter:
        left = [message for message in owners.messages[-1:] if message.id in theirs.ids]
        check_retained(case, name, answer, view, left)
    else:
        # Once more for one who was cleared before, of messages that another one has cleared, and of a group.
        world, owner = owners.world, owners.owner
        group = world.group(owner, owners.peer)
        in_group = world.seed(group, message_drafts((owner, owners.peer), 1))
        answer = owners.delete(owners.messages)
        check_deleted(case, same, answer, owners.view_without(owners.messages), owners.messages)
        view = world.view_without(owner, group, in_group)
        check_deleted(case, "all.groups-cleared", answer, view, in_group)


@covers(
    "effect.ids-of-another-conversation-stay",
    "effect.ids-of-another-conversation-no-server-error",
    "effect.ids-of-another-user-stay",
    "effect.ids-of-another-user-no-server-error",
    "effect.repeated-id-harmless",
    "effect.repeated-id-no-server-error",
    "effect.known-beside-repeated",
    "effect.unknown-id-harmless",
    "effect.unknown-id-no-server-error",
    "effect.known-beside-unknown",
    "one-way.others-keep-what-they-received",
)
@costs(40)
def test_ids_that_are_elsewhere_or_nowhere(case: CheckContext) -> None:
    """IDs of other conversations and unknown IDs delete nothing; the other IDs of the list still count."""
    runner = NegativeCallRunner(case)
    fixture, world = runner.fixture, runner.world
    owner, peer, third = fixture.owner, *fixture.others
    theirs, their_messages = seed_conversation(world, "chat", peer, [third], 2)
    nowhere = Message("1", owner, 0)
    of_another_user = "effect.ids-of-another-user-stay"
    others_before = fixture.seen_by(peer).view()

    def in_their_chat(fixture: ConversationFixture) -> Response:
        answer = fixture.delete(their_messages)
        for user in (peer, third):
            check_retained(case, of_another_user, answer, world.view(user, theirs), their_messages)
        return answer

    runner.run(
        [
            _negative_call(
                case,
                "effect.ids-of-another-conversation-stay",
                lambda fixture: fixture.delete(runner.bystander.messages),
            ),
            _negative_call(case, of_another_user, in_their_chat),
            _negative_call(case, "effect.unknown-id-harmless", lambda fixture: fixture.delete([nowhere])),
            _negative_call(
                case,
                "effect.repeated-id-harmless",
                lambda fixture: fixture.delete([fixture.messages[0], *fixture.messages]),
                goes="effect.known-beside-repeated",
                victims=2,
            ),
            _negative_call(
                case,
                "effect.unknown-id-harmless",
                lambda fixture: fixture.delete([nowhere, *fixture.messages, replace(nowhere, id="0")]),
                goes="effect.known-beside-unknown",
            ),
        ]
    )
    # None of these calls is the peer's, whatever it named.
    others_now = fixture.seen_by(peer).view()
    check_unchanged(case, "one-way.others-keep-what-they-received", None, others_before, others_now)
    case.verdicts.inconclusive(
        "effect.known-beside-unknown", "a call that names an unknown ID as well is refused"
    )
    case.verdicts.inconclusive("effect.known-beside-repeated", "a call that names an ID twice is refused")


def _negative_call(
    case: CheckContext,
    name: str,
    send: Callable[[ConversationFixture], Response],
    *,
    goes: str = "",
    victims: int = 1,
) -> NegativeCall:
    """What must take nothing along but, if it names messages of the fixture and is served, those."""
    return NegativeCall(
        send,
        lambda answer: check_no_server_error(case, no_server_error(name), answer),
        name,
        may_be_deleted="message" if goes else "",
        must_be_deleted=goes,
        named_messages=victims,
    )
