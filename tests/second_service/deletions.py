"""The five deletions: read the call, check it, erase, tell the devices, answer."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from tests.second_service.fault_spec import OPERATIONS, PLAIN, Call, Hooks, Notice, Operation
from tests.second_service.identity import Gate
from tests.second_service.state import App, Pair, Thread, place_of
from tests.second_service.web import Answer, Request, envelope, refuse, refuse_as_documented, too_often

LARGEST_LONG = 2**63 - 1
LARGEST_ID = 2**64 - 1
MOST_IDS = 50


def error_row(call: Call, status: int, error: str, description: str) -> Answer:
    return refuse_as_documented(call.app.traits.web, status, error, description, call.app.now_ms())


def _other(call: Call, status: int, error: str, description: str) -> Answer:
    return refuse(call.app.traits.web, status, error, description, call.app.now_ms())


def too_many(call: Call, most: int = MOST_IDS) -> Answer | None:
    ids = call.ids if call.app.traits.erase.repeats_count else list(dict.fromkeys(call.ids))
    if len(ids) <= most:
        return None
    return error_row(call, 400, "param exception", "delete msg list limit can not greater than 50")


def missing(call: Call, names: tuple[str, ...] | None = None) -> Answer | None:
    """A required parameter that is absent or empty."""
    erase = call.app.traits.erase
    wanted = call.operation.required if names is None else names
    if all(call.given(name) for name in wanted):
        return None
    # Only the table of the first operation has this row; the others may reject otherwise.
    status = 400 if call.operation is OPERATIONS[0] else erase.missing
    row = error_row(call, status, "Bad Request", "Bad Request")
    return row.having(error_description=None, status=status) if erase.missing_bare else row


class Eraser:
    """Serves the five calls of one service; `hooks_by_operation` holds the faults by operation name."""

    def __init__(self, gate: Gate, apps: Mapping[str, App], hooks_by_operation: Mapping[str, Hooks]) -> None:
        self.gate, self.apps, self.hooks_by_operation = gate, apps, hooks_by_operation
        self.under_way: dict[str, int] = {}
        self.answered = 0
        self.collected: dict[asyncio.Queue[dict[str, Any]], list[dict[str, Any]]] = {}
        self.checks: dict[str, Callable[[Call], Answer | None]] = {
            "auth": self._auth,
            "open": self._open,
            "missing": missing,
            "limit": too_many,
            "values": self._values,
            "owner": self._owner,
            "partner": self._partner,
        }
        for app in apps.values():
            app.arrivals.extend(t.arrival for t in hooks_by_operation.values() if t.arrival is not None)

    async def serve(self, operation: Operation, app: App, request: Request, owner: str) -> Answer:
        hooks = self.hooks_by_operation.get(operation.name, PLAIN)
        if request.method != operation.method and request.method not in hooks.methods:
            return self.wrong_method(app)
        limits = app.traits.web
        most = hooks.rate or (100 if limits.limits else 0)
        name = "deletions" if limits.joint_limit else operation.name
        if most and too_often(app.calls, name, most, fixed=limits.fixed_window):
            headers = {"retry-after": "1"} if limits.retry_after else {}
            answer = refuse(
                limits, limits.limit_status, "reach_limit", "This request has reached api limit", app.now_ms()
            )
            return Answer(answer.status, answer.body, headers)
        call = self._read(operation, app, request, owner)
        hooks.prepare(call)
        call.overlapping = self.under_way.get(operation.name, 0) > 0
        self.under_way[operation.name] = self.under_way.get(operation.name, 0) + 1
        try:
            if hooks.slow_s:
                await asyncio.sleep(hooks.slow_s)
            answer = self._judged(call, hooks)
        finally:
            self.under_way[operation.name] -= 1
        if not hooks.methods.get(request.method, True):
            return self.wrong_method(app)
        return answer

    def _judged(self, call: Call, hooks: Hooks) -> Answer:
        refusal = None
        for name in call.app.traits.erase.order:
            found = self.checks[name](call)
            refusal = hooks.checks[name](call, found) if name in hooks.checks else found
            if refusal is not None:
                break
        refusal = hooks.refusal(call, refusal)
        done = refusal is None or hooks.effective_though_rejected(call, refusal)
        went = self._erase(call, hooks) if done else []
        if refusal is None or hooks.notified_though_rejected(call, refusal):
            self._tell(call, hooks, went)
        return hooks.answer(call, self._success(call)) if refusal is None else refusal

    def _read(self, operation: Operation, app: App, request: Request, owner: str) -> Call:
        call = Call(operation, app, self.apps, request, owner, self.gate.holder(app, request))
        call.known_tokens, call.token_state = self.gate.issued, self.gate.state(app, request)
        if operation.kind == "chat" and (peer := call.given("userId")):
            call.thread = Thread("chat", peer)
        elif operation.kind == "group" and (number := call.given("groupId")):
            room = app.rooms_and_groups.get(number)
            call.thread = Thread(room.kind if room else "group", number)
        call.ids = [item for item in (call.given("msgIdList") or "").split(",") if item]
        text = (call.given("delTime") or "").removeprefix("-")
        if text.isascii() and text.isdigit():
            call.del_time = int(call.given("delTime") or "")
        call.notify = (call.given("isNotify") or "true").lower() != "false"
        return call

    def _erase(self, call: Call, hooks: Hooks) -> list[Pair]:
        pairs = list(dict.fromkeys(hooks.pairs(call, due_pairs(call))))
        if hooks.lingers:
            call.app.lingering |= dict.fromkeys(pairs, hooks.lingers)
        call.app.enlist(hooks.changes(call, call.app.lose(p for p in pairs if p[1] in call.app.by_id)))
        if call.app.traits.erase.hides_what_is_older and call.operation.by != "ids":
            _mark_cleared(call)
        return pairs

    def _tell(self, call: Call, hooks: Hooks, went: list[Pair]) -> None:
        due = due_notices(call, went) if call.notify else []
        late_s = call.app.lag_s(call.app.traits.notices.late_s)
        for notice in hooks.notices(call, due):
            queue = call.app.devices.get(notice.user, {}).get(notice.device)
            if queue is None:
                continue
            for _ in range(2 if call.app.traits.notices.twice else 1):
                if call.app.traits.notices.batch_s:
                    self._collect(queue, notice.data, call.app.traits.notices.batch_s)
                else:
                    asyncio.get_running_loop().call_later(late_s, queue.put_nowait, notice.data)

    def _collect(self, queue: asyncio.Queue[dict[str, Any]], data: dict[str, Any], batch_s: float) -> None:
        """Keep a notification back with those that come soon after it."""
        if queue not in self.collected:
            asyncio.get_running_loop().call_later(batch_s, self._hand_out, queue)
        self.collected.setdefault(queue, []).append(data)

    def _hand_out(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        for data in merged(self.collected.pop(queue)):
            queue.put_nowait(data)

    def _success(self, call: Call) -> Answer:
        erase, app = call.app.traits.erase, call.app
        self.answered += 1
        now_ms = app.now_ms() + (erase.skew_ms if self.answered % 2 else 0) + int(1000 * erase.clock_s)
        now_ms = now_ms // erase.step_ms * erase.step_ms
        stamp = float(now_ms) if erase.float_time else now_ms
        common = envelope(call.request, app.org, app.name, app.uuid, now_ms) if erase.envelope else {}
        if common and erase.inner_paths:
            inner = "/" + "/".join(part for part in common["path"].split("/")[2:] if part != call.owner)
            common |= {"path": inner, "uri": f"http://im-rest.internal:8080/{app.org}/{app.name}{inner}"}
        return Answer(200, {**common, "requestStatusCode": "ok", "timestamp": stamp, **erase.extra})

    def wrong_method(self, app: App) -> Answer:
        web, now_ms = app.traits.web, app.now_ms()
        if web.wrong_method == 500:
            text = "Service operation not supported"
            return refuse(web, 500, "unsupported_service_operation", text, now_ms)
        return refuse(web, web.wrong_method, "Method Not Allowed", None, now_ms)

    def _auth(self, call: Call) -> Answer | None:
        if call.token is None:
            return self.gate.unauthorized(call.app)
        if call.token.user is None:
            return None
        status = call.app.traits.entry.user_token
        if status == 200 and call.token.user == call.owner:
            return None
        if status == 403:
            return _other(call, 403, "forbidden_service_operation", "Service operation not allowed")
        return self.gate.unauthorized(call.app)

    def _open(self, call: Call) -> Answer | None:
        if call.app.is_open:
            return None
        return error_row(call, 400, "service open exception", "this appKey not open message roaming")

    def _values(self, call: Call) -> Answer | None:
        erase = call.app.traits.erase
        wrong = False
        known = {*call.operation.required, *(["isNotify"] if call.operation.required else [])}
        if erase.strict_query and any(name not in known for name, _ in call.request.query):
            return _other(call, 400, "illegal_argument", "a parameter that is not known")
        if erase.repeats != 200 and len(set(call.ids)) < len(call.ids):
            return _other(call, erase.repeats, "illegal_argument", "the same ID twice")
        if call.operation.by == "ids":
            raw = (call.given("msgIdList") or "").split(",")
            odd = any(not (i.isascii() and i.isdigit() and int(i) <= LARGEST_ID) for i in call.ids)
            wrong |= odd and erase.odd_id != 200
            wrong |= "" in raw and erase.empty_item != 200
        elif call.operation.by == "time":
            time_ms = call.del_time
            if time_ms is None or not 0 <= time_ms <= LARGEST_LONG:
                wrong |= erase.odd_time != 200
                call.del_time = None
            else:
                wrong |= time_ms == 0 and erase.zero_time != 200
                wrong |= time_ms > call.app.now_ms() and erase.future_time != 200
        if call.operation.by != "everything":
            notify = call.given("isNotify")
            wrong |= notify is not None and notify not in ("true", "false") and erase.odd_notify != 200
        return _other(call, 400, "illegal_argument", "this is an invalid request.") if wrong else None

    def _owner(self, call: Call) -> Answer | None:
        status = call.app.traits.erase.unknown_owner
        if status == 200 or call.app.person(call.owner) is not None:
            return None
        return _other(call, status, "service_resource_not_found", "Service resource not found")

    def _partner(self, call: Call) -> Answer | None:
        """The other side, and whether the IDs are of this conversation."""
        erase = call.app.traits.erase
        if call.thread is None:
            return None
        known = call.app.people if call.thread.kind == "chat" else call.app.rooms_and_groups
        if erase.unknown_partner != 200 and call.thread.partner not in known:
            return _other(call, erase.unknown_partner, "resource_not_found", "this does not exist!")
        room = call.app.rooms_and_groups.get(call.thread.partner) if call.thread.kind != "chat" else None
        if erase.outsider != 200 and room is not None and call.owner not in room.joined:
            return _other(call, erase.outsider, "group_authorization", "user is not in the group")
        if call.operation.by != "ids":
            return None
        if call.thread.kind == "room" and erase.rooms_by_id != 200:
            return _other(call, erase.rooms_by_id, "illegal_argument", "groupId is no group")
        here = {m.id for m in call.app.view(call.owner, call.thread)}
        if erase.unknown_id != 200 and not set(call.ids) <= here:
            return _other(call, erase.unknown_id, "illegal_argument", "message does not exist")
        return None


def due_pairs(call: Call) -> list[Pair]:
    """What a conforming service erases."""
    if call.operation.by == "everything":
        return [(call.owner, m.id) for m in call.app.everything(call.owner)]
    if call.thread is None:
        return []
    here = call.app.view(call.owner, call.thread)
    if call.operation.by == "ids":
        return [(call.owner, m.id) for m in here if m.id in call.ids]
    limit = call.del_time
    return [] if limit is None else [(call.owner, m.id) for m in here if m.time_ms <= limit]


def due_notices(call: Call, went: list[Pair]) -> list[Notice]:
    """What a conforming service tells the owner's devices."""
    traits, now_ms = call.app.traits.notices, call.app.now_ms()
    if traits.only_if_something_went and not went:
        return []
    data: dict[str, Any] = {"user": call.owner, "timestamp": now_ms, "source": "rest"}
    if call.operation.by == "everything":
        told = [{**data, "operation": "clear_user"}] if traits.clear_user else []
    elif call.thread is not None:
        kind = traits.room_type if call.thread.kind == "room" else call.thread.kind
        data["conversation"] = {"type": kind, "id": call.thread.partner}
        told = _notices_of(call, data, [message_id for _, message_id in went])
    else:
        told = []
    if traits.more and told and call.thread is not None and not call.app.view(call.owner, call.thread):
        told.append({**data, "operation": "conversation_emptied"})
    return [Notice(call.owner, d, one) for one in told for d in call.app.devices.get(call.owner, {})]


def _notices_of(call: Call, data: dict[str, Any], went: list[str]) -> list[dict[str, Any]]:
    traits = call.app.traits.notices
    if call.operation.by == "time":
        more = {"del_time": call.del_time} if traits.what else {}
        return [{**data, "operation": "clear_before", **more}]
    ids: list[Any] = list(dict.fromkeys(call.ids)) if traits.all_named else went
    if traits.numbers:
        ids = [int(one) if one.isdigit() else one for one in ids]
    if not traits.what:
        return [{**data, "operation": "delete_messages"}]
    groups = [[one] for one in ids] if traits.one_by_one else [ids]
    return [{**data, "operation": "delete_messages", "message_ids": group} for group in groups]


def merged(notices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One notification for each operation and conversation, in the order of the first ones."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for data in notices:
        key = data["operation"], str(data.get("conversation"))
        before = found.setdefault(key, {**data})
        if before is not data and "message_ids" in data:
            ids = dict.fromkeys([*before["message_ids"], *data["message_ids"]])
            before["message_ids"] = list(ids)
        if "del_time" in data:
            before["del_time"] = max(before["del_time"], data["del_time"])
    return list(found.values())


def _mark_cleared(call: Call) -> None:
    """Remember up to when the owner has nothing any more."""
    cleared, limit = call.app.cleared, call.del_time
    if call.operation.by == "everything":
        cleared[call.owner, None] = call.app.now_ms()
    elif call.thread is not None and limit is not None:
        key = call.owner, place_of(call.owner, call.thread)
        cleared[key] = max(limit, cleared.get(key, -1))
