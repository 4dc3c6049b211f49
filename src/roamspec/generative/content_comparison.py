"""What a pulled message says, compared with what was said: sender, text, type and time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roamspec.api.message_bodies import TEXT
from roamspec.wire import PulledMessage


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was said; what is None is not known. `time_ms` is Unix milliseconds."""

    sender: str
    type: str
    text: str | None
    time_ms: int | None

    def altered(self, seen: PulledMessage) -> str:
        """What the pulled message says otherwise, in words; empty for nothing."""
        pairs = (
            ("sender", self.sender, seen.sender),
            ("type", self.type, seen.kind),
            ("text", self.text, seen.text),
            ("time", self.time_ms, seen.time_ms),
        )
        return ", ".join(
            f"the {name} {_short(now)} instead of {_short(then)}"
            for name, then, now in pairs
            if then is not None and then != now
        )


def first_seen(said: Said, seen: PulledMessage) -> Said:
    """What was said with what a first look adds: the service's time, and how it shows what is not a text."""
    return Said(
        said.sender,
        said.type,
        seen.text if said.text is None else said.text,
        seen.time_ms if said.time_ms is None else said.time_ms,
    )


def as_said(sender: str, kind: str, text: str, time_ms: int | None) -> Said:
    """A message as it was said; only a text message is known to keep its text."""
    return Said(sender, kind, text if kind == TEXT else None, time_ms)


def out_of_order(messages: Sequence[PulledMessage], *, newer: bool) -> str:
    """The first message that stands behind a later one, or that is there twice; empty when there is none.

    Within one millisecond any order is as good.
    """
    times = [message.time_ms if newer else -message.time_ms for message in messages]
    for place in range(1, len(times)):
        if times[place] < times[place - 1]:
            return messages[place].id
    ids = [message.id for message in messages]
    return next((each for place, each in enumerate(ids) if each in ids[:place]), "")


def intruder(messages: Sequence[PulledMessage], labels: Mapping[str, str], due: frozenset[str]) -> str:
    """The ID of a message that was never said in this conversation; empty when there is none."""
    return next((m.id for m in messages if labels.get(m.id, "") not in due), "")


def _short(value: object, most: int = 30) -> str:
    text = str(value)
    return repr(text if len(text) <= most else f"{text[:most]}…")
