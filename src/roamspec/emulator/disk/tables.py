"""Where rows are read and written: a database, or whatever else holds them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

Rows = Mapping[tuple[str, str], str | None]
"""By kind and key the value, or None for a row that goes."""


class RowReader(Protocol):
    """Reads rows: one table for each `place`, which is an app or a snapshot of it."""

    def read(self, place: int, kind: str) -> Iterator[tuple[str, str]]:
        """Keys with their values, in the order in which they came."""


class RowWriter(Protocol):
    """Writes rows into tables as `RowReader` reads them."""

    def write(self, place: int, rows: Rows) -> None:
        """Add or replace rows of a place; a row whose value is None is removed."""

    def clear(self, place: int, kinds: Iterable[str] = ()) -> None:
        """Forget rows of these kinds, or of all."""
