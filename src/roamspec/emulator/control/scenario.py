"""A scenario: users, groups, chatrooms, messages and list entries from one JSON object.

Everything is read and checked before anything is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from roamspec.emulator.apps import App
from roamspec.emulator.control.endpoint import ControlError
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.delivery import OutgoingMessage, seed
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.domain.views import note_change

_COUNT_MAX = 1_000_000
_LONGEST = 2**53


@dataclass(frozen=True, slots=True)
class SeedGroup:
    """A group or chatroom to make; an `id` of None lets the emulator choose one."""

    kind: Literal["group", "room"]
    id: str | None
    name: str
    owner: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeedMessages:
    """`count` equal messages, `step_ms` apart; `time_ms` None means now. `listed` None follows the
    app's settings for messages sent over REST."""

    draft: OutgoingMessage
    target: ConversationKey
    time_ms: int | None
    step_ms: int
    count: int
    listed: bool | None


@dataclass(frozen=True, slots=True)
class SeedEntry:
    """What changes in one entry of a user's conversation list."""

    owner: str
    conversation: ConversationKey
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that one JSON object asks for; users are name, password and nickname."""

    users: tuple[tuple[str, str, str | None], ...] = ()
    groups: tuple[SeedGroup, ...] = ()
    messages: tuple[SeedMessages, ...] = ()
    entries: tuple[SeedEntry, ...] = ()


def read_scenario(value: Mapping[str, Any]) -> Scenario:
    """ControlError names the place and what is wrong there."""
    for key in value:
        if key not in ("users", "groups", "rooms", "messages", "conversations"):
            raise ControlError(400, f"scenario: {key!r} is not known.")
    return Scenario(
        tuple(_user(item, place) for item, place in _items(value, "users")),
        tuple(_group(item, "group", place) for item, place in _items(value, "groups"))
        + tuple(_group(item, "room", place) for item, place in _items(value, "rooms")),
        tuple(_messages(item, place) for item, place in _items(value, "messages")),
        tuple(_entry(item, place) for item, place in _items(value, "conversations")),
    )


def play(app: App, scenario: Scenario) -> dict[str, Any]:
    """Make it; returns the IDs of groups, chatrooms and messages in the scenario's order.

    A scenario that does not fit the app (a name that is taken, a user that does not exist) is rejected
    and leaves the app as it was.
    """
    if scenario == Scenario():
        return {"groups": [], "messages": []}
    before = app.store
    app.store = before.copy()
    context = app.context(app.clock.now())
    try:
        return _made(context, scenario)
    except BaseException:
        app.store = before
        raise


def _made(context: Context, scenario: Scenario) -> dict[str, Any]:
    for name, password, nickname in scenario.users:
        accounts.check_free(context, name)
        accounts.register(context, name, password, nickname)
    groups = []
    for group in scenario.groups:
        attributes: dict[str, Any] = {"maxusers": 10_000, "public": True}
        attributes["groupname" if group.kind == "group" else "name"] = group.name
        made = accounts.create_group(context, group.kind, group.owner, group.members, attributes, group.id)
        groups.append(made.id)
    ids = [
        _sent(context, messages, index) for messages in scenario.messages for index in range(messages.count)
    ]
    for entry in scenario.entries:
        view = context.store.view(entry.owner, entry.conversation)
        if view is None:
            place = f"{entry.owner} has no conversation with {entry.conversation.id}"
            raise ControlError(400, f"scenario: {place}; give it a message first.")
        for key, value in entry.changes.items():
            setattr(view, key, value)
        note_change(context, entry.owner, entry.conversation)
    return {"groups": groups, "messages": ids}


def _sent(context: Context, messages: SeedMessages, index: int) -> str:
    time_ms = context.now if messages.time_ms is None else messages.time_ms
    target = messages.target
    if target.type == "group":
        accounts.known_group(context, target.id)
    return seed(context, messages.draft, target, time_ms + index * messages.step_ms, messages.listed)


def _items(value: Mapping[str, Any], key: str) -> list[tuple[Any, str]]:
    items = value.get(key, [])
    if not isinstance(items, list):
        raise ControlError(400, f"scenario: {key} must be a list.")
    return [(item, f"scenario: {key}[{index}]") for index, item in enumerate(items)]


def _user(item: Any, place: str) -> tuple[str, str, str | None]:
    if isinstance(item, str):
        item = {"username": item}
    item = _object(item, place, "username", "password", "nickname")
    name = accounts.legal_name(_text(item, "username", place))
    nickname = _text(item, "nickname", place, default="") or None
    return name, _text(item, "password", place, default="1"), nickname


def _group(item: Any, kind: Literal["group", "room"], place: str) -> SeedGroup:
    item = _object(item, place, "id", "name", "owner", "members")
    members = item.get("members", [])
    if not isinstance(members, list) or not all(isinstance(name, str) for name in members):
        raise ControlError(400, f"{place}: members must be a list of user IDs.")
    return SeedGroup(
        kind,
        _text(item, "id", place, default="") or None,
        _text(item, "name", place, default=kind),
        _text(item, "owner", place).lower(),
        tuple(name.lower() for name in members),
    )


def _messages(item: Any, place: str) -> SeedMessages:
    item = _object(item, place, "from", "to", "group", "type", "text", "timestamp", "step", "count", "listed")
    if ("to" in item) == ("group" in item):
        raise ControlError(400, f"{place}: give `to` (a user ID) or `group` (an ID of a group or chatroom).")
    if "to" in item:
        target = ConversationKey("chat", _text(item, "to", place).lower())
    else:
        target = ConversationKey("group", _text(item, "group", place))
    listed = item.get("listed")
    if listed is not None and not isinstance(listed, bool):
        raise ControlError(400, f"{place}: listed must be true or false.")
    kind = _text(item, "type", place, default="txt")
    if kind not in ("txt", "img", "audio", "video", "file", "loc", "cmd", "custom"):
        raise ControlError(400, f"{place}: {kind!r} is not a message type.")
    return SeedMessages(
        OutgoingMessage(
            _text(item, "from", place).lower(), kind, _text(item, "text", place, default=""), None
        ),
        target,
        None if item.get("timestamp") is None else _number(item, "timestamp", place, 0, _LONGEST),
        _number(item, "step", place, 0, _LONGEST, default=1),
        _number(item, "count", place, 1, _COUNT_MAX, default=1),
        listed,
    )


def _entry(item: Any, place: str) -> SeedEntry:
    item = _object(item, place, "user", "type", "id", "listed", "unread", "top", "marks")
    kind = _text(item, "type", place, default="chat")
    if kind not in ("chat", "group"):
        raise ControlError(400, f"{place}: type must be chat or group.")
    name = _text(item, "id", place)
    conversation = ConversationKey("chat", name.lower()) if kind == "chat" else ConversationKey("group", name)
    changes: dict[str, Any] = {"listed": item.get("listed", True) is True}
    if "unread" in item:
        changes["unread"] = _number(item, "unread", place, 0, _LONGEST)
    if "top" in item:
        changes["top_ms"] = _number(item, "top", place, 0, _LONGEST)
    marks = item.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, str) for mark in marks):
        raise ControlError(400, f"{place}: marks must be a list of texts.")
    changes["marks"] = tuple(marks)
    return SeedEntry(_text(item, "user", place).lower(), conversation, changes)


def _object(item: Any, place: str, *known: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ControlError(400, f"{place} must be an object.")
    for key in item:
        if key not in known:
            raise ControlError(400, f"{place}: {key!r} is not known; known: {', '.join(known)}.")
    return item


def _text(item: dict[str, Any], key: str, place: str, *, default: str | None = None) -> str:
    value = item.get(key, default)
    if not isinstance(value, str) or (not value and default is None):
        raise ControlError(400, f"{place}: {key} must be a text.")
    return value


def _number(item: dict[str, Any], key: str, place: str, low: int, high: int, *, default: int = 0) -> int:
    value = item.get(key, default)
    if type(value) is not int or not low <= value <= high:
        raise ControlError(400, f"{place}: {key} must be a whole number from {low} to {high}.")
    return value
