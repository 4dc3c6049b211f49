"""Sending, importing and pulling messages through the public API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from roamspec.api.app_client import AppClient, required
from roamspec.api.message_bodies import TEXT, content
from roamspec.errors import SetupFailed
from roamspec.transport.http_messages import Response, segment
from roamspec.wire import PulledMessage, decode_message

ConversationKind = Literal["chat", "group", "room"]

_SEND: dict[ConversationKind, tuple[str, str]] = {
    "chat": ("/messages/users", "send-users"),
    "group": ("/messages/chatgroups", "send-groups"),
    "room": ("/messages/chatrooms", "send-rooms"),
}
_IMPORT: dict[ConversationKind, tuple[str, str]] = {
    "chat": ("/messages/users/import", "import-users"),
    "group": ("/messages/chatgroups/import", "import-groups"),
}
_USER_DOMAIN = "easemob.com"
_GROUP_DOMAIN = "conference.easemob.com"
_LAST_PAGE = (None, "", "undefined", "null")
_MOST_PAGES = 500


@dataclass(frozen=True, slots=True)
class PullStyle:
    """How this target lets messages be pulled: the first cursor, the page size, whose token."""

    first_cursor: int | str | None = -1
    page_size: int = 50
    with_user_token: bool = False


def send(
    app: AppClient, kind: ConversationKind, sender: str, target: str, text: str, *, of_type: str = TEXT
) -> str:
    """Send one message, a text unless it is of another documented type; returns its ID."""
    path, bucket = _SEND[kind]
    path += "?useMsgId=true" if app.asks_for_ids else ""
    fields = {"from": sender, "to": [target], **content(of_type, text)}
    body = required(app.call("POST", path, bucket=bucket, json=fields), f"sending to the {kind} {target}")
    data = body.get("data")
    if not isinstance(data, dict) or (target not in data and len(data) != 1):
        raise SetupFailed(f"sending to the {kind} {target}: the response has no message ID.")
    named = data[target] if target in data else next(iter(data.values()))
    return _identifier(named, f"sending to the {kind} {target}")


def try_import(
    app: AppClient,
    kind: ConversationKind,
    sender: str,
    target: str,
    text: str,
    time_ms: int | None,
    *,
    of_type: str = TEXT,
) -> Response:
    """Import one message, a text unless it is of another documented type, dated `time_ms` (Unix
    milliseconds) or left to the service."""
    path, bucket = _IMPORT[kind]
    fields: dict[str, Any] = {"from": sender, "target": target, **content(of_type, text)}
    if time_ms is not None:
        fields["msg_timestamp"] = time_ms
    return app.call("POST", path, bucket=bucket, json=fields)


def imported_id(answer: Response, what: str) -> str:
    """The message ID of a successful import."""
    data = required(answer, what).get("data")
    return _identifier(data.get("msg_id") if isinstance(data, dict) else None, what)


def _identifier(value: Any, what: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value in ("", "success"):
        raise SetupFailed(f"{what}: the response has no message ID.")
    return str(value)


def queue(kind: ConversationKind, identifier: str) -> str:
    """The name of a conversation in a pull request."""
    return f"{identifier}@{_USER_DOMAIN if kind == 'chat' else _GROUP_DOMAIN}"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Whose view of which conversation is pulled, and how."""

    user: str
    kind: ConversationKind
    identifier: str
    """Of the conversation: the other user's name, or the ID of the group or chatroom."""
    newer: bool = False
    """Whether the service goes from the oldest message to the newest."""
    token: str | None = None
    """A user's own token; None for the app token."""
    types: Sequence[str] = ()
    """The only message types to return; all if empty."""


def pull_page(app: AppClient, query: HistoryQuery, style: PullStyle, cursor: int | str | None) -> Response:
    """One page of a user's view of a conversation, from `cursor` on."""
    fields: dict[str, Any] = {
        "queue": queue(query.kind, query.identifier),
        "start": cursor,
        "end": -1,
        "pull_number": style.page_size,
        "is_positive": query.newer,
    }
    if query.types:
        fields["msgType"] = ",".join(query.types)
    path = f"/users/{segment(query.user)}/messageroaming"
    return app.call("POST", path, bucket="pull", json=fields, token=query.token)


def pull_all(
    app: AppClient,
    query: HistoryQuery,
    style: PullStyle,
    *,
    on_page: Callable[[Response], None] | None = None,
) -> list[PulledMessage]:
    """Every message of a user's view, page by page; SetupFailed when it cannot be read."""
    what = f"querying the history of the {query.kind} {query.identifier} as {query.user}"
    messages: list[PulledMessage] = []
    cursor: int | str | None = style.first_cursor
    seen: set[int | str] = set()
    for _ in range(_MOST_PAGES):
        answer = pull_page(app, query, style, cursor)
        if on_page:
            on_page(answer)
        data = required(answer, what).get("data")
        if not isinstance(data, dict) or not isinstance(data.get("msgs"), list):
            raise SetupFailed(f"{what}: the response has no data.msgs.")
        messages += [_decoded(item, what) for item in data["msgs"]]
        key = data.get("next_key")
        if data.get("is_last") is True or key in _LAST_PAGE:
            return messages
        if not isinstance(key, str | int):
            raise SetupFailed(f"{what}: the answer's data.next_key is not a cursor.")
        if key in seen:
            return messages
        seen.add(key)
        cursor = key
    raise SetupFailed(f"{what}: the list does not end after {_MOST_PAGES} pages.")


def _decoded(item: Any, what: str) -> PulledMessage:
    text = item.get("msg") if isinstance(item, dict) else None
    if not isinstance(text, str):
        raise SetupFailed(f"{what}: an item of data.msgs has no msg.")
    try:
        return decode_message(text)
    except ValueError as error:
        raise SetupFailed(f"{what}: a message cannot be decoded: {error}.") from error
