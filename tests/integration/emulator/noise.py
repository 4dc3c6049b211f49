"""Requests that nobody should send, from a seed: bytes for a socket, valid HTTP or not."""

import json
import random
from collections.abc import Iterator

METHODS = ("GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")
VALUES = (
    "", "bob", "BOB", "..", "%", "%zz", "%2", "%ff%fe", "%00", "%2F", "a%2fb", "a b", "0", "-1", "1e9", "NaN",
    "9" * 19, "9" * 400, "-" + "9" * 18, "true", "True", "null", "ä", "%C3%A4", ",", "1,,2", "1,1", "'", '"', "<x>",
    ",".join(str(n) for n in range(60)), "x" * 5000, "%ED%A0%80", "+", "a+b", "１２", "\u0661",
)  # fmt: skip
PATHS = (
    "/rest/message/roaming/chat/user/{}", "/rest/message/roaming/group/user/{}",
    "/rest/message/roaming/user/{}/delete/all", "/rest/message/roaming/chat/user/{}/time",
    "/rest/message/roaming/group/user/{}/time", "/sdk/message/roaming/chat/user/{}", "/users", "/users/{}",
    "/users/{}/messageroaming", "/users/{}/user_channel", "/user/{}/user_channels", "/users/{}/user_channels/page",
    "/sdk/user/{}/user_channels/list", "/sdk/user/{}/user_channels/mark/search", "/messages/users",
    "/messages/chatgroups", "/messages/chatrooms", "/messages/users/import", "/messages/chatgroups/import",
    "/chatgroups", "/chatgroups/{}", "/chatgroups/{}/users", "/chatgroups/{}/users/{}", "/chatrooms",
    "/chatrooms/{}", "/token", "/users/{}/resources", "/{}", "//", "/users/{}/joined_chatgroups",
)  # fmt: skip
QUERY_KEYS = ("userId", "groupId", "msgIdList", "delTime", "isNotify", "resource", "limit", "cursor", "pageNum", "_v")
BODY_KEYS = (
    "grant_type", "username", "password", "client_id", "client_secret", "ttl", "from", "to", "target", "type",
    "body", "ext", "msg_timestamp", "roam_ignore_users", "queue", "start", "pull_number", "is_positive", "startTime",
    "endTime", "userId", "userIds", "msgType", "channel", "delete_roam", "owner", "members", "public", "groupname",
    "name", "description", "maxusers", "groupid", "roomid", "usernames", "avatar", "custom", "nickname",
)  # fmt: skip
SCALARS = (
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1.5, 1e308, "", "bob", "alice", "txt", "chat", "groupchat",
    "client_credentials", "password", "inherit", "ROUTE_ONLINE", "x" * 9000, "\ud800", "1" * 30, "bob@easemob.com",
    "1@conference.easemob.com", "txt,img", "-1", "undefined", "1_1", "a_b",
)  # fmt: skip


def requests(seed: int, *, base: str, token: str) -> Iterator[bytes]:
    """Endless; `base` is `/org/app`. Each asks for the connection to be closed afterwards."""
    chance = random.Random(seed)  # noqa: S311 - repeatable noise
    while True:
        yield _request(chance, base, token)


def _request(chance: random.Random, base: str, token: str) -> bytes:
    method = chance.choice(METHODS[:3] if chance.random() < 0.8 else METHODS)
    path = (base if chance.random() < 0.93 else "/x/" + chance.choice(VALUES)) + chance.choice(PATHS)
    path = path.replace("{}", "\0").replace("\0", _name(chance), 1).replace("\0", _name(chance))
    pairs = (f"{chance.choice(QUERY_KEYS)}={chance.choice(VALUES)}" for _ in range(chance.randrange(5)))
    query = "&" * chance.randrange(3) + "&".join(pairs)
    body = _body(chance) if method != "GET" and chance.random() < 0.8 else b""
    headers = [b"Host: x", b"Authorization: " + _authorization(chance, token)]
    if chance.random() < 0.8:
        headers.append(b"Content-Type: application/json")
    elif chance.random() < 0.5:
        headers.append(b"Content-Type: " + chance.choice((b"text/plain", b"", b"\xff\xfe", b"application/xml")))
    if body and chance.random() < 0.1:
        headers.append(b"Transfer-Encoding: chunked")
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    elif body:
        headers.append(b"Content-Length: %d" % len(body))
    headers.append(b"Connection: close")
    target = f"{path}?{query}" if query else path
    line = f"{method} {target} HTTP/1.1".encode("utf-8", "surrogatepass")
    raw = b"\r\n".join((line, *headers)) + b"\r\n\r\n" + body
    if chance.random() < 0.03:
        # Damaged in one byte: some of these are HTTP still.
        place = chance.randrange(len(raw))
        raw = raw[:place] + bytes((chance.randrange(256),)) + raw[place + 1 :]
    return raw


def _name(chance: random.Random) -> str:
    return chance.choice(("alice", "bob", "carol")) if chance.random() < 0.6 else chance.choice(VALUES)


def _authorization(chance: random.Random, token: str) -> bytes:
    if chance.random() < 0.9:
        return b"Bearer " + token.encode()
    return chance.choice((b"", b"Bearer", b"Bearer ", b"Basic eDp4", b"Bearer \xff\xfe", b"Bearer YWMt" + b"x" * 60))


def _body(chance: random.Random) -> bytes:
    kind = chance.random()
    if kind < 0.05:
        return b"[" * 50_000
    if kind < 0.08:
        return chance.choice((b"\xff\xfe{}", b"{", b"nul", b"NaN", b'{"a":1e999}', b"9" * 6000, b"\x00", b"[]", b"{}"))
    value: object = {chance.choice(BODY_KEYS): _value(chance, 2) for _ in range(chance.randrange(1, 9))}
    if kind < 0.16:
        value = [value] * chance.randrange(4)
    return json.dumps(value).encode()


def _value(chance: random.Random, depth: int) -> object:
    if depth and chance.random() < 0.15:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if depth and chance.random() < 0.15:
        return {chance.choice(BODY_KEYS): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return chance.choice(SCALARS)
