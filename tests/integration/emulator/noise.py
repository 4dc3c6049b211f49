"""Requests that nobody should send, from a seed: bytes for a socket, valid HTTP or not."""

import json
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")
VALUES = (
    "", "bob", "BOB", "..", "%", "%zz", "%2", "%ff%fe", "%00", "%2F", "a%2fb", "a b", "0", "-1", "1e9",
    "NaN", "9" * 19, "9" * 400, "-" + "9" * 18, "true", "True", "null", "ä", "%C3%A4", ",", "1,,2", "1,1",
    "'", '"', ",".join(str(n) for n in range(60)), "x" * 5000, "%ED%A0%80", "+", "a+b", "１２", "\u0661",
)  # fmt: skip
SEND = {"from": "alice", "to": ["bob"], "type": "txt", "body": {"msg": "hi"}, "ext": {"k": 1}}
IMPORT = {"from": "alice", "target": "bob", "type": "txt", "body": {"msg": "hi"}, "msg_timestamp": 10**12}
PULL = {"queue": "bob@easemob.com", "start": -1, "pull_number": 20, "is_positive": False, "end": -1}
GROUP = {"groupname": "g", "public": True, "owner": "alice", "members": ["bob"], "maxusers": 9}
ROOM = {"name": "r", "description": "d", "owner": "alice", "members": ["bob"]}
GRANT = {"grant_type": "inherit", "username": "bob", "autoCreateUser": True, "ttl": ""}
BY_IDS = "?userId=bob&groupId=1&msgIdList=1,2&isNotify=true"
BY_TIME = "?userId=bob&groupId=1&delTime=1700000000000"
ROUTES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("DELETE", "/rest/message/roaming/chat/user/{}" + BY_IDS, {}),
    ("DELETE", "/rest/message/roaming/group/user/{}" + BY_IDS, {}),
    ("POST", "/rest/message/roaming/user/{}/delete/all", {}),
    ("DELETE", "/rest/message/roaming/chat/user/{}/time" + BY_TIME, {}),
    ("DELETE", "/rest/message/roaming/group/user/{}/time" + BY_TIME, {}),
    ("DELETE", "/sdk/message/roaming/chat/user/{}" + BY_IDS + "&resource=d", {}),
    ("POST", "/users", {"username": "dave", "password": "1", "nickname": "d"}),
    ("GET", "/users/{}", {}),
    ("POST", "/users/{}/messageroaming", PULL),
    ("DELETE", "/users/{}/user_channel", {"channel": "bob", "type": "chat", "delete_roam": True}),
    ("GET", "/user/{}/user_channels", {}),
    ("GET", "/users/{}/user_channels/page", {}),
    ("GET", "/sdk/user/{}/user_channels/list", {}),
    ("GET", "/sdk/user/{}/user_channels/mark/search?mark=mark_0", {}),
    ("POST", "/messages/users", SEND),
    ("POST", "/messages/chatgroups", SEND),
    ("POST", "/messages/chatrooms", SEND),
    ("POST", "/messages/users/import", IMPORT),
    ("POST", "/messages/chatgroups/import", IMPORT),
    ("POST", "/chatgroups", GROUP),
    ("GET", "/chatgroups/{}", {}),
    ("DELETE", "/chatgroups/{}", {}),
    ("POST", "/chatgroups/{}/users", {"usernames": ["bob", "carol"]}),
    ("DELETE", "/chatgroups/{}/users/{}", {}),
    ("POST", "/chatrooms", ROOM),
    ("POST", "/chatrooms/{}/users/{}", {}),
    ("POST", "/token", GRANT),
    ("GET", "/users/{}/resources", {}),
    ("GET", "/{}", {}),
    ("DELETE", "//", {}),
)  # fmt: skip
QUERY_KEYS = (
    "userId", "groupId", "msgIdList", "delTime", "isNotify", "resource", "limit", "cursor", "pageNum", "_v",
)  # fmt: skip
BODY_KEYS = (
    "grant_type", "username", "password", "client_id", "client_secret", "ttl", "from", "to", "target", "type",
    "body", "ext", "msg_timestamp", "roam_ignore_users", "queue", "start", "pull_number", "is_positive",
    "startTime", "endTime", "userId", "userIds", "msgType", "channel", "delete_roam", "owner", "members",
    "public", "groupname", "name", "description", "maxusers", "groupid", "roomid", "usernames", "avatar",
    "custom", "nickname",
)  # fmt: skip
SCALARS = (
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1.5, 1e308, "", "bob", "alice", "txt", "chat",
    "groupchat", "client_credentials", "password", "inherit", "ROUTE_ONLINE", "x" * 9000, "\ud800", "1" * 30,
    "-1", "1_1",
    "bob@easemob.com", "1@conference.easemob.com", "txt,img", "undefined", "a_b",
)  # fmt: skip
DAMAGED = (b"\xff\xfe{}", b"{", b"nul", b"NaN", b'{"a":1e999}', b"9" * 6000, b"\x00", b"[]", b"{}", b"")


def pieces(chance: random.Random, raw: bytes) -> tuple[list[bytes], bool]:
    """How a request goes over the wire: mostly at once, sometimes slowly, sometimes only in part.

    The second value says whether all of it was sent.
    """
    kind = chance.random()
    if kind < 0.02:
        return [raw[: chance.randrange(len(raw))]], False
    if kind < 0.05:
        cuts = sorted(chance.randrange(len(raw)) for _ in range(5))
        return [raw[a:b] for a, b in pairwise([0, *cuts, len(raw)])], True
    return [raw], True


def requests(seed: int, *, base: str, token: str) -> Iterator[bytes]:
    """Endless; `base` is `/org/app`. Each asks for the connection to be closed afterwards."""
    chance = random.Random(seed)  # noqa: S311 - repeatable noise
    while True:
        yield _request(chance, base, token)


def _request(chance: random.Random, base: str, token: str) -> bytes:
    method, path, template = chance.choice(ROUTES)
    if chance.random() < 0.1:
        method = chance.choice(METHODS)
    if chance.random() < 0.05:
        base = "/x/" + chance.choice(VALUES)
    path = base + path.replace("{}", _name(chance), 1).replace("{}", _name(chance))
    path, _, query = path.partition("?")
    for _ in range(chance.choice((0, 0, 1, 3))):
        query += "&" * chance.randrange(3) + f"{chance.choice(QUERY_KEYS)}={chance.choice(VALUES)}"
    body = _body(chance, template) if template or chance.random() < 0.1 else b""
    target = f"{path}?{query}" if query else path
    line = f"{method} {target} HTTP/1.1".encode("utf-8", "surrogatepass")
    raw = b"\r\n".join((line, *_headers(chance, token))) + b"\r\n"
    if body and chance.random() < 0.1:
        raw += b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    elif body:
        raw += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    else:
        raw += b"\r\n"
    if chance.random() < 0.03:
        # Damaged in one byte of the request line: some of these are HTTP still.
        place = chance.randrange(len(line))
        raw = raw[:place] + bytes((chance.randrange(256),)) + raw[place + 1 :]
    return raw


def _headers(chance: random.Random, token: str) -> list[bytes]:
    authorization = b"Bearer " + token.encode()
    if chance.random() < 0.1:
        authorization = chance.choice(
            (b"", b"Bearer", b"Bearer ", b"Basic eDp4", b"Bearer \xff\xfe", b"Bearer YWMt" + b"x" * 60)
        )
    headers = [b"Host: x", b"Connection: close", b"Authorization: " + authorization]
    if chance.random() < 0.9:
        media = (b"application/json",) * 8 + (b"text/plain", b"", b"\xff\xfe", b"application/xml")
        headers.append(b"Content-Type: " + chance.choice(media))
    return headers


def _name(chance: random.Random) -> str:
    return chance.choice(("alice", "bob", "carol")) if chance.random() < 0.8 else chance.choice(VALUES)


def _body(chance: random.Random, template: dict[str, Any]) -> bytes:
    kind = chance.random()
    if kind < 0.0005:
        return b'{"x":"' + b"x" * 10_000_000 + b'"}'
    if kind < 0.02:
        return b"[" * 50_000
    if kind < 0.06:
        return chance.choice(DAMAGED)
    value = dict(template)
    for _ in range(chance.choice((0, 1, 1, 2))):
        key = chance.choice(list(value) if value and chance.random() < 0.6 else BODY_KEYS)
        value[key] = _value(chance, 2)
    return json.dumps([value] * chance.randrange(4) if kind < 0.1 else value).encode()


def _value(chance: random.Random, depth: int) -> object:
    if depth and chance.random() < 0.15:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if depth and chance.random() < 0.15:
        return {chance.choice(BODY_KEYS): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return chance.choice(SCALARS)
