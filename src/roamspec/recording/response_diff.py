"""Compares a recorded answer with a present one, value by value."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from roamspec.recording.interactions import REDACTED, Received
from roamspec.recording.normaliser import VALUE, is_time
from roamspec.recording.value_mapping import ValueMapping
from roamspec.shortening import shortened
from roamspec.wire import decode_message

_TIMED: Final = ("duration",)
"""How long something took is never the same."""
_NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class ResponseDifference:
    """Where two responses differ: `status`, `header NAME`, or a path such as `$.data.groupid`."""

    where: str
    recorded: str
    present: str


def compare(recorded: Received, present: Received, terms: ValueMapping) -> list[ResponseDifference]:
    """All differences of two responses, after translation; `terms` learns what fits together."""
    found = []
    if recorded.status != present.status:
        found.append(ResponseDifference("status", str(recorded.status), str(present.status)))
    for name in sorted({*recorded.headers, *present.headers}):
        one, other = recorded.headers.get(name, _NOTHING), present.headers.get(name, _NOTHING)
        if one != other:
            found.append(ResponseDifference(f"header {name}", one, other))
    here, there = _json(recorded.body), _json(present.body)
    if here is None or there is None:
        if terms.outward(recorded.body) != present.body:
            found.append(
                ResponseDifference("body", _shown(recorded.body), _shown(terms.inward(present.body)))
            )
        return found
    if isinstance(here, dict) and isinstance(there, dict):
        _anchor(here.get("timestamp"), there.get("timestamp"), terms)
    return [*found, *_compared("$", here, there, terms)]


def _anchor(recorded: Any, present: Any, terms: ValueMapping) -> None:
    if _are_numbers(recorded, present) and is_time(str(recorded)) and is_time(str(present)):
        terms.anchor(recorded, present)


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _compared(where: str, recorded: Any, present: Any, terms: ValueMapping) -> Iterator[ResponseDifference]:
    if isinstance(recorded, dict) and isinstance(present, dict):
        # Receivers are keys where a message is sent.
        present = {terms.inward(key): value for key, value in present.items()}
        for key in [*recorded, *(key for key in present if key not in recorded)]:
            place = f"{where}.{key}"
            if key not in recorded or key not in present:
                one, other = recorded.get(key, _NOTHING), present.get(key, _NOTHING)
                yield ResponseDifference(place, _shown(one), _inward(other, terms))
            elif not (key in _TIMED and _are_numbers(recorded[key], present[key])):
                yield from _compared(place, recorded[key], present[key], terms)
    elif isinstance(recorded, list) and isinstance(present, list):
        if len(recorded) != len(present):
            yield ResponseDifference(where, f"{len(recorded)} items", f"{len(present)} items")
        for index, (one, other) in enumerate(zip(recorded, present, strict=False)):
            yield from _compared(f"{where}[{index}]", one, other, terms)
    elif not _same(recorded, present, terms):
        yield ResponseDifference(where, _shown(recorded), _inward(present, terms))


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)


def _same(recorded: Any, present: Any, terms: ValueMapping) -> bool:
    if type(recorded) is not type(present):
        return False
    if _are_numbers(recorded, present):
        return recorded == present or _agree(str(recorded), str(present), terms)
    if isinstance(recorded, str):
        return _same_text(recorded, present, terms)
    return bool(recorded == present)


def _same_text(recorded: str, present: str, terms: ValueMapping) -> bool:
    if REDACTED.fullmatch(recorded):
        return terms.agree(recorded, present)
    here, there = _message(recorded), _message(present)
    if here and there:
        _anchor(here[1], there[1], terms)
        return all(_same(one, other, terms) for one, other in zip(here, there, strict=True))
    return _agree(recorded, present, terms)


def _message(text: str) -> tuple[Any, ...] | None:
    """ID, time, people, kind and text of a pulled message; None when it is none."""
    if len(text) < 16:
        return None
    try:
        message = decode_message(text)
    except ValueError:
        return None
    return (
        message.id,
        message.time_ms,
        message.sender,
        message.receiver,
        message.chat_type,
        message.kind,
        message.text,
    )


def _agree(recorded: str, present: str, terms: ValueMapping) -> bool:
    """Whether two texts are the same but for values that stand for each other."""
    wanted = terms.outward(VALUE.sub("#", recorded))
    if wanted != VALUE.sub("#", present):
        return False
    pairs = zip(VALUE.finditer(recorded), VALUE.finditer(present), strict=True)
    agreed = [terms.agree(one[0], other[0]) for one, other in pairs]
    return all(agreed)


def _inward(value: Any, terms: ValueMapping) -> str:
    return terms.inward(_shown(value))


def _shown(value: Any, most: int = 200) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(text, most)
