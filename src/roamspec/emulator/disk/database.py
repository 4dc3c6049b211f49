"""The SQLite file of a folder: opened for one process, its rows read and written in whole transactions."""

import os
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from roamspec.emulator.disk.tables import Rows
from roamspec.errors import TargetError

FILE_NAME: Final = "emulator.sqlite3"
VERSION: Final = 1
"""Of the rows and what stands in them; a file of another version is not read."""
_APPLICATION_ID: Final = 0x726F616D  # "roam"
_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_VERSION_AT, _APPLICATION_AT = 60, 68
_WAIT_FOR_OTHER_S: Final = 3.0
_ROWS_FOR_ONE_STATEMENT: Final = 10_000
_SCHEMA: Final = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS record (
  sequence INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (place, kind, key)
);
PRAGMA application_id = {application};
PRAGMA user_version = {version};
COMMIT;
"""
_UPSERT: Final = (
    "INSERT INTO record (place, kind, key, value) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (place, kind, key) DO UPDATE SET value = excluded.value"
)
_DELETE: Final = "DELETE FROM record WHERE place = ? AND kind = ? AND key = ?"


class DataError(TargetError):
    """The folder of the emulator's data cannot be used."""


class Database:
    """Rows of `place` (one app, or one snapshot), `kind`, `key` and `value`, in the order in which they came.

    Another process cannot open it meanwhile. Each method may raise sqlite3.Error.
    """

    def __init__(self, folder: Path) -> None:
        """DataError when the folder cannot be used, or holds something else."""
        self.path = folder / FILE_NAME
        try:
            _prepare(folder, self.path)
            self._connection = _connected(self.path)
        except OSError as error:
            raise DataError(f"cannot keep data in the folder {folder}: {error.strerror}.") from error
        except sqlite3.Error as error:
            raise DataError(_why_not(folder, error)) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All that is written within is there afterwards, or nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def write(self, place: int, rows: Rows) -> None:
        """Write rows of one place; a row whose value is None is removed."""
        changed = [(place, kind, key, value) for (kind, key), value in rows.items() if value is not None]
        gone = [(place, kind, key) for (kind, key), value in rows.items() if value is None]
        if gone:
            self._connection.executemany(_DELETE, gone)
        if changed:
            self._connection.executemany(_UPSERT, changed)

    def clear(self, place: int, kinds: Iterable[str] = ()) -> None:
        """Forget rows of these kinds, or of all."""
        if not kinds:
            self._connection.execute("DELETE FROM record WHERE place = ?", (place,))
        for kind in kinds:
            self._connection.execute("DELETE FROM record WHERE place = ? AND kind = ?", (place, kind))

    def read(self, place: int, kind: str) -> Iterator[tuple[str, str]]:
        """Keys with their values, in the order in which they came."""
        found = self._connection.execute(
            "SELECT key, value FROM record WHERE place = ? AND kind = ? ORDER BY sequence", (place, kind)
        )
        while some := found.fetchmany(_ROWS_FOR_ONE_STATEMENT):
            yield from some

    def places(self) -> list[int]:
        """The places that have rows."""
        return [place for (place,) in self._connection.execute("SELECT DISTINCT place FROM record")]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _prepare(folder: Path, path: Path) -> None:
    """The folder and the file, for their owner alone: they hold passwords and tokens."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.strip(b"\0"):
        return
    if (
        len(header) < _HEADER_BYTES
        or not header.startswith(_MAGIC)
        or _number(header, _APPLICATION_AT) != (_APPLICATION_ID)
    ):
        raise DataError(f"{path} was not written by this emulator; choose another folder for --data.")
    version = _number(header, _VERSION_AT)
    if version != VERSION:
        raise DataError(
            f"the data in {folder} has version {version}, and this roamspec reads version {VERSION}; use the "
            "roamspec that wrote it, or choose another folder for --data."
        )


def _number(header: bytes, at: int) -> int:
    (value,) = struct.unpack_from(">I", header, at)
    return int(value)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT_FOR_OTHER_S, isolation_level=None)
    try:
        # Alone with the file, SQLite keeps the index of its log in memory.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.executescript(_SCHEMA.format(application=_APPLICATION_ID, version=VERSION))
        connection.execute("PRAGMA journal_mode = WAL")
        # What is written outlives this process; only a machine that loses power may lose the latest of it.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _why_not(folder: Path, error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"the folder {folder} is used by another emulator; stop it, or choose another one for --data."
    return f"cannot keep data in the folder {folder}: {error}."
