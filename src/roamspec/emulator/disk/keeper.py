"""Writes what changed, before the response that tells of it leaves."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from roamspec.emulator.apps import App
from roamspec.emulator.disk.contents import encoded
from roamspec.emulator.disk.counting import CountingNumbers
from roamspec.emulator.disk.database import Database, DataError
from roamspec.emulator.disk.kept_app import KeptApp
from roamspec.emulator.disk.restoring import restored
from roamspec.emulator.service import Service

_SHARED: Final = 0
"""The place of what all apps share."""
_NUMBERS: Final = "numbers"


class Keeper:
    """Keeps the apps of one service in one database; `numbers` is what the service draws its IDs from.

    Once something cannot be written, nothing is answered any more: `failure` says why, and `stop` is called.
    """

    def __init__(self, database: Database) -> None:
        """DataError for rows that cannot be read."""
        self._database = database
        self._kept: dict[App, KeptApp] = {}
        self._service: Service | None = None
        self.stop: Callable[[], None] = _nothing
        self.failure: DataError | None = None
        with self._reading():
            found = [value for _, value in database.read(_SHARED, _NUMBERS)]
            self.numbers = CountingNumbers(json.loads(found[0]) if found else ())
            self._last_place = max(database.places(), default=_SHARED)

    def restore(self, service: Service) -> None:
        """Put the apps that the rows tell of into the service, which has none yet.

        DataError for rows that cannot be read, ConfigurationError for faults that are no longer known.
        """
        self._service = service
        with self._reading():
            self._kept = {kept.app: kept for kept in restored(self._database, service, self._new_place)}

    def save(self, *, all_of_it: bool) -> None:
        """Write what changed; DataError when that cannot be done.

        With `all_of_it` also new apps and removed ones, settings, clocks, faults and snapshots: what only the
        control API changes.
        """
        if self.failure is not None:
            raise self.failure
        if all_of_it:
            self._find_new()
        elif all(kept.is_written for kept in self._kept.values()):
            return
        try:
            self._write(all_of_it=all_of_it)
        except sqlite3.Error as error:
            self.failure = DataError(
                f"{self._database.path} can no longer be written: {error}; the emulator stops, and keeps "
                "everything that it has answered so far."
            )
            self.stop()
            raise self.failure from error

    def close(self) -> None:
        """Close the file; what was not saved is lost."""
        self._database.close()

    def _find_new(self) -> None:
        assert self._service is not None
        for app in self._service.apps():
            if app not in self._kept:
                kept = self._kept[app] = KeptApp(app, self._new_place(), self._new_place)
                kept.tokens.restore(dict(app.tokens.items()))
                kept.attach()

    def _write(self, *, all_of_it: bool) -> None:
        assert self._service is not None
        with self._database.writing():
            if all_of_it:
                living = set(self._service.apps())
                for app in [app for app in self._kept if app not in living]:
                    self._kept.pop(app).forget(self._database)
            for kept in self._kept.values():
                if all_of_it or not kept.is_written:
                    kept.write(self._database)
            self._database.write(_SHARED, {(_NUMBERS, ""): encoded(self.numbers.state)})

    def _new_place(self) -> int:
        self._last_place += 1
        return self._last_place

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{self._database.path} is damaged and cannot be read ({error}); choose another folder for "
                "--data, or put a copy in its place."
            ) from error


def _nothing() -> None:
    pass
