"""Reads one exchange of a report: which user it is about, what it names, what its response shows."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from roamspec.shortening import shortened
from roamspec.wire.message import decode_message

_DELETION: Final = re.compile(
    r"/rest/message/roaming/(?:(?:chat|group)/user/(?P<one>[^/]+)(?:/time)?|user/(?P<all>[^/]+)/delete/all)$"
)
_OF_A_USER: Final = re.compile(r"/users?/(?P<user>[^/]+)")
_MESSAGE: Final = re.compile(r'"msg"\s*:\s*"((?:[^"\\]|\\.)*)"')
_MOST_IDS: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """`user` is empty for a request that names none. `named` are the message IDs that a deletion lists,
    `named_before` those of the deletions before it; `messages` are the IDs in the response to a history
    query, None for any other. `cut`: the response has more than the report keeps."""

    user: str
    peer: str
    deletes: bool
    request: str
    arguments: str
    response: str
    body: str
    succeeded: bool
    named: frozenset[str] = frozenset()
    named_before: frozenset[str] = frozenset()
    messages: tuple[str, ...] | None = None
    cut: bool = False


def read_exchange(exchange: dict[str, Any], named_before: frozenset[str]) -> Reading:
    """What one exchange of `report.json` shows; `named_before` are the message IDs that earlier ones
    named."""
    path, query = _split(exchange["url"])
    deletion = _DELETION.search(path)
    found = deletion and (deletion["one"] or deletion["all"])
    user = unquote(found or _user_in(path))
    arguments = dict(parse_qsl(query, keep_blank_values=True))
    status = exchange["status"]
    body = exchange["response_body"]
    pulls = path.endswith("/messageroaming") and status == 200
    elapsed = f"{exchange['elapsed_s'] * 1000:.0f} ms"
    return Reading(
        user=user,
        peer=arguments.get("userId", "") if deletion else "",
        deletes=deletion is not None,
        request=f"{exchange['method']} {_below_app(path, found or _user_in(path))}",
        arguments=_arguments(arguments) or exchange["request_body"],
        response=f"{status} · {elapsed}" if status is not None else str(exchange["error"]),
        body=body,
        succeeded=status is not None and 200 <= status < 300,
        named=frozenset(filter(None, arguments.get("msgIdList", "").split(","))) if deletion else frozenset(),
        named_before=named_before,
        messages=_messages(body) if pulls else None,
        cut=pulls and not _is_json(body),
    )


def _split(url: str) -> tuple[str, str]:
    """Path and query; what a client sent may be no URL at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    return parts.path, parts.query


def _below_app(path: str, user: str) -> str:
    """The path without org and app; the user, who has a lane of the diagram, is an ellipsis."""
    pieces = path.split("/", 3)
    below = "/" + pieces[3] if len(pieces) == 4 else path
    return below.replace(f"/{user}", "/…", 1) if user else below


def _user_in(path: str) -> str:
    found = _OF_A_USER.search(path)
    return found["user"] if found else ""


def _arguments(arguments: dict[str, str]) -> str:
    return "  ".join(f"{name}={shortened_ids(value)}" for name, value in arguments.items())


def shortened_ids(value: str) -> str:
    """A long list of IDs as its first ones and the number of the others."""
    ids = value.split(",")
    if len(ids) <= _MOST_IDS:
        return shortened(value, 60)
    return f"{','.join(ids[:_MOST_IDS])} … (+{len(ids) - _MOST_IDS})"


def _messages(body: str) -> tuple[str, ...]:
    ids = []
    for text in _MESSAGE.findall(body):
        try:
            ids.append(decode_message(text.replace("\\/", "/")).id)
        except ValueError:
            continue
    return tuple(dict.fromkeys(ids))


def _is_json(body: str) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
