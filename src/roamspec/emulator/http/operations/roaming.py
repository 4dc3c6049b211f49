"""`POST /users/{user}/messageroaming`: pulling a conversation's messages."""

from base64 import b64encode
from typing import Any, Final

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.domain.roaming import PullQuery, pull
from roamspec.emulator.http.answers import HttpResponse, answer
from roamspec.emulator.http.operations.common import existing_owner, text_field, text_list
from roamspec.emulator.http.request import IncomingRequest

_DEFAULT_SIZE: Final = 20
_GROUP_DOMAIN: Final = "conference."
# Clients call voice messages `voice`, senders call them `audio`.
_TYPE_NAMES: Final = {"voice": "audio"}
_LAST_CURSOR: Final = {"undefined": "undefined", "null": None, "empty": ""}


def pull_messages(request: IncomingRequest) -> HttpResponse:
    """One page of a user's view, each message as base64 of its `Meta`."""
    owner = existing_owner(request)
    query = _query(request.json_object())
    page = pull(request.context(), owner, query)
    # Loading protobuf takes a tenth of the time in which the emulator must be ready.
    from roamspec.emulator.metas import message_as_meta

    app_key = str(request.app.key)
    last = _LAST_CURSOR[request.settings.last_page_cursor]
    data = {
        "user": f"{owner}@easemob.com",
        "queue": request.json_object()["queue"],
        "msgs": [
            {"msg": b64encode(message_as_meta(message, app_key).SerializeToString()).decode()}
            for message in page.messages
        ],
        "next_key": page.cursor or last,
        "is_last": not page.cursor,
        "timestamp": request.now,
    }
    fields = {"action": "get message roaming", "data": data, "timestamp": request.now}
    return answer(request, fields, "observed")


def _query(body: dict[str, Any]) -> PullQuery:
    queue, at, domain = text_field(body, "queue").partition("@")
    if not queue:
        raise ApiError("query-value", text="queue must be provided")
    in_group = bool(at) and domain.startswith(_GROUP_DOMAIN)
    conversation = ConversationKey("group", queue) if in_group else ConversationKey("chat", queue.lower())
    start = body.get("start")
    cursor = "" if start in (None, "", -1, "-1") else start
    if not isinstance(cursor, (str, int)) or isinstance(cursor, bool):
        raise ApiError("bad-cursor")
    senders = body.get("userIds") or body.get("userId") or []
    types = [item for item in text_field(body, "msgType").split(",") if item]
    return PullQuery(
        conversation,
        str(cursor),
        newer=body.get("is_positive") is True,
        size=_number(body, "pull_number", _DEFAULT_SIZE, low=1),
        start_ms=_time(body, "startTime"),
        end_ms=_time(body, "endTime"),
        senders=frozenset(n.lower() for n in ([senders] if isinstance(senders, str) else text_list(senders))),
        types=frozenset(_TYPE_NAMES.get(item, item) for item in types),
    )


def _number(body: dict[str, Any], key: str, default: int, *, low: int) -> int:
    value = body.get(key)
    if value is None:
        return default
    if type(value) is not int or value < low:
        raise ApiError("query-value", text=f"{key} must be a positive number")
    return value


def _time(body: dict[str, Any], key: str) -> int | None:
    value = body.get(key)
    if value is None or value == -1:
        return None
    if type(value) is not int:
        raise ApiError("query-value", text=f"{key} must be a number of milliseconds")
    return value
