"""A small client of the five operations, and all the ways in which one can be wrong.

As a program it is a maintainer's test command: `python sdk_client.py [HABIT]`. Without a habit it keeps
every requirement on clients.
"""

import http.client
import json
import os
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

ALL = "all five"
HABITS: Mapping[str, tuple[str, str]] = {
    # habit: (operation that shows it, requirement that it breaks)
    "posts": ("deleteChatMessages", "client-request.method-and-path"),
    "misspells-the-path": ("clearUser", "client-request.method-and-path"),
    "leaves-out-the-ids": ("deleteGroupMessages", "client-request.required-parameters"),
    "repeats-a-parameter": ("clearChatBefore", "client-request.each-parameter-once"),
    "brackets-the-ids": ("deleteChatMessages", "client-request.ids-separated-by-commas"),
    "names-the-owner-twice": ("clearChatBefore", "client-request.owner-is-not-the-peer"),
    "escapes-the-owner-twice": (ALL, "client-escaping.owner-arrives-as-meant"),
    "escapes-no-peer": ("clearChatBefore", "client-escaping.conversation-arrives-as-meant"),
    "puts-blanks-into-urls": ("clearChatBefore", "client-escaping.conversation-arrives-as-meant"),
    "rounds-ids": ("deleteChatMessages", "client-escaping.message-ids-arrive-as-meant"),
    "rounds-ids-as-javascript-does": ("deleteGroupMessages", "client-escaping.message-ids-arrive-as-meant"),
    "cuts-ids-to-32-bits": ("deleteChatMessages", "client-escaping.message-ids-arrive-as-meant"),
    "writes-ids-with-an-exponent": ("deleteGroupMessages", "client-escaping.message-ids-arrive-as-meant"),
    "sends-sixty-ids": ("deleteGroupMessages", "client-limit.at-most-fifty-ids"),
    "writes-the-time-out": ("clearGroupBefore", "client-time.whole-number"),
    "counts-seconds": ("clearGroupBefore", "client-time.milliseconds"),
    "counts-microseconds": ("clearChatBefore", "client-time.milliseconds"),
    "writes-true-large": ("deleteChatMessages", "client-notify.spelled-as-documented"),
    "writes-is-notify": ("clearGroupBefore", "client-notify.spelled-as-documented"),
    "forgets-the-word-bearer": (ALL, "client-headers.bearer-token"),
    "sends-a-foreign-token": (ALL, "client-headers.token-accepted"),
    "forgets-content-type": (ALL, "client-headers.content-type"),
    "forgets-accept": (ALL, "client-headers.accept"),
    "puts-the-token-into-the-url": (ALL, "client-secrets.no-token-in-url"),
    "adds-a-parameter": (ALL, "client-unknown.no-unknown-parameters"),
    "adds-a-body": (ALL, "client-unknown.no-body"),
    "fetches-a-token-per-call": ("createToken", "client-token.fetched-once-and-reused"),
    "asks-for-a-token-wrongly": ("createToken", "client-token.request-understood"),
    "puts-the-secret-into-the-url": ("createToken", "client-secrets.no-token-in-url"),
    "speaks-no-http": ("connection", "client-http.speaks-http"),
    "begins-tls": ("connection", "client-http.speaks-http"),
    "stops-in-the-headers": ("connection", "client-http.sends-whole-requests"),
    "stops-in-the-body": ("connection", "client-http.sends-whole-requests"),
}
CONDUCT_HABITS: Mapping[str, tuple[str, str]] = {
    "repeats-at-once": (ALL, "client-conduct.waits-when-over-rate"),
    "ignores-retry-after": (ALL, "client-conduct.honours-retry-after"),
    "hammers": (ALL, "client-conduct.waits-when-unavailable"),
    "never-stops": (ALL, "client-conduct.stops-when-unavailable"),
    "keeps-its-token": (ALL, "client-conduct.renews-when-unauthorized"),
    "repeats-refusals": (ALL, "client-conduct.keeps-refusals"),
    "repeats-whatever-is-lost": ("clearUser", "client-conduct.repeats-only-what-is-safe"),
    "repeats-lost-sends": ("sendToUsers", "client-conduct.repeats-only-what-is-safe"),
}
_PATIENT_ATTEMPTS = 3
_TIME = 1_710_309_184_114


@dataclass
class Client:
    """`app` has base_url, org, app, client_id and client_secret; `habit` is one of the above, or empty."""

    app: Mapping[str, str]
    habit: str = ""
    extra_headers: Mapping[str, str] = field(default_factory=dict)
    _token: str = ""

    # --- the five

    def delete_chat_messages(self, owner: str, peer: str, ids: list[str], notify: bool = False) -> int:
        return self._by_ids("chat", "userId", owner, peer, ids, notify)

    def delete_group_messages(self, owner: str, group: str, ids: list[str], notify: bool = False) -> int:
        return self._by_ids("group", "groupId", owner, group, ids, notify)

    def clear_user(self, owner: str) -> int:
        word = "deleted" if self.habit == "misspells-the-path" else "delete"
        return self._deletion("POST", f"/rest/message/roaming/user/{self._owner(owner)}/{word}/all", {})

    def clear_chat_before(self, owner: str, peer: str, time_ms: int, notify: bool = True) -> int:
        if self.habit == "names-the-owner-twice":
            peer = owner
        return self._by_time("chat", "userId", owner, peer, time_ms, notify)

    def clear_group_before(self, owner: str, group: str, time_ms: int, notify: bool = True) -> int:
        return self._by_time("group", "groupId", owner, group, time_ms, notify)

    # --- what a test needs around them

    def register(self, *names: str) -> None:
        self._send("POST", "/users", [{"username": name, "password": "1"} for name in names])

    def send(self, sender: str, receiver: str) -> str:
        body = {"from": sender, "to": [receiver], "type": "txt", "body": {"msg": "hello"}}
        status, answer = self._patiently("POST", "/messages/users", json.dumps(body), safe=False)
        return str(json.loads(answer)["data"][receiver]) if status == 200 else "1"

    # --- how

    def _by_ids(self, kind: str, key: str, owner: str, other: str, ids: list[str], notify: bool) -> int:
        if self.habit == "sends-sixty-ids":
            ids = [str(1_623_000_000_000_000_000 + n) for n in range(60)]
        ids = [self._as_number(item) for item in ids]
        text = ",".join(ids)
        values = {key: other, "msgIdList": f"[{text}]" if self.habit == "brackets-the-ids" else text}
        if self.habit == "leaves-out-the-ids":
            del values["msgIdList"]
        path = f"/rest/message/roaming/{kind}/user/{self._owner(owner)}"
        return self._deletion("POST" if self.habit == "posts" else "DELETE", path, values, notify)

    def _by_time(self, kind: str, key: str, owner: str, other: str, time_ms: int, notify: bool) -> int:
        shown = {
            "writes-the-time-out": "2024-03-13T05:53:04Z",
            "counts-seconds": str(time_ms // 1000),
            "counts-microseconds": str(time_ms * 1000),
        }.get(self.habit, str(time_ms))
        path = f"/rest/message/roaming/{kind}/user/{self._owner(owner)}/time"
        return self._deletion("DELETE", path, {key: other, "delTime": shown}, notify)

    def _as_number(self, item: str) -> str:
        match self.habit:
            case "rounds-ids":
                return str(int(float(item)))
            case "rounds-ids-as-javascript-does":
                return str(int(Decimal(repr(float(item)))))
            case "cuts-ids-to-32-bits":
                return str(int(item) & 0xFFFFFFFF)
            case "writes-ids-with-an-exponent":
                return repr(float(item))
        return item

    def _owner(self, owner: str) -> str:
        escaped = quote(owner, safe="")
        return quote(escaped, safe="") if self.habit == "escapes-the-owner-twice" else escaped

    def _deletion(self, method: str, path: str, values: dict[str, str], notify: bool | None = None) -> int:
        raw = " &+%#?/;," if self.habit in ("escapes-no-peer", "puts-blanks-into-urls") else ""
        pairs = [f"{key}={quote(value, safe=raw)}" for key, value in values.items()]
        if notify is not None:
            name = "is_notify" if self.habit == "writes-is-notify" else "isNotify"
            word = str(notify) if self.habit == "writes-true-large" else str(notify).lower()
            pairs.append(f"{name}={word}")
        if self.habit == "repeats-a-parameter":
            pairs += pairs[:1]
        if self.habit == "adds-a-parameter":
            pairs.append("force=1")
        if self.habit == "puts-the-token-into-the-url":
            pairs.append(f"access_token={self._known_token()}")
        target = path + ("?" + "&".join(pairs) if pairs else "")
        body = "{}" if self.habit == "adds-a-body" else None
        return self._patiently(method, target, body, safe="/delete/all" not in path)[0]

    def _patiently(self, method: str, target: str, body: str | None, *, safe: bool) -> tuple[int, bytes]:
        """Repeat what may be repeated, as long as it may be; the last status, 0 when no response came."""
        attempts = 0
        while True:
            attempts += 1
            try:
                status, headers, answer = self._call(method, target, body)
            except (OSError, http.client.HTTPException):
                sends = target.startswith("/messages")
                lost = "repeats-lost-sends" if sends else "repeats-whatever-is-lost"
                if attempts >= _PATIENT_ATTEMPTS or not (safe or self.habit == lost):
                    return 0, b""
                continue
            pause = self._pause(status, headers, attempts)
            if pause is None:
                return status, answer
            time.sleep(pause)

    def _pause(self, status: int, headers: Mapping[str, str], attempts: int) -> float | None:
        """Seconds until the call is repeated; None when it is not."""
        if status == 400 and self.habit == "repeats-refusals" and attempts < 2:
            return 0.0
        if status == 401 and attempts < 2:
            if self.habit != "keeps-its-token":
                self._token = ""
            return 0.0
        if status == 429 and attempts < _PATIENT_ATTEMPTS:
            wait = {"repeats-at-once": 0.0, "ignores-retry-after": 0.2}.get(self.habit)
            return float(headers.get("retry-after", 1)) if wait is None else wait
        most = 12 if self.habit == "never-stops" else _PATIENT_ATTEMPTS
        if status >= 500 and attempts < most:
            return 0.0 if self.habit == "hammers" else 0.06
        return None

    def _call(self, method: str, target: str, body: str | None) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.habit == "forgets-content-type":
            del headers["Content-Type"]
        if self.habit == "forgets-accept":
            del headers["Accept"]
        token = "YWMt" + "x" * 64 if self.habit == "sends-a-foreign-token" else self._known_token()
        headers["Authorization"] = token if self.habit == "forgets-the-word-bearer" else f"Bearer {token}"
        return self._exchange(method, target, body, {**headers, **self.extra_headers})

    def _known_token(self) -> str:
        if not self._token or self.habit == "fetches-a-token-per-call":
            fields = {
                "grant_type": "client_credentials",
                "client_id": self.app["client_id"],
                "client_secret": self.app["client_secret"],
            }
            if self.habit == "asks-for-a-token-wrongly":
                self._exchange("POST", "/token", json.dumps({**fields, "grant_type": "client"}), {})
            target = "/token"
            if self.habit == "puts-the-secret-into-the-url":
                target += f"?client_secret={self.app['client_secret']}"
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            _, _, answer = self._exchange("POST", target, json.dumps(fields), headers)
            self._token = json.loads(answer)["access_token"]
        return self._token

    def _send(self, method: str, target: str, body: Any) -> None:
        self._call(method, target, json.dumps(body))

    def _exchange(
        self, method: str, target: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        target = f"/{self.app['org']}/{self.app['app']}{target}"
        if " " in target and self.habit == "puts-blanks-into-urls":
            self.send_bytes(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            return 400, {}, b""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=10)
        try:
            connection.putrequest(method, target.replace(" ", "+"), skip_accept_encoding=True)
            if body is not None:
                connection.putheader("Content-Length", str(len(body.encode())))
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders(None if body is None else body.encode())
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, found, answer.read()
        finally:
            connection.close()

    @property
    def _host(self) -> str:
        return urlsplit(self.app["base_url"]).hostname or ""

    @property
    def _port(self) -> int:
        return urlsplit(self.app["base_url"]).port or 80

    def send_bytes(self, content: bytes, *, wait: bool = True) -> None:
        """Something else than a request; `wait` reads what comes back until the other side closes."""
        with socket.create_connection((self._host, self._port), timeout=10) as connection:
            connection.sendall(content)
            while wait and connection.recv(4096):
                pass


def use(client: Client, scenario: Mapping[str, Any]) -> None:
    """What a maintainer's tests do: each operation, with plain IDs and with awkward ones."""
    _speak_otherwise(client)
    messages, awkward = scenario["messages"], scenario["meant"]
    owner, peer, group = "roamspec-owner", "roamspec-peer", scenario["groups"][0]
    sent = [client.send(peer, owner)]
    client.delete_chat_messages(owner, peer, [*messages[:2], *sent])
    client.delete_group_messages(owner, group, messages[60:110])
    for name in awkward["users"]:
        if name not in (owner, peer):
            client.clear_chat_before(owner, name, _TIME)
            client.delete_chat_messages(name, peer, messages[:1])
            client.delete_chat_messages(owner, name, messages[2:3])
            client.delete_group_messages(name, group, messages[60:61])
            client.clear_chat_before(name, peer, _TIME)
            client.clear_group_before(name, group, _TIME)
            client.clear_user(name)
    for name in awkward["groups"]:
        client.clear_group_before(owner, name, _TIME)
        client.delete_group_messages(owner, name, messages[60:61])
    client.clear_user(owner)


def use_once(client: Client, scenario: Mapping[str, Any]) -> None:
    """Each operation once."""
    messages, group = scenario["messages"], scenario["groups"][0]
    owner, peer = "roamspec-owner", "roamspec-peer"
    client.send(peer, owner)
    client.delete_chat_messages(owner, peer, messages[:2])
    client.delete_group_messages(owner, group, messages[60:62])
    client.clear_chat_before(owner, peer, _TIME)
    client.clear_group_before(owner, group, _TIME)
    client.clear_user(owner)


def _speak_otherwise(client: Client) -> None:
    path = f"/{client.app['org']}/{client.app['app']}/token"
    if client.habit == "speaks-no-http":
        client.send_bytes(b"HELO me\r\n\r\n")
    elif client.habit == "begins-tls":
        client.send_bytes(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    elif client.habit == "stops-in-the-headers":
        client.send_bytes(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Ty".encode(), wait=False)
    elif client.habit == "stops-in-the-body":
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n"
        client.send_bytes(head.encode() + b'{"grant_type"', wait=False)


def main() -> None:
    names = ("base_url", "org", "app", "client_id", "client_secret")
    app = {name: os.environ[f"ROAMSPEC_{name.upper()}"] for name in names}
    with open(os.environ["ROAMSPEC_SCENARIO"], encoding="utf-8") as file:  # noqa: PTH123 - stdlib only
        scenario = json.load(file)
    use(Client(app, sys.argv[1] if len(sys.argv) > 1 else ""), scenario)


if __name__ == "__main__":
    main()
