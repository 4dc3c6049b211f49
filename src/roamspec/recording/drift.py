"""`drift`: what changed between two recordings of the same checks, in status, shape or text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from roamspec.recording.cassette import Cassette
from roamspec.recording.files import read_folder
from roamspec.recording.interactions import Interaction, Received
from roamspec.recording.normaliser import VALUE, masked
from roamspec.shortening import shortened
from roamspec.wire import decode_message

Aspect = Literal["recording", "request", "status", "shape", "text", "notice"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: in which check, at which request (`METHOD path`, empty for the whole), and of what.

    `where` is a path such as `$.data.groupid`, or the name of a header. The same change in several answers
    to the same request is reported once, with the `times` that it occurs.
    """

    check: str
    request: str
    aspect: Aspect
    where: str
    before: str
    after: str
    times: int = 1

    def as_dict(self) -> dict[str, Any]:
        """The fields by their names, for JSON."""
        return asdict(self)


def drift(before: Path, after: Path) -> list[Change]:
    """What changed from the recordings in one folder to those in the other."""
    return compared(_by_check(before), _by_check(after))


def _by_check(place: Path) -> dict[str, Cassette]:
    return {c.provenance.check: _anywhere(c) for c in read_folder(place).values()}


def _anywhere(cassette: Cassette) -> Cassette:
    """The recording without the address of its target and the names of its apps."""
    origin = cassette.provenance
    # What stands for the longest text first: one app's name may begin another's.
    texts = {
        origin.base_url: "http://target",
        **{f"/{app}/": f"/{role}/" for role, app in origin.apps.items()},
    }

    def of(text: str) -> str:
        for value in sorted(texts, key=len, reverse=True):
            text = text.replace(value, texts[value])
        return text

    interactions = tuple(
        replace(
            each,
            sent=replace(each.sent, url=of(each.sent.url), body=of(each.sent.body)),
            received=replace(each.received, body=of(each.received.body)),
        )
        for each in cassette.interactions
    )
    return replace(cassette, interactions=interactions)


def compared(before: Mapping[str, Cassette], after: Mapping[str, Cassette]) -> list[Change]:
    """What differs between two sets of recordings, by check; each change once."""
    found: list[Change] = []
    for check in [*before, *(check for check in after if check not in before)]:
        if check in before and check in after:
            found += _of_check(check, before[check], after[check])
        else:
            there = ("recorded", "not recorded")
            found.append(Change(check, "", "recording", "", *(there if check in before else there[::-1])))
    return _once(found)


def _once(changes: list[Change]) -> list[Change]:
    counted: dict[Change, int] = {}
    for change in changes:
        counted[change] = counted.get(change, 0) + 1
    return [replace(change, times=times) for change, times in counted.items()]


def _of_check(check: str, before: Cassette, after: Cassette) -> Iterator[Change]:
    one, other = before.interactions, after.interactions
    matcher = SequenceMatcher(None, [_shape(i) for i in one], [_shape(i) for i in other], autojunk=False)
    for tag, begin, end, from_, to in matcher.get_opcodes():
        if tag == "equal":
            for here, there in zip(one[begin:end], other[from_:to], strict=True):
                yield from _of_answer(check, _line(here), here.received, there.received)
            continue
        for each in one[begin:end]:
            yield Change(check, _line(each), "request", "", "sent", "not sent")
        for each in other[from_:to]:
            yield Change(check, _line(each), "request", "", "not sent", "sent")
    for log, now in zip(before.devices, after.devices, strict=False):
        notices = [_plain(n.data) for n in log.notices], [_plain(n.data) for n in now.notices]
        if notices[0] != notices[1]:
            place = f"the device {log.name} of {log.user}"
            yield Change(check, place, "notice", "", _shown(notices[0]), _shown(notices[1]))
    if len(before.devices) != len(after.devices):
        numbers = f"{len(before.devices)} devices", f"{len(after.devices)} devices"
        yield Change(check, "", "notice", "", *numbers)


def _line(each: Interaction) -> str:
    return f"{each.sent.method} {masked(urlsplit(each.sent.url).path)}"


def _shape(each: Interaction) -> tuple[str, str, str]:
    parts = urlsplit(each.sent.url)
    return each.sent.method, masked(parts.path), masked(parts.query)


def _of_answer(check: str, line: str, before: Received, after: Received) -> Iterator[Change]:
    if before.status != after.status:
        yield Change(check, line, "status", "", str(before.status), str(after.status))
    for name in sorted({*before.headers, *after.headers}):
        one, other = before.headers.get(name, "nothing"), after.headers.get(name, "nothing")
        if one != other:
            yield Change(check, line, "text", name, one, other)
    here, there = _json(before.body), _json(after.body)
    for aspect, where, one, other in _of_value("$", here, there):
        yield Change(check, line, aspect, where, _shown(one), _shown(other))


def _of_value(where: str, before: Any, after: Any) -> Iterator[tuple[Aspect, str, Any, Any]]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            place = f"{where}.{key}"
            if key in before and key in after:
                yield from _of_value(place, before[key], after[key])
            else:
                yield "shape", place, before.get(key, "nothing"), after.get(key, "nothing")
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield "shape", where, f"{len(before)} items", f"{len(after)} items"
        for one, other in zip(before, after, strict=False):
            yield from _of_value(f"{where}[]", one, other)
    elif type(before) is not type(after):
        yield "shape", where, before, after
    elif _plain(before) != _plain(after):
        yield "text", where, before, after


def _plain(value: Any) -> Any:
    """A value without its IDs and times, and without how a message was packed."""
    if not isinstance(value, str):
        text = str(value)
        return VALUE.sub("#", text) if isinstance(value, int) and not isinstance(value, bool) else value
    try:
        message = decode_message(value) if len(value) > 16 else None
    except ValueError:
        message = None
    if message:
        return message.sender, message.receiver, message.chat_type, message.kind, message.text
    return VALUE.sub("#", value)


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def _shown(value: Any, most: int = 160) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(text, most)
