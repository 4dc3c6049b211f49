"""Sending and importing messages."""

import json
from collections.abc import Callable
from typing import Any, Final

from roamspec.emulator.domain import delivery
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.delivery import OutgoingMessage
from roamspec.emulator.http.answers import HttpResponse, answer, envelope
from roamspec.emulator.http.authentication import admin
from roamspec.emulator.http.operations.common import admit, admit_messages, text_list
from roamspec.emulator.http.operations.payload import TEXT_FIELD
from roamspec.emulator.http.request import IncomingRequest

KINDS: Final = frozenset(("txt", "img", "audio", "video", "file", "loc", "cmd", "custom"))
RECEIVERS_MAX: Final = {"users": 600, "chatgroups": 3, "chatrooms": 10}
IGNORED_MAX: Final = {"users": 600, "chatgroups": 20, "chatrooms": 600}
"""Names in `roam_ignore_users`: documented for groups, elsewhere as many as there may be receivers."""
_DEFAULT_SENDER: Final = "admin"


def send(where: str) -> Callable[[IncomingRequest], HttpResponse]:
    """`where` is the last segment of the path: `users`, `chatgroups` or `chatrooms`."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        body = request.json_object()
        draft = _draft(request, body, where)
        receivers = _receivers(body, where)
        admit_messages(request, len(receivers))
        context = request.context()
        sent: dict[str, str] = {}
        for receiver in receivers:
            if where == "users":
                sent[receiver] = delivery.send_to_user(context, draft, receiver)
            else:
                kind = "group" if where == "chatgroups" else "room"
                sent[receiver] = delivery.send_to_group(context, draft, receiver, kind)
        fields = envelope(request, path=f"/messages/{where}", entities=[], data=sent)
        return answer(request, fields, "documented")

    return handle


def import_message(where: str) -> Callable[[IncomingRequest], HttpResponse]:
    """`where` is `users` or `chatgroups`."""

    def handle(request: IncomingRequest) -> HttpResponse:
        admin(request)
        admit(request)
        body = request.json_object()
        if not body.get("type"):
            raise ApiError("import-parameter", text="type not allow empty")
        if not body.get("body"):
            raise ApiError("import-parameter", text="message body not allow empty")
        target = body.get("target")
        if not isinstance(target, str) or not target:
            raise ApiError("query-value", text="target not allow empty")
        if not isinstance(body.get("from"), str) or not body["from"]:
            raise ApiError("query-value", text="from not allow empty")
        time_ms = body.get("msg_timestamp")
        if time_ms is not None and (type(time_ms) is not int or time_ms >= 2**63):
            raise ApiError("bad-json")
        draft = _draft(request, body, where, read=body.get("is_ack_read") is True)
        if where == "users":
            message_id = delivery.import_to_user(request.context(), draft, target.lower(), time_ms)
        else:
            message_id = delivery.import_to_group(request.context(), draft, target, time_ms)
        fields = envelope(request, path=f"/messages/{where}/import", entities=[], data={"msg_id": message_id})
        return answer(request, fields, "documented")

    return handle


def _receivers(body: dict[str, Any], where: str) -> list[str]:
    wanted = body.get("to")
    if not wanted:
        raise ApiError("message-parameter", text="param to can't be empty")
    most = RECEIVERS_MAX[where]
    names = list(dict.fromkeys(text_list(wanted)))
    if len(names) > most:
        raise ApiError("message-parameter", text=f"params to's size can't exceed limit {most}")
    if "" in names:
        raise ApiError("message-parameter", text="param to can't be empty")
    return [name.lower() for name in names] if where == "users" else names


def _draft(
    request: IncomingRequest, body: dict[str, Any], where: str, *, read: bool = False
) -> OutgoingMessage:
    sender = body.get("from", _DEFAULT_SENDER)
    if not isinstance(sender, str) or not sender:
        raise ApiError("message-parameter", text="param from can't be empty")
    kind, content = body.get("type"), body.get("body")
    if not kind:
        raise ApiError("message-parameter", text="param type can't be empty")
    if kind not in KINDS if isinstance(kind, str) else True:
        raise ApiError("message-value", text="param type is not supported")
    if not content:
        raise ApiError("message-parameter", text="param body can't be empty")
    ext = body.get("ext", {})
    if not isinstance(ext, dict):
        raise ApiError("message-parameter", text="param ext must be JSONObject")
    if not isinstance(content, dict):
        raise ApiError("bad-json")
    if len(json.dumps((content, ext), ensure_ascii=False).encode()) > request.settings.message_bytes_max:
        raise ApiError("message-too-large")
    ignored = [name.lower() for name in text_list(body.get("roam_ignore_users", []))]
    if len(ignored) > IGNORED_MAX[where]:
        raise ApiError("message-value", text="param roam_ignore_users is too large")
    text_field = TEXT_FIELD.get(kind, "filename")
    text = content.get(text_field, "")
    if not isinstance(text, str):
        raise ApiError("bad-json")
    rest = {key: value for key, value in content.items() if key != text_field}
    extra = {"body": rest, "ext": ext} if rest or ext else None
    online_only = body.get("routetype") == "ROUTE_ONLINE"
    copy = body.get("sync_device") is True
    return OutgoingMessage(sender.lower(), kind, text, extra, frozenset(ignored), online_only, read, copy)
