"""IDs arrive as meant: compared with the ways in which they get damaged when they are not escaped."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus

from roamspec.sdk.addresses import meant_address, owner_of
from roamspec.sdk.calls import Call, decoded
from roamspec.sdk.finding import Finding, Meant, judged

OWNER: Final = "client-escaping.owner-arrives-as-meant"
CONVERSATION: Final = "client-escaping.conversation-arrives-as-meant"
MESSAGES: Final = "client-escaping.message-ids-arrive-as-meant"

_NO_URL: Final = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")
_BROKEN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]+")
"""What needs no escaping, and so cannot show whether there is any."""
_REQUEST_LINE: Final = re.compile(r"([A-Z]+) (.*?)(?: HTTP/1\.[01])?\r?$", re.MULTILINE)
_MESSAGE_ID: Final = re.compile(r"[0-9]+")
_LONG_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{15,20}(?![0-9])")
_HUGE: Final = 1e30


def owner_arrives_as_meant(call: Call, meant: Meant) -> Iterable[Finding]:
    owner = owner_of(call)
    if owner is not None:
        yield from _told(call, OWNER, owner, meant.users, plus=False)


def conversation_arrives_as_meant(call: Call, meant: Meant) -> Iterable[Finding]:
    for key in ("userId", "groupId"):
        for pair in call.values(key)[:1]:
            yield from _told(call, CONVERSATION, pair.raw_value, meant.conversations, plus=True)


def message_ids_arrive_as_meant(call: Call, meant: Meant) -> Iterable[Finding]:
    """Beyond 2^53 a number loses digits; an ID that is one of the known ones, rounded, was a number once."""
    ids = [item.strip() for pair in call.values("msgIdList") for item in pair.value.split(",")]
    rounded = {item: near for item in ids if item and (near := _rounded(item, meant.messages))}
    wrong = next(iter(rounded), "")
    if wrong or any(item in meant.messages for item in ids):
        yield judged(
            call,
            MESSAGES,
            wrong=f"{wrong}, which nobody gave" if wrong else "",
            expected=f"{rounded.get(wrong, '')}, as the service gave it",
            hint="An ID is a text: as a floating-point number it loses its last digits.",
        )


def broken_request_line(call: Call) -> Iterable[Finding]:
    """A URL with a blank or a foreign byte in it is no HTTP, and never becomes a call."""
    match = _REQUEST_LINE.match(call.body)
    if call.problem != "not-http" or match is None:
        return
    method, target = match.groups()
    told = Call("", "", "", method, target, problem=call.problem, body=call.body)
    address = meant_address(told)
    if address is None:
        return
    for name, raw in ((OWNER, told.path), (CONVERSATION, target.partition("?")[2])):
        if _NO_URL.search(raw) and (name == OWNER or address.operation != "clearUser"):
            yield Finding(
                address.operation,
                name,
                "fail",
                (call,),
                "an escaped URL",
                f"{target!r}, which is no URL",
                _HINT,
            )


_HINT: Final = "Percent-encode each ID, in the path and in the query, before it is put into the URL."


def _told(call: Call, name: str, raw: str, meant: frozenset[str], *, plus: bool) -> Iterator[Finding]:
    arrived = decoded(raw, plus=plus)
    known = {item.lower() for item in meant}
    if arrived.lower() in known and not _NO_URL.search(raw):
        if not _PLAIN.fullmatch(arrived):
            yield judged(call, name)
        return
    wish = next((item for item in sorted(meant) if arrived.lower() in damaged(item)), None)
    wrong = ""
    if wish is not None:
        wrong = f"{arrived!r}, sent as {raw}"
    elif _NO_URL.search(raw) or _BROKEN.search(raw):
        wrong = f"{raw!r}, which is not escaped"
    elif "\ufffd" in arrived:
        wrong = f"{raw}, which is no UTF-8"
    elif _ESCAPE.search(arrived):
        wrong = f"{raw}, which is escaped twice"
    elif name == OWNER and ("/" in raw or not raw):
        wrong = f"{raw!r} in the place of the owner"
    if wrong:
        expected = f"{wish!r}, sent as {quote(wish, safe='')}" if wish is not None else "an ID, escaped once"
        yield judged(call, name, wrong=wrong, expected=expected, hint=_HINT)


@cache
def damaged(meant: str) -> frozenset[str]:
    """What arrives for an ID that was not escaped, or escaped twice or for another place; in lower case."""
    found = {meant.replace("+", " "), meant.replace(" ", "+"), quote(meant, safe=""), quote_plus(meant)}
    found |= {quote(meant), decoded(meant, plus=False), decoded(meant, plus=True)}
    found |= {meant.partition(cut)[0] for cut in "&#?/;, " if cut in meant}
    try:
        found.add(meant.encode().decode("latin-1"))
        found.add(meant.encode("latin-1").decode("utf-8", "replace"))
        found.add(meant.encode("ascii", "replace").decode())
    except UnicodeEncodeError:
        found.add(meant.encode("ascii", "replace").decode())
    return frozenset(item.lower() for item in found) - {meant.lower(), ""}


def long_numbers(text: str) -> list[str]:
    """What can be message IDs in an answer."""
    return _LONG_NUMBER.findall(text)


def _rounded(item: str, known: frozenset[str]) -> str:
    """The known ID of which `item` is the floating-point form; empty when there is none."""
    if item in known:
        return ""
    try:
        value = float(item)
    except (ValueError, OverflowError):
        return ""
    # Python writes all digits of a double, JavaScript as many as tell it from its neighbours.
    shapes = {str(int(value)), str(int(Decimal(repr(value))))} if abs(value) < _HUGE else set()
    if _MESSAGE_ID.fullmatch(item) and item not in shapes:
        return ""
    return next((one for one in known if _MESSAGE_ID.fullmatch(one) and float(one) == value), "")
