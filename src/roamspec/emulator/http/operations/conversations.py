"""The five forms of the conversation list, and deleting a conversation."""

import json
from collections.abc import Callable
from typing import Any, Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.conversations import conversation_list, delete_conversation
from roamspec.emulator.domain.deletion import tell_of_conversation
from roamspec.emulator.domain.lists import ListEntry
from roamspec.emulator.domain.records import ConversationKey, StoredMessage
from roamspec.emulator.http.answers import HttpResponse, answer, envelope
from roamspec.emulator.http.operations.common import existing_owner, text_field, whole_number
from roamspec.emulator.http.operations.payload import CHAT_TYPES, payload_of
from roamspec.emulator.http.request import IncomingRequest

_PAGE_DEFAULT: Final = 20


def list_all(form: str) -> Callable[[IncomingRequest], HttpResponse]:
    """Everything at once: `/user/{u}/user_channels` and `/users/{u}/user_channels`."""

    def handle(request: IncomingRequest) -> HttpResponse:
        entries = _entries(request, form)
        return _answered(request, {"channel_infos": [_old_item(request, entry) for entry in entries]})

    return handle


def list_page(request: IncomingRequest) -> HttpResponse:
    """By page number, from 1: `/users/{u}/user_channels/page`."""
    entries = _entries(request, "users-page")
    size = whole_number(request, "pageSize", _PAGE_DEFAULT, request.settings.list_page_max)
    page = whole_number(request, "pageNum", 1, 10**6)
    shown = entries[(page - 1) * size : page * size]
    return _answered(request, {"channel_infos": [_old_item(request, entry) for entry in shown]})


def list_sdk(request: IncomingRequest) -> HttpResponse:
    """By cursor, as client SDKs ask: `/sdk/user/{u}/user_channels/list`."""
    entries = _entries(request, "sdk-list")
    if request.query.get("is_top") == "true":
        entries = [entry for entry in entries if entry.top_ms]
    if request.query.get("sort") == "asc":
        entries.reverse()
    return _by_cursor(request, entries)


def search_marked(request: IncomingRequest) -> HttpResponse:
    """Those with a mark: `/sdk/user/{u}/user_channels/mark/search`."""
    entries = _entries(request, "sdk-mark")
    mark = request.query.get("mark", "")
    if not mark:
        raise ApiError("query-value", text="mark must be provided")
    return _by_cursor(request, [entry for entry in entries if mark in entry.marks])


def delete(request: IncomingRequest) -> HttpResponse:
    """`DELETE /users/{u}/user_channel`, and the clients' `/user/{u}/user_channel`."""
    owner = existing_owner(request)
    body = request.json_object()
    channel, kind = text_field(body, "channel"), text_field(body, "type").lower()
    if not channel:
        raise ApiError("conversation-parameter", text="field channel cannot be null or empty")
    if not kind:
        raise ApiError("conversation-parameter", text="field type cannot be null or empty")
    if not isinstance(body.get("delete_roam"), bool):
        raise ApiError("conversation-parameter", text="field delete_roam cannot be null")
    if kind not in ("chat", "groupchat", "chatroom"):
        raise ApiError("query-value", text="field type is not supported")
    conversation = (
        ConversationKey("chat", channel.lower()) if kind == "chat" else ConversationKey("group", channel)
    )
    context = request.context()
    delete_conversation(context, owner, conversation, with_messages=body["delete_roam"])
    if request.settings.conversation_deletion_notifies:
        tell_of_conversation(context, owner, conversation, request.query.get("resource"))
    fields = envelope(request, path="/users/user_channel", entities=[], data={"result": "ok"})
    return answer(request, fields, "documented")


def _entries(request: IncomingRequest, form: str) -> list[ListEntry]:
    if form not in request.settings.list_forms:
        raise ApiError("unknown-path")
    return conversation_list(request.context(), existing_owner(request))


def _by_cursor(request: IncomingRequest, entries: list[ListEntry]) -> HttpResponse:
    size = whole_number(request, "limit", _PAGE_DEFAULT, request.settings.list_page_max)
    start = _start(entries, request.query.get("cursor", ""))
    shown = entries[start : start + size]
    more = start + size < len(entries)
    data = {
        "channel_infos": [_new_item(request, entry) for entry in shown],
        "cursor": _cursor(shown[-1]) if more else "",
    }
    return _answered(request, data)


def _cursor(entry: ListEntry) -> str:
    """Names the last conversation given, by its place in the order of all that there may ever be."""
    time_ms, message_id, conversation = entry.active
    return f"{time_ms}_{message_id}_{conversation.type}_{conversation.id}"


def _start(entries: list[ListEntry], cursor: str) -> int:
    """Where the page after the cursor begins; conversations may have come and gone since."""
    if not cursor:
        return 0
    time_text, _, rest = cursor.partition("_")
    message_id, _, rest = rest.partition("_")
    kind, _, name = rest.partition("_")
    if not (
        time_text.isascii() and time_text.isdigit() and len(time_text) < 20 and kind in ("chat", "group")
    ):
        raise ApiError("query-value", text="cursor is not a cursor")
    place = int(time_text), message_id, (kind, name)
    falling = len(entries) < 2 or entries[0].active > entries[-1].active
    return sum(entry.active >= place if falling else entry.active <= place for entry in entries)


def _old_item(request: IncomingRequest, entry: ListEntry) -> dict[str, Any]:
    conversation, key = entry.conversation, request.app.key
    domain = "easemob.com" if conversation.type == "chat" else "conference.easemob.com"
    return {
        "channel_id": f"{key}_{conversation.id}@{domain}",
        "unread_num": entry.unread,
        "created_at": entry.created_ms,
        "meta": _meta(entry.last),
    }


def _new_item(request: IncomingRequest, entry: ListEntry) -> dict[str, Any]:
    item = _old_item(request, entry) | {
        "session_to": entry.conversation.id,
        "session_type": "chat" if entry.conversation.type == "chat" else "groupchat",
        "is_top": bool(entry.top_ms),
        "update_top_status_time": entry.top_ms,
    }
    if request.query.get("need_mark") != "false":
        item["marks"] = list(entry.marks)
    return item


def _meta(message: StoredMessage | None) -> dict[str, Any]:
    if message is None:
        return {}
    payload = payload_of(message) | {"type": CHAT_TYPES[message.conversation_kind]}
    return {
        "id": message.id,
        "timestamp": message.time_ms,
        "from": message.sender,
        "to": message.target,
        "payload": json.dumps(payload, separators=(",", ":")),
    }


def _answered(request: IncomingRequest, data: dict[str, Any]) -> HttpResponse:
    path = request.path.removeprefix(f"/{request.raw['org']}/{request.raw['app']}")
    return answer(
        request,
        envelope(request, path=path, entities=[], data=data, count=len(data["channel_infos"])),
        "observed",
    )
