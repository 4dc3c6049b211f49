"""What can be read back: pulls of messages, and conversation lists."""

import base64
import json
import secrets
import time
from collections.abc import Callable
from typing import Any, cast

from tests.second_service.state import App, Message, PulledWith, Thread, place_of
from tests.second_service.traits import Read
from tests.second_service.web import Answer, Request, envelope, refuse, too_often

from roamspec.wire import ChatType, Kind, PulledMessage, encode_message

SESSION = {"chat": "chat", "group": "groupchat", "room": "chatroom"}


def _order(app: App) -> Callable[[Message], tuple[int, int]]:
    if app.traits.read.order == "id":
        return lambda m: (int(m.id), 0)
    return lambda m: (m.time_ms, m.seq)


def _thread(app: App, queue: str) -> Thread:
    name, _, domain = queue.partition("@")
    if not domain.startswith("conference"):
        return Thread("chat", name)
    room = app.rooms_and_groups.get(name)
    return Thread(room.kind if room else "group", name)


def _encoded(app: App, message: Message, user: str) -> str:
    step_ms = 1 if user == message.sender else app.traits.read.received_step_ms
    wire = PulledMessage(
        id=message.id,
        sender=message.sender,
        receiver=message.receiver,
        chat_type=cast(ChatType, message.kind),
        time_ms=message.time_ms // step_ms * step_ms,
        text=message.text,
        kind=cast(Kind, message.type),
    )
    return encode_message(wire, app.key)


def pull(app: App, request: Request, user: str, *, own: bool) -> Answer:
    """`POST /users/{user}/messageroaming`; `own` with the user's own token."""
    read, web, now_ms = app.traits.read, app.traits.web, app.now_ms()
    app.pulls += 1
    if not app.is_open:
        return refuse(web, 400, "function_not_open_error", "messageroaming function not open", now_ms)
    asked = request.json()
    if not isinstance(asked, dict) or not isinstance(asked.get("queue"), str):
        return refuse(web, 400, "invalid_request_body", "Request body is invalid.", now_ms)
    most = asked.get("pull_number", 20)
    if read.largest_pull and most > read.largest_pull:
        text = f"pull number cannot be greater than {read.largest_pull}"
        return refuse(web, 400, "illegal_argument", text, now_ms)
    thread = _thread(app, asked["queue"])
    room = app.rooms_and_groups.get(thread.partner) if thread.kind != "chat" else None
    if room is not None and user not in room.joined and read.outsiders != 200:
        return refuse(web, read.outsiders, "group_authorization", "user is not in the group", now_ms)
    withheld = thread.kind == "room" and app.traits.talk.rooms != "open"
    upward = bool(asked.get("is_positive", False))
    key = _order(app)
    found = (
        []
        if withheld
        else sorted(app.shown(user, thread, _ways(read, asked, own=own)), key=key, reverse=not upward)
    )
    if read.holes and not withheld:
        places = app.places.get(place_of(user, thread), [])
        found = sorted((m for m in places if app.may_see(user, m)), key=key, reverse=not upward)
    start = asked.get("start")
    if start not in read.first_cursor:
        last = app.by_id.get(str(start).removeprefix("after:"))
        if last is None:
            return refuse(web, 400, "illegal_argument", f"start {start} is illegal", now_ms)
        edge = key(last)
        found = [m for m in found if (key(m) > edge if upward else key(m) < edge) or _again(read, m, last)]
    size = min(most, read.page)
    return _page(app, user, asked["queue"], found, size, thread)


def _ways(read: Read, asked: dict[str, Any], *, own: bool) -> list[PulledWith]:
    ways: list[tuple[PulledWith, bool]] = [
        ("own-token", own),
        ("named-types", bool(asked.get("msgType"))),
        ("cursor", asked.get("start") not in read.first_cursor),
    ]
    return [way for way, taken in ways if taken]


def _again(read: Read, message: Message, last: Message) -> bool:
    return read.includes_start and message is last


def _page(app: App, user: str, queue: str, found: list[Message], size: int, thread: Thread) -> Answer:
    read, now_ms = app.traits.read, app.now_ms()
    page, more = found[:size], len(found) > size
    if read.empty_last_page:
        more = bool(page)
    mark = ("after:" if read.cursor == "opaque" else "") + page[-1].id if page else ""
    if read.holes:
        shown = set(app.shown(user, thread))
        page = [m for m in page if m in shown]
    if read.order == "oldest-first":
        page = sorted(page, key=_order(app))
    if read.ties == "shuffled":
        place = {m.time_ms: number for number, m in enumerate(page)}
        page = sorted(page, key=lambda m: (place[m.time_ms], secrets.randbelow(1000)))
    data: dict[str, Any] = {
        "user": f"{user}@easemob.com",
        "queue": queue,
        "msgs": [{"msg": _encoded(app, m, user)} for m in page],
        "next_key": mark if more else read.last_key,
        "is_last": not more,
        "timestamp": now_ms,
    }
    if not more and read.key_absent:
        del data["next_key"]
    return Answer(200, {"action": "get message roaming", "data": data, "timestamp": now_ms, "duration": 2})


def lists(app: App, request: Request, user: str, form: int) -> Answer:
    """A user's conversations in one of the four forms; newest first."""
    read, web, now_ms = app.traits.read, app.traits.web, app.now_ms()
    if form not in read.lists:
        return refuse(web, 404, "web_application", "javax.ws.rs.WebApplicationException", now_ms)
    if read.list_per_minute and too_often(app.calls, f"lists of {user}", read.list_per_minute, 60.0):
        return refuse(web, 429, "reach_limit", "This request has reached api limit", now_ms)
    items = _cached(app, user)
    start, size = 0, len(items) or 1
    if form == 3:
        size = min(_count(request, "pageSize"), read.list_page)
        start = max(0, _count(request, "pageNum", 1) - read.page_from) * size
    elif form == 4:
        size = min(_count(request, "limit"), read.list_page)
        start = _count(request, "cursor", 0)
    data: dict[str, Any] = {"channel_infos": items[start : start + size]}
    if form == 4:
        data["cursor"] = str(start + size) if start + size < len(items) else ""
    return Answer(200, {**envelope(request, app.org, app.name, app.uuid, now_ms), "data": data})


def _cached(app: App, user: str) -> list[dict[str, Any]]:
    until, items = app.read_lists.get(user, (0.0, []))
    if time.monotonic() >= until:
        items = _items(app, user)
        app.read_lists[user] = time.monotonic() + app.traits.read.list_cache_s, items
    return items


def _items(app: App, user: str) -> list[dict[str, Any]]:
    shown = [
        (max(newest.time_ms, app.moved_up.get((user, thread), 0)), _item(app, user, thread, newest))
        for thread in app.listed(user)
        if (newest := _newest(app, user, thread)) is not None
    ]
    shown.sort(key=lambda moment_and_item: moment_and_item[0], reverse=True)
    items = [item for _, item in shown[: app.traits.read.list_most or None]]
    if app.traits.read.list_order == "any":
        items.sort(key=lambda _: secrets.randbelow(1_000_000))
    return items[::-1] if app.traits.read.list_order == "oldest-first" else items


def _count(request: Request, name: str, default: int = 20) -> int:
    text = request.first(name) or ""
    return int(text) if text.isdigit() else default


def _newest(app: App, user: str, thread: Thread) -> Message | None:
    """What the list shows of a conversation; None keeps it out."""
    read = app.traits.read
    if thread.kind == "room" and not read.rooms_listed:
        return None
    place = ("chat", *sorted((user, thread.partner))) if thread.kind == "chat" else tuple(thread)
    told = [m for m in app.places.get(place, []) if app.may_see(user, m)]
    if not told:
        return None
    left = [m for m in told if (user, m.id) not in app.lost]
    newest = max(left or told, key=lambda m: (m.time_ms, m.seq))
    return None if read.list_only_with_own_newest and not app.counts(newest) else newest


def _item(app: App, user: str, thread: Thread, newest: Message) -> dict[str, Any]:
    read = app.traits.read
    domain = "easemob.com" if thread.kind == "chat" else "conference.easemob.com"
    body = {"from": newest.sender, "to": newest.receiver, "bodies": [{"type": "txt", "msg": newest.text}]}
    payload = json.dumps(body) if read.list_meta == "json" else _encoded(app, newest, user)
    if read.list_meta == "base64":
        payload = base64.b64encode(json.dumps(body).encode()).decode()
    meta = {"id": newest.id, "timestamp": newest.time_ms, "payload": payload}
    item: dict[str, Any] = {
        "session_to": thread.partner,
        "session_type": SESSION[thread.kind],
        "channel_id": f"{thread.partner}@{domain}",
        "unread_num": 0 if user == newest.sender else 1,
        "is_top": False,
        "marks": [],
        "created_at": newest.time_ms,
        "meta": meta,
    }
    if read.list_form == "old":
        del item["session_to"], item["session_type"]
        item["channel_id"] = f"{app.key}_{thread.partner}@{domain}"
        item["unread_num"] = str(item["unread_num"])
        item["meta"] = {}
    return item
