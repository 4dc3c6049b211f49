"""Groups, chatrooms, messages sent and messages imported."""

import asyncio
from typing import Any

from tests.second_service.state import App, Message, Room
from tests.second_service.web import Answer, Request, envelope, refuse, too_often

EPOCH_OF_ROOMS_MS = 1_479_398_400_000
"""2016-11-17T16:00Z, from which the upper part of a group's number counts."""
MOST_RECEIVERS = {"users": 600, "chatgroups": 3, "chatrooms": 10}
KIND = {"users": "chat", "chatgroups": "group", "chatrooms": "room"}


def _bad(app: App, error: str, text: str, status: int = 400) -> Answer:
    return refuse(app.traits.web, status, error, text, app.now_ms())


def _wrapped(app: App, request: Request, data: Any) -> Answer:
    if app.traits.talk.lean_groups:
        return Answer(200, {"data": data})
    body = envelope(request, app.org, app.name, app.uuid, app.now_ms())
    del body["path"]
    return Answer(200, {**body, "data": data})


def create_room(app: App, request: Request, kind: str) -> Answer:
    """`POST /chatgroups` or `POST /chatrooms`."""
    talk = app.traits.talk
    if kind == "room" and talk.rooms == "none":
        return _bad(app, "forbidden_service_operation", "Service operation not allowed", 403)
    asked = request.json()
    if not isinstance(asked, dict):
        return _bad(app, "invalid_request_body", "Request body is invalid. Please check body is correct.")
    if kind == "group" and "public" not in asked:
        return _bad(app, "invalid_parameter", "group must contain public field!")
    for required in ("owner",) if kind == "group" else ("name", "description", "owner"):
        if not asked.get(required):
            return _bad(app, "invalid_parameter", f"{required} must be provided")
    members = asked.get("members", [])
    if kind == "room" and members == [] and "members" in asked:
        return _bad(app, "invalid_parameter", "members must not be empty")
    for name in (asked["owner"], *members):
        if app.person(name) is None:
            return _bad(app, "resource_not_found", f"username {name} doesn't exist!", 404)
        if kind == "group" and talk.most_groups and _groups_of(app, name) >= talk.most_groups:
            return _bad(app, "exceed_limit", f"user {name} has joined too many groups!", 403)
    app.seq += 1
    made_s = (app.now_ms() - EPOCH_OF_ROOMS_MS) // 1000
    number = str((made_s << 20) + 0x10000 + app.seq)
    joined = dict.fromkeys([asked["owner"], *members], app.seq)
    app.rooms_and_groups[number] = Room(kind, number, asked["owner"], app.now_ms(), joined)
    if kind == "group" and talk.groups_begin_with_a_notice:
        app.add("group", "admin", number, "The group exists now.", "notice", _stamp(app))
    as_number = talk.group_number if kind == "group" else talk.room_number
    key = "groupid" if kind == "group" else "id"
    return _wrapped(app, request, {key: int(number) if as_number else number})


def _groups_of(app: App, name: str) -> int:
    return sum(room.kind == "group" and name in room.joined for room in app.rooms_and_groups.values())


def remove_room(app: App, request: Request, kind: str, number: str) -> Answer:
    room = app.rooms_and_groups.get(number)
    if room is None or room.kind != kind:
        return _bad(app, "resource_not_found", f"grpID {number} does not exist!", 404)
    del app.rooms_and_groups[number]
    return _wrapped(app, request, {"success": True, "groupid" if kind == "group" else "id": number})


def add_members(app: App, request: Request, number: str, name: str | None) -> Answer:
    """`POST /chatgroups/{id}/users[/{username}]`."""
    room = app.rooms_and_groups.get(number)
    if room is None:
        return _bad(app, "resource_not_found", f"grpID {number} does not exist!", 404)
    if app.traits.talk.closed_groups:
        return _bad(app, "forbidden_op", "nobody may join this group", 403)
    asked = request.json()
    names = [name] if name else list(asked.get("usernames", [])) if isinstance(asked, dict) else []
    for one in names:
        if app.traits.talk.join_s:
            asyncio.get_running_loop().call_later(app.traits.talk.join_s, _join, app, room, one)
        else:
            _join(app, room, one)
    return _wrapped(app, request, {"newmembers": names, "groupid": number, "action": "add_member"})


def _join(app: App, room: Room, name: str) -> None:
    room.joined.setdefault(name, app.seq + 1)


def _stamp(app: App) -> int:
    talk = app.traits.talk
    now = app.now_ms() + (talk.machines_ms if app.seq % 2 else 0)
    return now // talk.step_ms * talk.step_ms


def send(app: App, request: Request, where: str) -> Answer:
    """`POST /messages/users`, `/messages/chatgroups` or `/messages/chatrooms`."""
    asked = request.json()
    if not isinstance(asked, dict):
        return _bad(app, "invalid_request_body", "Request body is invalid. Please check body is correct.")
    for required in ("to", "type", "body"):
        if not asked.get(required):
            return _bad(app, "message_send_error", f"param {required} can't be empty")
    if "from" in asked and not asked["from"]:
        return _bad(app, "message_send_error", "param from can't be empty")
    if asked["type"] in app.traits.talk.types_rejected:
        return _bad(app, "message_send_error", "param type is illegal")
    most = MOST_RECEIVERS[where]
    if not isinstance(asked["to"], list) or len(asked["to"]) > most:
        return _bad(app, "message_send_error", f"params to's size can't exceed limit {most}")
    sender, text = asked.get("from", "admin"), _filtered(app, asked["body"])
    if len(text.encode()) > 5 * 1024:
        return _bad(app, "message_send_error", "message is too large")
    told: dict[str, str | int] = {}
    for receiver in map(str, asked["to"]):
        dropped = (
            where == "chatrooms"
            and app.traits.talk.room_drops
            and too_often(app.calls, f"room {receiver}", 20)
        )
        message = _stored(app, KIND[where], sender, receiver, text, str(asked["type"]), dropped=dropped)
        legacy = app.traits.talk.legacy_send and request.first("useMsgId") != "true"
        told[receiver] = "success" if legacy else int(message) if app.traits.talk.ids_as_numbers else message
    body = envelope(request, app.org, app.name, app.uuid, app.now_ms())
    more = {"requestId": "r-1", "failed": []} if app.traits.talk.more_in_answers else {}
    return Answer(200, {**body, "data": {**more, **told}})


def _filtered(app: App, body: Any) -> str:
    text = str(body.get("msg", ""))
    return text.replace("ell", "***") if app.traits.talk.texts_filtered else text


def _stored(
    app: App, kind: str, sender: str, receiver: str, text: str, of_type: str, *, dropped: bool
) -> str:
    if dropped or of_type in app.traits.talk.types_dropped:
        app.seq += 1
        return str(10**17 + app.seq)
    return app.add(kind, sender, receiver, text, "rest", _stamp(app), of_type).id


def bring_in(app: App, request: Request, where: str) -> Answer:
    """`POST /messages/users/import` or `/messages/chatgroups/import`."""
    talk = app.traits.talk
    if talk.import_rule == "none" or (talk.import_rule == "chats-only" and where != "users"):
        return _bad(app, "web_application", "javax.ws.rs.WebApplicationException", 404)
    asked = request.json()
    if not isinstance(asked, dict):
        return _bad(app, "invalid_request_body", "Request body is invalid. Please check body is correct.")
    for required in ("type", "body", "from", "target"):
        if not asked.get(required):
            return _bad(app, "illegal_argument", f"{required} not allow empty")
    kind, receiver = KIND[where], str(asked["target"])
    stamp = asked.get("msg_timestamp", app.now_ms())
    if not isinstance(stamp, int) or stamp < 1000:
        return _bad(app, "illegal_argument", "msg_timestamp is illegal", talk.import_status)
    if talk.import_rule == "unstamped":
        stamp = app.now_ms()
    if (fault := _stamp_fault(app, kind, asked["from"], receiver, stamp)) is not None:
        return _bad(app, "illegal_argument", fault, talk.import_status)
    if asked["type"] in talk.types_rejected:
        return _bad(app, "illegal_argument", "type is illegal")
    if asked["type"] in talk.types_dropped:
        message_id = _stored(app, kind, asked["from"], receiver, "", asked["type"], dropped=True)
    else:
        said = _filtered(app, asked["body"])
        message_id = app.add(kind, asked["from"], receiver, said, "import", stamp, asked["type"]).id
    body = envelope(request, app.org, app.name, app.uuid, app.now_ms())
    return Answer(200, {**body, "data": {"msg_id": int(message_id) if talk.import_number else message_id}})


def _stamp_fault(app: App, kind: str, sender: str, receiver: str, stamp: int) -> str | None:
    rule = app.traits.talk.import_rule
    if rule == "recent" and stamp < app.now_ms() - 5000:
        return "msg_timestamp is in the past"
    if rule != "rising":
        return None
    room = app.rooms_and_groups.get(receiver) if kind == "group" else None
    if room is not None and not room.created_ms < stamp < app.now_ms():
        return "msg_timestamp must lie after the group's creation and before now"
    place = ("chat", *sorted((sender, receiver))) if kind == "chat" else (kind, receiver)
    earlier: list[Message] = app.places.get(place, [])
    if any(m.time_ms >= stamp for m in earlier if m.how == "import"):
        return "msg_timestamp must be greater than that of the last imported message"
    return None
