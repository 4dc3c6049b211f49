"""Faults in whose messages go: other participants, other users, other apps."""

from collections.abc import Callable, Iterator

from tests.second_service.fault import ALL, IN_GROUP, USER, Fault, besides, fault, message, others
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import App, Message, Pair

ONE_WAY = r"one-way\..*"


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _one_way(op)
        yield from _tenancy(op)
    for op in (*IN_GROUP, USER):
        yield fault(op, "first-other-member", ONE_WAY, pairs=_for(lambda c, m: others(c, m)[:1], "group"))
        yield fault(
            op,
            "last-other-member",
            r"one-way\.every-member.*",
            pairs=_for(lambda c, m: others(c, m)[-1:], "group"),
        )
    for op in (IN_GROUP[1], USER):
        yield fault(
            op, "both-sides-in-rooms", r"one-way\.room-members-keep-messages", pairs=_for(others, "room")
        )
    yield fault(USER, "both-sides-in-chats", ONE_WAY, pairs=_for(others, "chat"))
    yield fault(USER, "chats-spared", r"all\.chats-cleared", pairs=lambda c, d: _without(c, d, "chat"))
    yield fault(USER, "groups-spared", r"all\.groups-cleared", pairs=lambda c, d: _without(c, d, "group"))
    yield fault(USER, "rooms-spared", r"all\.rooms-cleared", pairs=lambda c, d: _without(c, d, "room"))
    yield fault(USER, "first-conversation-only", r"all\..*", pairs=lambda c, d: _of_first(c, d, 1))
    yield fault(
        USER, "ten-conversations", r"all\.more-than-one-page.*", pairs=lambda c, d: _of_first(c, d, 10)
    )
    yield fault(
        USER, "twenty-conversations", r"all\.more-than-one-page.*", pairs=lambda c, d: _of_first(c, d, 20)
    )
    yield fault(USER, "whole-app", r"one-way\..*", pairs=besides(_whole_app))


def _for(
    whom: Callable[[Call, Message], list[str]], kind: str = ""
) -> Callable[[Call, list[Pair]], list[Pair]]:
    """The due pairs, and the same messages for others too; of one kind of conversation only, or of all."""

    def pairs(call: Call, due: list[Pair]) -> list[Pair]:
        found = [message(call, message_id) for _, message_id in due]
        return [*due, *((u, m.id) for m in found if kind in ("", m.kind) for u in whom(call, m))]

    return pairs


def _one_way(op: Operation) -> Iterator[Fault]:
    yield fault(op, "both-sides", ONE_WAY, pairs=_for(others))
    yield fault(
        op,
        "for-the-sender-too",
        r"one-way\.others-keep-what-they-sent",
        pairs=_for(lambda c, m: [u for u in others(c, m) if u == m.sender]),
    )
    yield fault(
        op,
        "for-the-receivers-too",
        r"one-way\.others-keep-what-they-received",
        pairs=_for(lambda c, m: [u for u in others(c, m) if u != m.sender]),
    )
    yield fault(
        op,
        "for-the-others-instead",
        r"one-way\..*|effect\..*gone|request\..*|all\..*",
        pairs=lambda c, d: [(u, i) for _, i in d for u in others(c, message(c, i))],
    )
    yield fault(op, "for-others-once-the-owner-is-done", r"one-way\.both-sides-in-turn", pairs=_second_side)
    yield fault(
        op,
        "others-lose-other-conversations",
        r"one-way\.others-keep-their-other-conversations",
        pairs=besides(_further),
    )
    yield fault(op, "uninvolved-lose", r"one-way\.uninvolved-users-keep-messages", pairs=besides(_uninvolved))


def _second_side(call: Call, due: list[Pair]) -> list[Pair]:
    """Takes from all once another participant has deleted in the same conversation."""
    places = {message(call, i).place for _, i in due}
    before = any(
        user != call.owner and message(call, message_id).place in places for user, message_id in call.app.lost
    )
    more = [
        (user, m.id) for place in places for m in call.app.places[place] for user in call.app.participants(m)
    ]
    return [*due, *more] if before else due


def _room_of(call: Call) -> set[str]:
    """Everybody the call has to do with, the owner apart."""
    if call.thread is not None:
        if call.thread.kind == "chat":
            return {call.thread.partner}
        room = call.app.rooms_and_groups.get(call.thread.partner)
        return set(room.joined) - {call.owner} if room else set()
    return {u for m in call.app.everything(call.owner) for u in others(call, m)}


def _further(call: Call) -> list[Pair]:
    return [
        (user, m.id)
        for user in _room_of(call)
        for m in call.app.everything(user)
        if not call.app.may_see(call.owner, m)
    ]


def _uninvolved(call: Call) -> list[Pair]:
    involved = {call.owner, *_room_of(call)}
    return [(u, m.id) for u in call.app.people if u not in involved for m in call.app.everything(u)]


def _whole_app(call: Call) -> list[Pair]:
    return [(u, m.id) for u in call.app.people for m in call.app.everything(u)]


def _tenancy(op: Operation) -> Iterator[Fault]:
    yield fault(op, "neighbour-app-too", r"tenancy\.neighbour-app-keeps-messages", pairs=_neighbour_too)
    yield fault(
        op,
        "longer-owner-names",
        r"tenancy\.longer-owner-name-keeps-messages",
        pairs=besides(
            lambda c: [
                (user, m.id)
                for user in c.app.people
                if user.startswith(c.owner) and user != c.owner
                for m in c.app.everything(user)
            ]
        ),
    )


def _neighbour_too(call: Call, due: list[Pair]) -> list[Pair]:
    for app in call.apps.values():
        if app is not call.app and due:
            app.enlist(app.lose((call.owner, m.id) for m in _same_there(call, app)))
    return due


def _same_there(call: Call, app: App) -> list[Message]:
    kind = call.thread.kind if call.thread else ""
    return [m for m in app.everything(call.owner) if kind in ("", m.kind)]


def _without(call: Call, due: list[Pair], kind: str) -> list[Pair]:
    return [pair for pair in due if message(call, pair[1]).kind != kind]


def _of_first(call: Call, due: list[Pair], most: int) -> list[Pair]:
    places = list(dict.fromkeys(message(call, i).place for _, i in due))[:most]
    return [pair for pair in due if message(call, pair[1]).place in places]
