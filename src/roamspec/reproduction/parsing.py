"""What one exchange speaks of: users, groups, messages and conversations, read from its URL and bodies."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

Thread = frozenset[str]
"""A conversation: the names of its two users, or the one ID of a group or chatroom."""
What = Literal["users", "group", "message", "deletion", "look", "list", "other"]

_DELETION: Final = re.compile(
    r"/(?:rest|sdk)/message/roaming/(?:(?P<kind>chat|group)/user/(?P<owner>[^/]*)|user/(?P<cleared>[^/]*))"
)
_PULL: Final = re.compile(r"/users/(?P<user>[^/]+)/messageroaming$")
_LIST: Final = re.compile(r"/users?/(?P<user>[^/]+)/user_channels")
_GROUP_IDS: Final = ("groupid", "id")


@dataclass(frozen=True, slots=True)
class Meaning:
    """`users` are named, `threads` spoken of, `gives` are IDs that the response has, with their place in it.

    `owner` is the user whose history is deleted or looked at.
    """

    what: What
    users: frozenset[str] = frozenset()
    threads: frozenset[Thread] = frozenset()
    owner: str = ""
    message_ids: tuple[str, ...] = ()
    gives: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)


def meaning(exchange: Mapping[str, Any]) -> Meaning:
    """The meaning of an exchange in its report form."""
    url = urlsplit(exchange["url"])
    path, query = url.path, dict(parse_qsl(url.query, keep_blank_values=True))
    body = _json(exchange["request_body"])
    if found := _DELETION.search(path):
        return _deletion(found, query)
    if found := _PULL.search(path):
        return _pull(unquote(found["user"]), body)
    if found := _LIST.search(path):
        return Meaning("list", frozenset({unquote(found["user"])}), owner=unquote(found["user"]))
    if exchange["method"] == "POST":
        answered = _json(exchange["response_body"])
        last = path.rstrip("/").rpartition("/")[2]
        if last == "users" and "/messages/" not in path:
            return Meaning("users", frozenset(_named(body, "username")))
        if last in ("chatgroups", "chatrooms") and "/messages/" not in path:
            return _group(body, answered)
        if "/messages/" in path:
            return _message(body, answered, to_users="/users" in path)
    return Meaning("other")


def strings(value: Any) -> Iterator[str]:
    """Every text of a tree as JSON has it."""
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from strings(item)
        case list():
            for item in value:
                yield from strings(item)


def _deletion(found: re.Match[str], query: Mapping[str, str]) -> Meaning:
    owner = unquote(found["owner"] or found["cleared"] or "")
    other = query.get("groupId") if found["kind"] == "group" else query.get("userId")
    threads: frozenset[Thread] = frozenset()
    if other:
        threads = frozenset({frozenset({other}) if found["kind"] == "group" else frozenset({owner, other})})
    users = {owner, other} if other and found["kind"] == "chat" else {owner}
    ids = tuple(part for part in query.get("msgIdList", "").split(",") if part)
    return Meaning("deletion", frozenset(filter(None, users)), threads, owner, ids)


def _pull(user: str, body: Any) -> Meaning:
    name, _, domain = str(body.get("queue", "") if isinstance(body, dict) else "").partition("@")
    group = domain.startswith("conference.")
    thread = frozenset({name}) if group else frozenset({user, name})
    return Meaning("look", frozenset({user} if group else {user, name}), frozenset({thread}), user)


def _group(body: Any, answered: Any) -> Meaning:
    data = answered.get("data") if isinstance(answered, dict) else None
    for key in _GROUP_IDS:
        if isinstance(data, dict) and isinstance(data.get(key), str | int):
            identifier = str(data[key])
            thread = frozenset({identifier})
            return Meaning(
                "group",
                frozenset(_members(body)),
                frozenset({thread}),
                gives={identifier: ("data", key)},
            )
    return Meaning("other")


def _members(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        yield from strings(body.get("owner", ""))
        yield from strings(body.get("members", []))


def _message(body: Any, answered: Any, *, to_users: bool) -> Meaning:
    fields = body if isinstance(body, dict) else {}
    sender = str(fields.get("from", ""))
    targets = [*strings(fields.get("to", [])), *strings(fields.get("target", ""))]
    threads = frozenset(frozenset({sender, one}) if to_users else frozenset({one}) for one in targets)
    users = frozenset({sender, *(targets if to_users else ())})
    data = answered.get("data") if isinstance(answered, dict) else None
    gives: dict[str, tuple[str | int, ...]] = {}
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str | int) and str(value).isdigit():
                gives[str(value)] = ("data", key)
    return Meaning("message", users, threads, sender, gives=gives)


def _named(body: Any, key: str) -> Iterator[str]:
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict) and isinstance(item.get(key), str):
            yield item[key]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
