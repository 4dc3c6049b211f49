"""A service of a few dozen lines, in memory: enough of the API to arrange and observe with.

It shares nothing with the emulator, and its knobs are the ways in which services differ, or break.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote

import httpx

from roamspec.wire import PulledMessage, encode_message

NOW_MS = 1_710_309_184_114


@dataclass
class FakeService:
    """`hidden` are the (user, message ID) pairs that a deletion took; `calls` the requests so far."""

    imports: str = "free"
    """`free` keeps the time it is given, `now` replaces it, `seconds` cuts it, `refused` lets nothing in."""
    list_forms: tuple[str, ...] = ("/sdk/user/", "/users/", "/user/")
    sent_enters_lists: bool = True
    imported_enters_lists: bool = False
    rooms: bool = True
    ties: str = "kept"
    """What becomes of a second import with the same time: `kept`, `refused`, or `moved` by a millisecond."""
    shows_groups: bool = True
    """Whether groups and rooms can be looked up."""
    joining: bool = True
    """Whether members can be added to a group."""
    orphans_go: tuple[str, ...] = ("group", "room")
    """What goes with the user who owns it."""
    minus_one_starts: bool = True
    pull_with: str = "app"
    """Whose token a pull needs: `app`, `user`, or `nobody`'s will do."""
    list_with: str = "anybody"
    """Whose token a list needs: `user`, `nobody`'s will do, or `anybody`'s does."""
    pull_status: int = 200
    grants: bool = True
    """Whether there are tokens to be had."""
    short_tokens: bool = True
    tokens_end: bool = True
    """Whether tokens ever end; those that do not are granted for no seconds."""
    password_grant: bool = True
    list_lag_looks: int = 0
    """How often a list is read before a conversation appears in it."""
    pull_lag_looks: int = 0
    """How often is pulled before any message is there."""
    come_looks: int = 0
    """How often a user is looked up before there is one."""
    forgets_for: str = ""
    """A user who never pulls a new message."""
    stamps: Callable[[int], int] = lambda time_ms: time_ms
    """What a message that is sent is stamped with, at `time_ms`."""
    clock: Callable[[], float] | None = None
    """Seconds for `stamps` to start from; without one, each message comes a millisecond after the last."""
    delete: Callable[["FakeService", str, str, dict[str, str]], httpx.Response | None] | None = None
    """Stands in for a deletion: (service, path, owner, query) to a response, or None to go on."""

    users: set[str] = field(default_factory=set)
    groups: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    messages: list[PulledMessage] = field(default_factory=list)
    listed: set[tuple[str, str]] = field(default_factory=set)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))
    _looks: int = 0
    _pulls: int = 0
    _looked_up: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        self.calls.append(f"{request.method} {path}")
        _, org, app, *rest = path.split("/")
        assert (org, app) in (("acme", "parlor"), ("acme", "neighbour"), ("acme", "closed"))
        body = json.loads(request.content) if request.content else {}
        token = request.headers.get("authorization", "")
        parts = [unquote(part) for part in rest]
        match request.method, parts:
            case "POST", ["token"]:
                return self._token(body)
            case "POST", ["users"]:
                return self._register(body)
            case "POST", ["chatgroups"]:
                return self._group("group", body, "groupid")
            case "POST", ["chatgroups", identifier, "users", user] if self.joining:
                self.groups[identifier][1].append(user)
                return _ok()
            case "POST", ["chatrooms"]:
                return self._group("room", body, "id") if self.rooms else _refusal(403)
            case "POST", ["users", user, "messageroaming"]:
                return self._pull(user, body, token)
            case "POST", ["messages", kind]:
                return self._send(kind, body)
            case "POST", ["messages", kind, "import"]:
                return self._import(kind, body)
            case "GET", [*_, "user_channels"] | [*_, "user_channels", _]:
                return self._list(path, parts, token)
            case "GET", ["users", user]:
                self._looked_up += 1
                known = user in self.users and self._looked_up > self.come_looks
                return _ok() if known else _refusal(404)
            case "GET", ["chatgroups" | "chatrooms", identifier] if self.shows_groups:
                return _ok() if identifier in self.groups else _refusal(404)
            case "DELETE", ["users", user]:
                self.users.discard(user)
                self._orphan(user)
                return _ok()
            case "DELETE", ["chatgroups" | "chatrooms", identifier]:
                return _ok() if self.groups.pop(identifier, None) else _refusal(404)
            case _, ["rest", "message", "roaming", *_]:
                return self._deletion(path, parts, {k: v[-1] for k, v in parse_qs(query).items()})
        return _refusal(404)

    def _token(self, body: dict[str, Any]) -> httpx.Response:
        if not self.grants:
            return _refusal(401, "invalid_grant")
        if body["grant_type"] == "password" and not self.password_grant:
            return _refusal(400)
        lifetime = body.get("ttl", 5_184_000) if self.short_tokens else 5_184_000
        lifetime = lifetime if self.tokens_end else 0
        owner = body.get("username", "app")
        return _ok(access_token=f"YWMt-{owner}-{next(self._numbers)}", expires_in=lifetime)

    def _register(self, body: Any) -> httpx.Response:
        names = {user["username"] for user in (body if isinstance(body, list) else [body])}
        if names & self.users:
            return _refusal(400, "duplicate_unique_property_exists")
        self.users |= names
        return _ok(entities=[])

    def _group(self, kind: str, body: dict[str, Any], name: str) -> httpx.Response:
        identifier = str(1000 + next(self._numbers))
        self.groups[identifier] = (kind, [body["owner"], *body["members"]])
        return _ok(data={name: identifier})

    def _orphan(self, owner: str) -> None:
        for identifier, (kind, members) in list(self.groups.items()):
            if members[0] == owner and kind in self.orphans_go:
                del self.groups[identifier]

    def _put(self, sender: str, target: str, kind: str, time_ms: int, *, listed: bool) -> str:
        identifier = str(10_000 + next(self._numbers))
        self.messages.append(PulledMessage(identifier, sender, target, kind, time_ms, "hello", "txt"))  # type: ignore[arg-type]
        if self.forgets_for:
            self.hide(self.forgets_for, [identifier])
        if listed:
            readers = self.groups[target][1] if target in self.groups else [sender, target]
            for reader in readers:
                other = target if kind == "group" or reader == sender else sender
                self.listed.add((reader, other))
        return identifier

    def _send(self, kind: str, body: dict[str, Any]) -> httpx.Response:
        [target] = body["to"]
        chat_type = {"users": "chat", "chatgroups": "group"}.get(kind, "room")
        at = self.stamps(round(self.clock() * 1000) if self.clock else NOW_MS + next(self._numbers))
        identifier = self._put(body["from"], target, chat_type, at, listed=self.sent_enters_lists)
        return _ok(data={target: identifier})

    def _import(self, kind: str, body: dict[str, Any]) -> httpx.Response:
        if self.imports == "refused":
            return _refusal(403)
        now = NOW_MS + next(self._numbers)
        at = now if self.imports == "now" else body.get("msg_timestamp", now)
        at -= at % 1000 if self.imports == "seconds" else 0
        target = body["target"]
        if any(m.time_ms == at and m.receiver == target for m in self.messages):
            if self.ties == "refused":
                return _refusal(400)
            at += self.ties == "moved"
        chat_type = "chat" if kind == "users" else "group"
        identifier = self._put(body["from"], target, chat_type, at, listed=self.imported_enters_lists)
        return _ok(data={"msg_id": identifier})

    def seen_by(self, user: str, other: str) -> list[PulledMessage]:
        """`user`'s view of the conversation with `other`, newest first."""
        found = [
            message
            for message in self.messages
            if (user, message.id) not in self.hidden and self._between(message, user, other)
        ]
        return sorted(found, key=lambda m: (m.time_ms, m.id), reverse=True)

    def _between(self, message: PulledMessage, user: str, other: str) -> bool:
        if other in self.groups:
            return message.receiver == other
        return {message.sender, message.receiver} == {user, other}

    def _pull(self, user: str, body: dict[str, Any], token: str) -> httpx.Response:
        if self.pull_status != 200:
            return _refusal(self.pull_status)
        if self.pull_with != "nobody" and f"YWMt-{user if self.pull_with == 'user' else 'app'}-" not in token:
            return _refusal(401)
        if body["start"] == -1 and not self.minus_one_starts:
            return _refusal(400)
        other, _, _ = body["queue"].partition("@")
        self._pulls += 1
        found = self.seen_by(user, other) if self._pulls > self.pull_lag_looks else []
        if body["is_positive"]:
            found.reverse()
        start = body["start"] if isinstance(body["start"], int) and body["start"] > 0 else 0
        end = start + body["pull_number"]
        items = [{"msg_id": m.id, "msg": encode_message(m, "acme#parlor")} for m in found[start:end]]
        return _ok(data={"msgs": items, "next_key": end, "is_last": end >= len(found)})

    def _list(self, path: str, parts: list[str], token: str) -> httpx.Response:
        below = path.removeprefix("/acme/parlor")
        if not below.startswith(self.list_forms):
            return _refusal(404)
        user = parts[parts.index("user_channels") - 1]
        if self.list_with != "anybody" and (self.list_with == "nobody" or f"YWMt-{user}-" not in token):
            return _refusal(401)
        self._looks += 1
        others = [other for reader, other in sorted(self.listed) if reader == user]
        shown = others if self._looks > self.list_lag_looks else []
        visible = [other for other in shown if self.seen_by(user, other)]
        kinds = ["group" if other in self.groups else "chat" for other in visible]
        infos = [{"session_to": o, "session_type": kind} for o, kind in zip(visible, kinds, strict=True)]
        return _ok(data={"channel_infos": infos, "cursor": ""})

    def _deletion(self, path: str, parts: list[str], query: dict[str, str]) -> httpx.Response:
        owner = parts[5] if parts[3] in ("chat", "group") else parts[4]
        if self.delete:
            answer = self.delete(self, path, owner, query)
            if answer is not None:
                return answer
        other = query.get("userId") or query.get("groupId", "")
        if parts[-1] == "all":
            self.hide(owner, [message.id for message in self.messages])
        elif "delTime" in query:
            until = int(query["delTime"])
            self.hide(owner, [m.id for m in self.seen_by(owner, other) if m.time_ms <= until])
        elif "msgIdList" in query:
            named = query["msgIdList"].split(",")
            self.hide(owner, [m.id for m in self.seen_by(owner, other) if m.id in named])
        else:
            return _refusal(400, "Bad Request", "Bad Request")
        return _ok(requestStatusCode="ok", timestamp=NOW_MS + next(self._numbers))

    def hide(self, user: str, identifiers: list[str]) -> None:
        self.hidden |= {(user, identifier) for identifier in identifiers}


def _ok(**fields: object) -> httpx.Response:
    return httpx.Response(200, json=fields)


def _refusal(status: int, error: str = "refused", description: str = "no") -> httpx.Response:
    return httpx.Response(status, json={"error": error, "error_description": description})
