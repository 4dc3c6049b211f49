"""Rows of an app as they stand in the store: one field of a hash each, the value behind its number."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from roamspec.emulator.disk.contents import encoded
from roamspec.emulator.disk.kept_app import SNAPSHOT
from roamspec.emulator.disk.tables import Rows

Row = tuple[str, str | None]
"""Kind and key in one text, and the value; None for a row that goes."""

MAIN: Final = 0
"""The place of what the app holds; each other place is a snapshot."""


def split(field: str) -> tuple[str, str]:
    """Kind and key."""
    at = field.find("[")
    return (field, "") if at < 0 else (field[:at], field[at:])


def by_order(values: Mapping[str, str]) -> dict[str, str]:
    """Values by field, in the order in which their rows came, without the numbers that say it."""
    numbered = ((field, *value.split(" ", 1)) for field, value in values.items())
    return {field: value for field, _, value in sorted(numbered, key=lambda row: int(row[1]))}


def plain(pairs: Sequence[str]) -> list[Row]:
    """Fields and values that take turns, as rows; an empty value stands for none.

    Rows that go come first, so that there is room for the others.
    """
    fields = iter(pairs)
    rows = [(field, value.split(" ", 1)[1] if value else None) for field, value in zip(fields, fields)]  # noqa: B905
    return sorted(rows, key=lambda row: row[1] is not None)


class LoadedRows:
    """Rows that were read, by place and kind."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)

    def add(self, place: int, values: Mapping[str, str]) -> None:
        """Add rows of a place in the order of their numbers; `values` is a hash as the store keeps it."""
        for field, value in by_order(values).items():
            kind, key = split(field)
            self._rows[place, kind][key] = value

    def read(self, place: int, kind: str) -> Iterator[tuple[str, str]]:
        """Keys with their values, in the order in which they came."""
        return iter(self._rows.get((place, kind), {}).items())

    def snapshot_places(self) -> list[int]:
        """The places of all snapshots that the app lists."""
        return [json.loads(text)["place"] for text in self._rows.get((MAIN, SNAPSHOT), {}).values()]

    def value(self, place: int, kind: str) -> Any:
        """Of the only row of a kind; None where there is none."""
        found = self._rows.get((place, kind))
        return None if not found else json.loads(next(iter(found.values())))


class Collected:
    """What is to be written: rows of the app, rows of other places, and what is cleared before."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.cleared: list[str] = []
        self.snapshots: dict[int, dict[str, str]] = {}
        self.forgotten: list[int] = []

    def write(self, place: int, rows: Rows) -> None:
        """Note rows: those of the app for its log, those of a snapshot for a hash of its own."""
        if place == MAIN:
            self.rows += ((kind + key, value) for (kind, key), value in rows.items())
        else:
            values = ((kind + key, value) for (kind, key), value in rows.items() if value is not None)
            self.snapshots[place] = {
                field: f"{number} {value}" for number, (field, value) in enumerate(values)
            }

    def clear(self, place: int, kinds: Iterable[str] = ()) -> None:
        """Note that rows of these kinds are forgotten, or a whole snapshot."""
        if place == MAIN:
            self.cleared += kinds
        else:
            self.forgotten.append(place)

    def __bool__(self) -> bool:
        return bool(self.rows or self.cleared or self.snapshots or self.forgotten)


def entry_text(txn: str, now: int, rows: Sequence[Row], events: Sequence[object], *, whole: bool) -> str:
    """One change as the log has it; with `whole` its rows stand elsewhere, and readers read the app anew."""
    shown = [(field, False if value is None else value) for field, value in rows]
    # The events are a text within the text: the store parses the rest, and not every text of Python's.
    value = {"txn": txn, "now": now, "whole": whole, "rows": shown, "events": encoded(events)}
    return encoded(value)


class Entry:
    """A change of another worker; `now` is Unix milliseconds by the app's clock."""

    __slots__ = ("events", "now", "rows", "txn", "whole")

    def __init__(self, text: str) -> None:
        value = json.loads(text)
        self.txn: str = value["txn"]
        self.now: int = value["now"]
        self.whole: bool = value["whole"]
        self.rows: list[Row] = [(field, new or None) for field, new in value["rows"]]
        self.events: list[Any] = json.loads(value["events"])
