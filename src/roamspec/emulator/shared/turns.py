"""The calls of one app at one worker, one after the other; those that wait together are written together.

A call is computed on the replica and then written. Where another worker has written since, the replica takes
that over, and the call is computed again. A call that cannot be computed twice is made alone: the store keeps
other workers from writing for a moment. So are the next calls after one that came too late: where several
workers write to one app all the time, taking turns costs less than computing again.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeVar, cast

from roamspec.emulator.disk.contents import encoded
from roamspec.emulator.disk.kept_app import APP
from roamspec.emulator.shared.connection import ROWS_AT_ONCE, Connection
from roamspec.emulator.shared.hub import Event
from roamspec.emulator.shared.keys import AppKeys
from roamspec.emulator.shared.problems import AppGone, StoreGone
from roamspec.emulator.shared.replica import Replica
from roamspec.emulator.shared.rows import MAIN, Collected, Entry, LoadedRows, entry_text, plain

T = TypeVar("T")
TOGETHER_MAX: Final = 64
_ALONE_WITHIN_MS: Final = 5_000
"""How long a turn may take: so long others wait for a worker that is killed within it."""
_TURNS_TAKEN: Final = 16
"""How many turns in a row nobody else has to want before they are no longer taken."""


@dataclass(eq=False, slots=True)
class _Call:
    compute: Callable[[], Any]
    alone: bool
    answer: "asyncio.Future[Any]"
    outcome: Any = None
    error: Exception | None = None

    def resolve(self) -> None:
        if self.answer.done():
            # Whoever asked has gone.
            return
        if self.error is not None:
            self.answer.set_exception(self.error)
        else:
            self.answer.set_result(self.outcome)


class Turns:
    """Of one app."""

    def __init__(self, replica: Replica, store: Connection, worker: str) -> None:
        self._replica = replica
        self._store = store
        self._worker = worker
        self._waiting: deque[_Call] = deque()
        self._task: asyncio.Task[None] | None = None
        self._numbers = count()
        self._contended = 0

    async def run(self, compute: Callable[[], T], *, alone: bool = False) -> T:
        """What the call returns or raises, once what it changed is in the store.

        StoreGone when that cannot be, AppGone when the app has been removed.
        """
        call = _Call(compute, alone, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._task is None:
            self._task = asyncio.ensure_future(self._work())
        return cast(T, await call.answer)

    async def _work(self) -> None:
        waiting = self._waiting
        try:
            while waiting:
                calls = [waiting.popleft()]
                try:
                    await self._make(calls, alone=calls[0].alone)
                except Exception as error:  # noqa: BLE001 - nobody may wait for ever
                    self._replica.is_valid = False
                    for call in calls:
                        call.error = error
                for call in calls:
                    call.resolve()
        finally:
            self._task = None

    async def _make(self, calls: list[_Call], *, alone: bool) -> None:
        while True:
            if not self._replica.is_valid:
                await self._load()
            once = alone or not self._replica.is_plain
            if once or self._contended:
                await self._take_turn()
            if not once and self._replica.is_plain:
                self._add_waiting(calls)
            for call in calls:
                self._compute(call)
            if await self._write():
                return
            if once:
                # Another worker has been let in meanwhile: what cannot be computed again has not happened.
                raise StoreGone("the call took too long")

    def _add_waiting(self, calls: list[_Call]) -> None:
        """Those that came meanwhile are written with the others."""
        waiting = self._waiting
        while waiting and not waiting[0].alone and len(calls) < TOGETHER_MAX:
            calls.append(waiting.popleft())

    def _compute(self, call: _Call) -> None:
        call.outcome, call.error = None, None
        try:
            call.outcome = self._replica.compute(call.compute)
        except (StoreGone, AppGone):
            raise
        except Exception as error:  # noqa: BLE001 - it is the caller's, as without a store
            call.error = error

    async def _write(self) -> bool:
        """Write what was computed; False when it did not happen, because another worker came first."""
        replica, store = self._replica, self._store
        collected, events = replica.take()
        changed = bool(collected or events)
        txn = f"{self._worker}-{next(self._numbers)}"
        entry, staged = "", ""
        if changed:
            entry, staged = await self._prepared(txn, collected, events)
        while True:
            answer, *rest = await store.commit(
                replica.keys, replica.seen, self._worker, entry, cleared=collected.cleared, staged=staged
            )
            if answer != "wait":
                break
            await store.await_turn(replica.keys)
        if answer == "done":
            replica.settle(events, changed=changed)
        elif answer == "behind":
            entries, values = [Entry(text) for text in rest[0]], rest[1]
            if not changed or entries[0].txn != txn:
                return self._let_others_first(entries, values, collected)
            # It was written, and the answer was lost.
            replica.settle(events, changed=True)
            replica.follow(entries[1:])
        else:
            return self._not_there(answer)
        await store.forget_snapshots(replica.keys, collected.forgotten)
        return True

    def _let_others_first(self, entries: list[Entry], values: list[str], collected: Collected) -> bool:
        if collected:
            self._contended = _TURNS_TAKEN
        if collected.cleared or collected.snapshots or len(collected.rows) > ROWS_AT_ONCE:
            self._replica.is_valid = False
        else:
            self._replica.undo(plain(values))
        self._replica.follow(entries)
        return False

    def _not_there(self, answer: str) -> bool:
        self._replica.is_valid = False
        if answer == "gone":
            raise AppGone
        return False

    async def _prepared(self, txn: str, collected: Collected, events: list[Event]) -> tuple[str, str]:
        """The entry of the log, and the name under which its rows stand where they are many."""
        replica, rows = self._replica, collected.rows
        now = replica.app.clock.now()
        for place, values in collected.snapshots.items():
            await self._store.write_snapshot(replica.keys, place, values)
        if len(rows) <= ROWS_AT_ONCE and not collected.cleared:
            return entry_text(txn, now, rows, events, whole=False), ""
        await self._store.stage(replica.keys, txn, [encoded((row, value or False)) for row, value in rows])
        return entry_text(txn, now, (), events, whole=True), txn

    async def _take_turn(self) -> None:
        replica, wanted = self._replica, False
        while True:
            answer, *rest = await self._store.take_turn(
                replica.keys, replica.seen, self._worker, _ALONE_WITHIN_MS
            )
            wanted = wanted or answer != "done"
            if answer == "behind":
                replica.follow([Entry(text) for text in rest[0]])
            elif answer in ("gone", "reload"):
                self._not_there(answer)
            elif answer == "wait":
                await self._store.await_turn(replica.keys)
                continue
            if not replica.is_valid:
                await self._load()
            if self._contended:
                self._contended = _TURNS_TAKEN if wanted else self._contended - 1
            return

    async def _load(self) -> None:
        """Read the app anew. Devices are told what they missed, or have to come again."""
        replica, store = self._replica, self._store
        life, version, values = await store.read(replica.keys)
        old_life, old_version = replica.seen
        if life is None or APP not in values:
            raise AppGone
        if old_life == life and old_version > 0 and replica.hub.has_local:
            await self._tell_what_was_missed(version)
        replica.load(await loaded_rows(store, replica.keys, values), (life, version))

    async def _tell_what_was_missed(self, version: int) -> None:
        replica = self._replica
        if replica.seen[1] == version:
            return
        answer, *rest = await self._store.commit(replica.keys, replica.seen, self._worker)
        if answer == "behind":
            for text in rest[0][: version - replica.seen[1]]:
                replica.tell(Entry(text).events)
        else:
            replica.hub.end_all_here()


async def loaded_rows(store: Connection, keys: AppKeys, values: dict[str, str]) -> LoadedRows:
    """The rows of an app, with those of its snapshots."""
    rows = LoadedRows()
    rows.add(MAIN, values)
    for place in rows.snapshot_places():
        rows.add(place, await store.read_snapshot(keys, place))
    return rows
