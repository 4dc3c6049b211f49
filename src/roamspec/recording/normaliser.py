"""Fixed values in place of those that differ from one recording to the next.

IDs become numbers of the same length in the order in which they are first seen, UUIDs likewise. Times that
the service gives become the moment of the response on the recording's steady clock, the time of a message
the moment at which its ID was given. Times that the check chooses are those that it chooses in a replay.
The same value is always replaced by the same one.
"""

import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from google.protobuf.message import DecodeError

from roamspec.wire.message_body_pb2 import MessageBody, Meta

# A percent escape before a number is no part of it.
_BEGINS = r"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2}))"
_NUMBER = re.compile(rf"{_BEGINS}[0-9]{{10,}}(?![0-9A-Za-z])")
_UUID = r"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"
_LONG = rf"{_BEGINS}[0-9]{{13,}}(?![0-9A-Za-z])"
VALUE = re.compile(rf"(?P<uuid>{_UUID})|(?P<number>{_LONG})")
_IN_ANSWER = re.compile(
    r'(?P<message>"msg"\s*:\s*"[A-Za-z0-9+/]{16,}={0,2}")'
    r'|(?P<own_time>"timestamp"\s*:\s*[0-9]{13}(?![0-9]))'
    r'|(?P<duration>"duration"\s*:\s*[0-9]+)'
    rf"|(?P<uuid>{_UUID})|(?P<number>{_LONG})"
)
_PULLED = re.compile(r'("msg"\s*:\s*")([A-Za-z0-9+/]{16,}={0,2})(")')
_OWN_TIME = re.compile(r'("timestamp"\s*:\s*)[0-9]{13}(?![0-9])')
_CHOSEN_TIME = re.compile(r'"msg_timestamp"\s*:\s*([0-9]+)')
_TIME_DIGITS = 13


def numbers_of(text: str) -> list[str]:
    """The long numbers of a request: IDs and times."""
    return _NUMBER.findall(text)


def masked(text: str) -> str:
    """A request without its long numbers."""
    return _NUMBER.sub("#", text)


def is_time(value: str) -> bool:
    """Whether a number has the length of Unix milliseconds."""
    return len(value) == _TIME_DIGITS and value.isdecimal()


class Normaliser:
    """Remembers what became of each value; `step_ms` is the step of the service's clock."""

    def __init__(self, *, step_ms: int = 1) -> None:
        self._step_ms = step_ms
        self._chosen: dict[str, str] = {}
        self._latest: dict[str, str] = {}
        """The same where two calls of one millisecond chose the same number: what the last one chose."""
        self._dates: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._count: Counter[int] = Counter()
        self._born: dict[str, int] = {}
        self._dated: dict[str, tuple[str, str]] = {}

    def learn(self, raw: Sequence[str], replayed: Sequence[str]) -> str | None:
        """Compare the long numbers of a recorded request with those of the replayed one.

        Returns the first recorded one that should have been another, because a response gave it; None when
        all fit. Those that the check chose are remembered.
        """
        for one, other in zip(raw, replayed, strict=True):
            known = self._given.get(one)
            if known is not None and len(one) > _TIME_DIGITS and known != other:
                return one
            if known is None and len(one) >= _TIME_DIGITS:
                self._chosen.setdefault(one, other)
                self._latest[one] = other
        return None

    def fits(self, raw: Sequence[str], replayed: Sequence[str]) -> bool:
        """Whether the long numbers of a replayed request are what became of those of a recorded one, as far
        as is known."""
        return all(
            (self._chosen.get(one) or self._given.get(one) or other) == other
            for one, other in zip(raw, replayed, strict=True)
        )

    def answer(self, body: str, now_ms: int, *, asked: str, replayed: str) -> str:
        """The body of a response with fixed values, given at `now_ms`.

        `asked` is the body of the recorded request, `replayed` that of the replayed one: a message that it
        dates has that date.
        """
        now_ms -= now_ms % self._step_ms
        dates = _CHOSEN_TIME.findall(asked), _CHOSEN_TIME.findall(replayed)
        dated = (dates[0][0], dates[1][0]) if dates[0] and dates[1] else None
        self._dates |= dict([dated]) if dated else {}

        def of(match: re.Match[str]) -> str:
            name, colon, value = match[0].partition(":")
            gap = value[: len(value) - len(value.lstrip())]
            if match["message"]:
                return f'{name}{colon}{gap}"{self._message(value.strip()[1:-1], now_ms)}"'
            if match["own_time"] or match["duration"]:
                # The response's own time says when it was given, whatever else happened in that millisecond.
                return f"{name}{colon}{gap}{now_ms if match['own_time'] else 0}"
            return self._fixed(match, now_ms, dated)

        return _IN_ANSWER.sub(of, body)

    def text(self, text: str, now_ms: int) -> str:
        """Any other text of the service's, such as the notice of a device."""
        return VALUE.sub(lambda match: self._fixed(match, now_ms, None), text)

    def notice(self, text: str, now_ms: int) -> str:
        """The data of a device's event: its own time is now."""
        now_ms -= now_ms % self._step_ms
        text = _OWN_TIME.sub(rf"\g<1>{now_ms}", text)
        return VALUE.sub(lambda match: self._latest.get(match[0]) or self._fixed(match, now_ms, None), text)

    def _fixed(self, match: re.Match[str], now_ms: int, dated: tuple[str, str] | None) -> str:
        value = match[0]
        if not match["uuid"] and len(value) == _TIME_DIGITS:
            # Whether two times are the same is a matter of chance, unless the check has chosen them.
            return self._dates.get(value, str(now_ms))
        if not match["uuid"]:
            if dated and value not in self._given:
                self._dated[value] = dated
            return self._id(value, now_ms)
        if value not in self._given:
            self._count[0] += 1
            self._given[value] = f"00000000-0000-4000-8000-{self._count[0]:012x}"
        return self._given[value]

    def _free_number(self, digits: int) -> str:
        self._count[digits] += 1
        return str(10 ** (digits - 1) + self._count[digits])

    def _message(self, text: str, now_ms: int) -> str:
        """A pulled message with another ID, time and people."""

        def change(meta: Any) -> None:
            raw_id, raw_time = str(meta.id), str(meta.timestamp)
            meta.id = int(self._id(raw_id, now_ms))
            meta.timestamp = self._time_of(raw_id, raw_time, now_ms)

        return changed_message(text, change, lambda name: self.text(name, now_ms))

    def _time_of(self, raw_id: str, raw_time: str, now_ms: int) -> int:
        asked, replayed = self._dated.get(raw_id, ("", ""))
        if asked == raw_time:
            return int(replayed)
        if raw_id in self._born:
            return self._born[raw_id]
        return int(self._chosen.get(raw_time, now_ms))

    @staticmethod
    def renamed(body: str, rename: Callable[[str], str]) -> str:
        """The body of a response with the people of its pulled messages renamed."""

        def of(match: re.Match[str]) -> str:
            return match[1] + changed_message(match[2], lambda meta: None, rename) + match[3]  # noqa: ARG005

        return _PULLED.sub(of, body)

    def _id(self, raw: str, now_ms: int) -> str:
        known = self._chosen.get(raw) or self._given.get(raw)
        if known is None:
            known = self._given[raw] = self._free_number(len(raw))
            self._born[raw] = now_ms
        return known


def changed_message(text: str, change: Callable[[Any], None], rename: Callable[[str], str]) -> str:
    """A pulled message with its envelope changed and its people renamed; as it was if it is none."""
    try:
        meta = Meta.FromString(b64decode(text, validate=True))
        body = MessageBody.FromString(meta.payload)
    except (ValueError, DecodeError):
        return text
    change(meta)
    for part in (meta, body):
        for jid in (getattr(part, "from"), part.to):
            if jid.name:
                jid.name = rename(jid.name)
    meta.payload = body.SerializeToString()
    return b64encode(meta.SerializeToString()).decode("ascii")
