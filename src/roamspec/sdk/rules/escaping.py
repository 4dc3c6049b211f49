"""IDs arrive as meant: compared with the ways in which they get damaged when they are not escaped."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from struct import pack, unpack
from typing import Final
from urllib.parse import quote, quote_plus

from roamspec.sdk.addresses import meant_address, owner_of
from roamspec.sdk.calls import ObservedCall, decoded
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about

OWNER: Final = "client-escaping.owner-arrives-as-meant"
CONVERSATION: Final = "client-escaping.conversation-arrives-as-meant"
MESSAGES: Final = "client-escaping.message-ids-arrive-as-meant"

_NO_URL: Final = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?%]")
_BROKEN: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~-]+")
"""What needs no escaping, and so cannot show whether there is any."""
_REQUEST_LINE: Final = re.compile(r"([A-Z]+) (.*?)(?: HTTP/1\.[01])?\r?$", re.MULTILINE)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,29}")
_LONG_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{15,20}(?![0-9])")


def owner_arrives_as_meant(call: ObservedCall, meant: IntendedValues) -> Iterable[ClientFinding]:
    """The user in the path is one that a test means, and no damaged form of one."""
    owner = owner_of(call)
    if owner is not None:
        yield from _told(call, OWNER, owner, meant.users, plus=False)


def conversation_arrives_as_meant(call: ObservedCall, meant: IntendedValues) -> Iterable[ClientFinding]:
    """The same for `userId` and `groupId` of the query."""
    for key in ("userId", "groupId"):
        for pair in call.values(key)[:1]:
            yield from _told(call, CONVERSATION, pair.raw_value, meant.conversations, plus=True)


def message_ids_arrive_as_meant(call: ObservedCall, meant: IntendedValues) -> Iterable[ClientFinding]:
    """An ID that one of the known ones becomes as a number of some kind was such a number once."""
    ids = [item.strip() for pair in call.values("msgIdList") for item in pair.value.split(",")]
    rounded = {item: near for item in ids if item and (near := _meant_before_damage(item, meant.messages))}
    wrong = next(iter(rounded), "")
    if wrong or any(item in meant.messages for item in ids):
        yield finding_about(
            call,
            MESSAGES,
            wrong=f"{wrong}, which the emulator did not provide" if wrong else "",
            expected=f"{rounded.get(wrong, '')}, as the service returned it",
            hint="An ID is a string: many number types lose some of its digits.",
        )


def needs_escaping(text: str) -> bool:
    """Whether this ID shows if a client escapes; a plain one arrives either way."""
    return not _PLAIN.fullmatch(text)


def broken_request_line(call: ObservedCall) -> Iterable[ClientFinding]:
    """A URL with a blank or a foreign byte in it is no HTTP, and never becomes a call."""
    match = _REQUEST_LINE.match(call.body)
    if call.problem != "not-http" or match is None:
        return
    method, target = match.groups()
    unescaped = ObservedCall("", "", "", method, target, problem=call.problem, body=call.body)
    address = meant_address(unescaped)
    if address is None:
        return
    for name, raw in ((OWNER, unescaped.path), (CONVERSATION, target.partition("?")[2])):
        if _NO_URL.search(raw) and (name == OWNER or address.operation != "clearUser"):
            yield ClientFinding(
                address.operation,
                name,
                "fail",
                (call,),
                "an escaped URL",
                f"{target!r}, which is not a URL",
                _HINT,
            )


_HINT: Final = "Percent-encode each ID, in the path and in the query, before inserting it into the URL."


def _told(
    call: ObservedCall, name: str, raw: str, meant: frozenset[str], *, plus: bool
) -> Iterator[ClientFinding]:
    arrived = decoded(raw, plus=plus)
    known = {item.lower() for item in meant}
    if arrived.lower() in known and not _NO_URL.search(raw):
        if needs_escaping(arrived):
            yield finding_about(call, name)
        return
    wish = next((item for item in sorted(meant) if arrived.lower() in damaged(item)), None)
    wrong = ""
    if wish is not None:
        wrong = f"{arrived!r}, sent as {raw}"
    elif _NO_URL.search(raw) or _BROKEN.search(raw):
        wrong = f"{raw!r}, which is not escaped"
    elif "\ufffd" in arrived:
        wrong = f"{raw}, which is not UTF-8"
    elif _ESCAPE.search(arrived):
        wrong = f"{raw}, which is escaped twice"
    elif name == OWNER and ("/" in raw or not raw):
        wrong = f"{raw!r} in the position of the owner"
    if wrong:
        expected = f"{wish!r}, sent as {quote(wish, safe='')}" if wish is not None else "an ID, escaped once"
        yield finding_about(call, name, wrong=wrong, expected=expected, hint=_HINT)


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
    found |= damaged_number(meant)
    return frozenset(item.lower() for item in found) - {meant.lower(), ""}


def long_numbers(text: str) -> list[str]:
    """What can be message IDs in a response."""
    return _LONG_NUMBER.findall(text)


def _meant_before_damage(item: str, known: frozenset[str]) -> str:
    """The known ID that arrives as `item` when it was a number in between; empty when there is none."""
    return "" if item in known else _by_damage(known).get(item.lower(), "")


@lru_cache(maxsize=8)
def _by_damage(known: frozenset[str]) -> Mapping[str, str]:
    return {text: one for one in sorted(known) for text in damaged_number(one)}


def damaged_number(meant: str) -> frozenset[str]:
    """What arrives for an ID that was a floating-point number or had 32 or 53 bits in between."""
    if not _NUMBER.fullmatch(meant):
        return frozenset()
    value = int(meant)
    double, single = float(value), unpack("f", pack("f", value))[0]
    # Python writes all digits of a double, JavaScript as many as tell it from its neighbours.
    found = {str(int(double)), str(int(Decimal(repr(double)))), str(int(single)), repr(double).lower()}
    found |= {f"{double:e}", f"{double:g}", f"{double:.1f}", f"{single:e}", f"{single:g}"}
    found |= {_exponent(repr(double)), _exponent(repr(single))}
    low = value & 0xFFFFFFFF
    found |= {str(low), str(low - 2**32 if low >= 2**31 else low), str(value & (2**53 - 1))}
    return frozenset(found) - {meant}


def _exponent(text: str) -> str:
    """A number as Java writes it: `1.5E18` for `1.5e+18`."""
    return text.lower().replace("e+", "e")
