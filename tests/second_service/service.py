"""The whole service as one ASGI application: routes, rates, and the stream of a device."""

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.second_service import identity, messaging, reading
from tests.second_service.deletions import Eraser
from tests.second_service.fault_spec import OPERATIONS, Hooks, Operation
from tests.second_service.identity import Gate
from tests.second_service.state import App
from tests.second_service.traits import Traits, Web
from tests.second_service.web import (
    Answer,
    Receive,
    Request,
    Send,
    header_fault,
    read_request,
    refuse,
    too_often,
    write_answer,
)

MAIN, NEIGHBOUR, CLOSED = "paddock", "paddock-two", "shut"
"""The apps of the one organisation."""
OPERATION = {o.name: o for o in OPERATIONS}
PER_SECOND = {"token": 300, "users": 100, "messages users": 100, "messages chatgroups": 20, "chatrooms": 50}
HEARTBEAT_S = 5.0


class Service:
    def __init__(self, traits: Traits, hooks_by_operation: Mapping[str, Hooks]) -> None:
        self.traits = traits
        self.apps = {
            f"{traits.org}/{name}": App(traits.org, name, is_open=name != CLOSED, traits=traits)
            for name in (MAIN, NEIGHBOUR, CLOSED)
        }
        self.main = self.apps[f"{traits.org}/{MAIN}"]
        self.gate = Gate(traits)
        self.eraser = Eraser(self.gate, self.apps, hooks_by_operation)
        self.ending = asyncio.Event()
        self.answered = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        request = await read_request(scope, receive)
        parts = request.segments
        watched = self.apps.get("/".join(parts[1:3])) if parts[0] == "observer" else None
        if watched is not None and self.traits.notices.observer and len(parts) == 8:
            await self._stream(watched, parts[4], parts[6], receive, send)
            return
        await write_answer(self._web(), request, await self._answer(request, parts), send)

    def _web(self) -> Web:
        self.answered += 1
        every = self.traits.web.close_every
        return (
            replace(self.traits.web, close=True) if every and self.answered % every == 0 else self.traits.web
        )

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return

    async def _answer(self, request: Request, parts: list[str]) -> Answer:
        app = self.apps.get("/".join(parts[:2]))
        somewhere = self.main
        web, now_ms = self.traits.web, somewhere.now_ms()
        if app is None and (served := self._wrongly(parts)) is not None:
            return served
        app = app or self._of_that_name(parts)
        if app is None and self.traits.erase.app_unknown == 401:
            return self.gate.unauthorized(somewhere)
        if app is None:
            named = "/".join(parts[:2])
            text = f"Could not find application for {named} from URI: {'/'.join(parts)}"
            return refuse(web, 404, "organization_application_not_found", text, now_ms)
        if (fault := header_fault(web, request, now_ms)) is not None:
            return fault
        rest = parts[2:]
        if (found := _operation(rest, alias=self.traits.erase.sdk_alias)) is not None:
            return await self.eraser.serve(found[0], app, request, found[1])
        if rest == ["token"]:
            await asyncio.sleep(self.traits.entry.token_slow_s)
        if web.limits and _over_rate(app, rest):
            return refuse(web, 429, "reach_limit", "This request has reached api limit", now_ms)
        if rest == ["token"] and request.method == "POST":
            return self.gate.grant(app, request)
        token = self.gate.holder(app, request)
        if token is None:
            return self.gate.unauthorized(app)
        answer = self._personal(app, request, rest, token.user)
        if answer is None and token.user is not None:
            return self.gate.unauthorized(app)
        answer = answer or _surrounding(app, request, rest)
        return answer or refuse(web, 404, "web_application", "javax.ws.rs.WebApplicationException", now_ms)

    def _wrongly(self, parts: list[str]) -> Answer | None:
        """What a fault makes of an App Key that does not exist."""
        found = _operation(parts[2:], alias=True)
        hooks = self.eraser.hooks_by_operation.get(found[0].name) if found else None
        if found is None or hooks is None or not hooks.unknown_app:
            return None
        if hooks.unknown_app != 200:
            return Answer(hooks.unknown_app, {"error": "internal", "error_description": "unexpected"})
        return Answer(200, {"requestStatusCode": "ok", "timestamp": self.main.now_ms()})

    def _of_that_name(self, parts: list[str]) -> App | None:
        """The app of a call whose operation does not look at the org."""
        found = _operation(parts[2:], alias=True)
        hooks = self.eraser.hooks_by_operation.get(found[0].name) if found else None
        if hooks is None or not hooks.org_ignored:
            return None
        return next((app for key, app in self.apps.items() if key.endswith(f"/{parts[1]}")), None)

    def _personal(self, app: App, request: Request, rest: list[str], holder: str | None) -> Answer | None:
        """What a user's own token opens as well."""
        match (request.method, rest):
            case ("POST", ["users", user, "messageroaming"]):
                allowed = "app" if holder is None else "user" if holder == user else "nobody"
                if allowed not in self.traits.read.pull_by:
                    return self.gate.unauthorized(app)
                return reading.pull(app, request, user, own=holder == user)
            case ("GET", ["user", user, "user_channels"]):
                form = 1
            case ("GET", ["users", user, "user_channels"]):
                form = 2
            case ("GET", ["users", user, "user_channels", "page"]):
                form = 3
            case ("GET", ["sdk", "user", user, "user_channels", "list"]):
                form = 4
            case _:
                return None
        caller = "app" if holder is None else "user" if holder == user else "nobody"
        if caller not in self.traits.read.list_by:
            return self.gate.unauthorized(app)
        return reading.lists(app, request, user, form)

    async def _stream(self, app: App, user: str, device: str, receive: Receive, send: Send) -> None:
        end = b"\r\n" if self.traits.notices.crlf else b"\n"
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        online = app.devices.setdefault(user, {})
        online[device] = queue
        if self.traits.notices.most_devices:
            for oldest in list(online)[: -self.traits.notices.most_devices]:
                online.pop(oldest).put_nowait({})

        async def write(*lines: str) -> None:
            body = b"".join(line.encode() + end for line in lines) + end
            size = 7 if self.traits.notices.lines else len(body)
            for start in range(0, len(body), size):
                piece = body[start : start + size]
                await send({"type": "http.response.body", "body": piece, "more_body": True})

        async def forward() -> None:
            if self.traits.notices.chatter:
                await write(": welcome", "retry: 3000", "event: presence", 'data: {"online": true}')
            await asyncio.sleep(self.traits.notices.ready_s)
            await write("event: ready", "data: {}")
            while True:
                try:
                    data = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    await write(": alive")
                    continue
                if not data:
                    return  # another device came online
                if self.traits.notices.chatter:
                    await write("event: presence", 'data: {"online": true}', "data: {}")
                text = json.dumps(data, indent=1 if self.traits.notices.lines else None)
                await write("id: 7", "event: sync", *[f"data: {line}" for line in text.split("\n")])

        async def gone() -> None:
            while (await receive())["type"] != "http.disconnect":
                continue

        tasks = [asyncio.create_task(t) for t in (forward(), gone(), self._over())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            if app.devices[user].get(device) is queue:
                del app.devices[user][device]

    async def _over(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.ending.wait(), self.traits.notices.cut_s or None)


def _operation(rest: list[str], *, alias: bool) -> tuple[Operation, str] | None:
    if not rest or rest[0] not in (("rest", "sdk") if alias else ("rest",)):
        return None
    match rest[1:]:
        case ["message", "roaming", "chat", "user", user]:
            return OPERATION["deleteChatMessages"], user
        case ["message", "roaming", "group", "user", user]:
            return OPERATION["deleteGroupMessages"], user
        case ["message", "roaming", "user", user, "delete", "all"]:
            return OPERATION["clearUser"], user
        case ["message", "roaming", "chat", "user", user, "time"]:
            return OPERATION["clearChatBefore"], user
        case ["message", "roaming", "group", "user", user, "time"]:
            return OPERATION["clearGroupBefore"], user
    return None


def _over_rate(app: App, rest: list[str]) -> bool:
    name = rest[0] if rest[:1] != ["messages"] else " ".join(rest[:3])
    if "messageroaming" in rest:
        name = "messageroaming"
    return too_often(app.calls, name, PER_SECOND.get(name, 100), fixed=app.traits.web.fixed_window)


def _surrounding(app: App, request: Request, rest: list[str]) -> Answer | None:
    match (request.method, rest):
        case ("POST", ["users"]):
            return identity.enrol(app, request)
        case ("GET" | "DELETE", ["users", name]):
            return identity.show_or_remove(app, request, name)
        case ("POST", ["chatgroups"]):
            return messaging.create_room(app, request, "group")
        case ("POST", ["chatrooms"]):
            return messaging.create_room(app, request, "room")
        case ("DELETE", ["chatgroups", number]):
            return messaging.remove_room(app, request, "group", number)
        case ("DELETE", ["chatrooms", number]):
            return messaging.remove_room(app, request, "room", number)
        case ("POST", ["chatgroups" | "chatrooms", number, "users"]):
            return messaging.add_members(app, request, number, None)
        case ("POST", ["chatgroups" | "chatrooms", number, "users", name]):
            return messaging.add_members(app, request, number, name)
        case ("POST", ["messages", "users" | "chatgroups" | "chatrooms" as where]):
            return messaging.send(app, request, where)
        case ("POST", ["messages", "users" | "chatgroups" as where, "import"]):
            return messaging.bring_in(app, request, where)
    return None
