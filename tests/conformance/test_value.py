"""Values of the wrong form: rejected, or without an effect beyond what is named; never a server error."""

from collections.abc import Callable
from typing import Literal

from roamspec.api.deletions import Query
from roamspec.suite import CheckContext, costs, covers
from roamspec.suite.conversation_fixture import ConversationFixture
from roamspec.suite.earlier_view import EarlierView
from roamspec.suite.error_assertions import check_no_server_error, no_server_error
from roamspec.suite.negative_calls import NegativeCall, NegativeCallRunner
from roamspec.suite.view_assertions import check_unchanged
from roamspec.transport.http_messages import Response
from roamspec.world.absent_names import AbsentNames

MayGo = Literal["", "message", "conversation"]
BEYOND_64_BITS = "99999999999999999999999999"
AWKWARD = " ü+&=%#;'\"x"
"""Characters that need escaping in a path and in a query; no slash, which may end a route."""

NAMES = (
    "empty-user-id",
    "empty-group-id",
    "empty-msg-id-list",
    "empty-item-in-list",
    "message-id-not-a-number",
    "message-id-huge",
    "empty-del-time",
    "del-time-not-a-number",
    "del-time-negative",
    "del-time-fraction",
    "del-time-huge",
    "is-notify-unknown",
    "is-notify-empty",
    "unknown-peer",
    "unknown-group",
    "peer-needs-escaping",
    "group-needs-escaping",
)


@covers(
    *(
        f"value.{name}-{what}"
        for name in ("unknown-owner", "owner-needs-escaping", *NAMES)
        for what in ("harmless", "no-server-error")
    ),
)
@costs(40)
def test_values_of_the_wrong_form(case: CheckContext) -> None:
    """A value of the wrong form causes no 5xx, and deletes no message outside the request."""
    runner = NegativeCallRunner(case)
    absent, awkward = (_absent_user(case, runner, suffix) for suffix in ("", AWKWARD))
    peers = EarlierView(case, runner.fixture.seen_by(runner.fixture.peer))
    calls = [
        _as_owner(case, "value.unknown-owner-harmless", absent, peers),
        _as_owner(case, "value.owner-needs-escaping-harmless", awkward, peers),
    ]
    if case.subject.conversation_parameter:
        calls += _of_conversation(case, runner, absent, awkward)
        calls += [
            _with(case, "is-notify-unknown", _changed(isNotify="perhaps"), "message"),
            _with(case, "is-notify-empty", _changed(isNotify=""), "message"),
        ]
    if case.subject.by_id:
        calls += _of_ids(case)
    if case.subject.by_time:
        calls += _of_time(case)
    runner.run(calls)


def _absent_user(case: CheckContext, runner: NegativeCallRunner, suffix: str) -> str:
    """Looked up once for all operations: whoever does not exist, does not exist for any of them."""
    return case.session.shared.get(AbsentNames).user(runner.world, suffix)


def _of_conversation(
    case: CheckContext, runner: NegativeCallRunner, absent: str, awkward: str
) -> list[NegativeCall]:
    name = case.subject.conversation_parameter
    # Without a conversation the IDs alone say what is meant; a time alone says nothing.
    may_go: MayGo = "message" if case.subject.by_id else ""
    if name == "userId":
        return [
            _with(case, "empty-user-id", _changed(userId=""), may_go),
            _with(case, "unknown-peer", _changed(userId=absent)),
            _with(case, "peer-needs-escaping", _changed(userId=awkward)),
        ]
    former = runner.world.group(runner.fixture.owner, *runner.fixture.others)
    runner.world.release_group(former)
    nowhere = runner.world.no_group(AWKWARD)
    return [
        _with(case, "empty-group-id", _changed(groupId=""), may_go),
        _with(case, "unknown-group", _changed(groupId=former.group_id)),
        _with(case, "group-needs-escaping", _changed(groupId=nowhere)),
    ]


def _of_ids(case: CheckContext) -> list[NegativeCall]:
    def with_empty_items(fixture: ConversationFixture) -> Query:
        return _query(fixture, msgIdList=f",{fixture.messages[0].id},,")

    def with_more_digits(fixture: ConversationFixture) -> Query:
        # One that begins with that of a message.
        return _query(fixture, msgIdList=f"{fixture.messages[0].id}{BEYOND_64_BITS}")

    return [
        _with(case, "empty-msg-id-list", _changed(msgIdList="")),
        _with(
            case,
            "empty-item-in-list",
            with_empty_items,
            "message",
        ),
        _with(case, "message-id-not-a-number", _changed(msgIdList="one,two")),
        # What some stores take for any value.
        _with(case, "message-id-not-a-number", _changed(msgIdList="*,%")),
        _with(case, "message-id-huge", with_more_digits),
    ]


def _of_time(case: CheckContext) -> list[NegativeCall]:
    def first_with_a_fraction(fixture: ConversationFixture) -> Query:
        return _query(fixture, delTime=f"{fixture.messages[0].time_ms}.5")

    return [
        _with(case, "empty-del-time", _changed(delTime="")),
        _with(case, "del-time-not-a-number", _changed(delTime="yesterday")),
        _with(case, "del-time-negative", _changed(delTime="-1")),
        _with(case, "del-time-fraction", first_with_a_fraction, "message"),
        _with(case, "del-time-huge", _changed(delTime=BEYOND_64_BITS), "conversation"),
    ]


def _query(fixture: ConversationFixture, **changed: str) -> Query:
    """The query that names all messages of the fixture, with some values changed (or added)."""
    pairs = dict(fixture.query(fixture.messages)) | changed
    return list(pairs.items())


def _changed(**changed: str) -> Callable[[ConversationFixture], Query]:
    return lambda fixture: _query(fixture, **changed)


def _with(
    case: CheckContext,
    slug: str,
    query: Callable[[ConversationFixture], Query],
    may_go: MayGo = "",
) -> NegativeCall:
    name = f"value.{slug}-harmless"

    def send(fixture: ConversationFixture) -> Response:
        return case.subject.call(fixture.world.app, fixture.owner, query(fixture))

    return NegativeCall(
        send,
        lambda answer: check_no_server_error(case, no_server_error(name), answer),
        name,
        may_be_deleted=may_go,
    )


def _as_owner(case: CheckContext, name: str, owner: str, peers: EarlierView) -> NegativeCall:
    """Neither the owner of the fixture may lose a message, nor the other one of the conversation, of whom
    `peers` has what was seen so far."""

    def send(fixture: ConversationFixture) -> Response:
        theirs = fixture.seen_by(fixture.peer)
        before = peers.before(theirs)
        answer = case.subject.call(fixture.world.app, owner, _query(fixture))
        check_unchanged(case, name, answer, before, peers.after(theirs))
        return answer

    return NegativeCall(send, lambda answer: check_no_server_error(case, no_server_error(name), answer), name)
