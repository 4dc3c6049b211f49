"""Where rows are read and written: a database, or whatever else holds them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

Rows = Mapping[tuple[str, str], str | None]
"""By kind and key the value, or None for a row that goes."""


class RowReader(Protocol):
    def read(self, place: int, kind: str) -> Iterator[tuple[str, str]]:
        """Keys with their values, in the order in which they came."""


class RowWriter(Protocol):
    def write(self, place: int, rows: Rows) -> None: ...
    def clear(self, place: int, kinds: Iterable[str] = ()) -> None:
        """Forget rows of these kinds, or of all."""
