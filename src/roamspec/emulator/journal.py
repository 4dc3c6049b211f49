"""The ordered record of what was asked and answered; bounded in entries and in bytes."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from sys import intern
from time import perf_counter_ns
from typing import Any, Final, Literal, NamedTuple, Protocol, TextIO

from starlette.types import Scope

from roamspec.emulator.changes import Changes
from roamspec.emulator.redaction import body_text, header_text

ENTRIES_MAX: Final = 20_000
BYTES_MAX: Final = 32 << 20
BODY_MAX: Final = 16_384
"""Bytes of a body that are kept; what is cut is said."""
_ENTRY_OVERHEAD: Final = 700
"""What the parts of an entry take beside their bytes."""

Problem = Literal["not-http", "half-request", "left-early"]
"""What a connection did wrong: no HTTP, a request that never became whole, or nobody left to answer."""


class JournalEntry(NamedTuple):
    """One exchange as it was on the wire; `as_dict` redacts what is secret.

    `now` is Unix milliseconds by the app's clock, `duration_ns` how long the response took, and `started_ns`
    when the request came, by a clock that only ever goes on. `nuisance` is the kind that struck the call.
    """

    sequence: int
    org: str
    app: str
    operation: str
    method: str
    target: bytes
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    status: int
    evidence: str
    answer: bytes
    now: int
    started_ns: int
    duration_ns: int
    nuisance: str
    problem: str
    size: int

    def as_dict(self) -> dict[str, Any]:
        """As the control API shows it; token texts and passwords read `<redacted:kind>`."""
        target = self.target + (b"?" + self.query if self.query else b"")
        return {
            "sequence": self.sequence,
            "timestamp": self.now,
            "started_ms": round(self.started_ns / 1e6, 3),
            "duration_ms": round(self.duration_ns / 1e6, 3),
            "org": self.org,
            "app": self.app,
            "operation": self.operation,
            "evidence": self.evidence,
            "nuisance": self.nuisance,
            "problem": self.problem,
            "request": {
                "method": self.method,
                "target": body_text(target),
                "headers": [
                    [name.decode("latin-1"), header_text(name, value)] for name, value in self.headers
                ],
                "body": body_text(self.body),
            },
            "response": {"status": self.status, "body": body_text(self.answer)},
        }


_Row = tuple[Any, ...]
"""An entry as it is kept: its size, sequence, org and app first, and all that was on the wire before the body
in one piece. Few objects, which nobody looks at for long, are quicker to let go than many."""
_SIZE: Final = 0
_GAP: Final = b"\0"
"""Stands between the parts of what was on the wire, where the HTTP parser rejects it."""


def _entry(row: _Row) -> JournalEntry:
    size, sequence, org, app, operation, method, wire, *rest = row
    target, query, *parts = wire.split(_GAP)
    headers = tuple(zip(parts[::2], parts[1::2], strict=True))
    return JournalEntry._make((sequence, org, app, operation, method, target, query, headers, *rest, size))


class ReceivedCall(Protocol):
    """What the journal needs of a request; `app_key` is org and app as they were sent."""

    app_key: tuple[str, str]
    scope: Scope
    body: bytes
    operation: str
    now: int
    started_ns: int
    nuisance: str


class Journal:
    """Newest entries last; the oldest leave when there are too many.

    With `file`, each entry is also written there as one line of JSON, and stays there when it is dropped or
    cleared here: a caller that takes its app away does not take the record away.
    """

    __slots__ = ("_bytes", "_rows", "_sequence", "_unwritten", "changes", "dropped", "file")

    def __init__(self, file: TextIO | None = None, changes: Changes | None = None) -> None:
        self.file = file
        self.changes = changes or Changes()
        self._unwritten: list[_Row] = []
        self._rows: deque[_Row] = deque()
        self._bytes = 0
        self._sequence = 0
        self.dropped = 0
        """Entries that left because there were too many."""

    def add(self, asked: ReceivedCall, status: int, evidence: str, answer: bytes) -> None:
        """A status of 0 says that the caller left before it was served."""
        (org, app), scope, body = asked.app_key, asked.scope, asked.body
        headers = chain.from_iterable(scope["headers"])
        wire = _GAP.join((scope["raw_path"], scope["query_string"], *headers))
        if len(body) > BODY_MAX:
            body = body[:BODY_MAX]
        if len(answer) > BODY_MAX:
            answer = answer[:BODY_MAX]
        self._sequence += 1
        self._append(
            (
                _ENTRY_OVERHEAD + len(wire) + len(body) + len(answer), self._sequence,
                intern(org), intern(app), asked.operation,
                intern(scope["method"]), wire, body, status, evidence, answer, asked.now,
                asked.started_ns, perf_counter_ns() - asked.started_ns, asked.nuisance,
                "" if status or asked.nuisance else "half-request",
            )
        )  # fmt: skip

    def add_broken(self, problem: Problem, received: bytes, now: int) -> None:
        """A connection that brought no whole request; `received` is the last that came over it."""
        received = received[:BODY_MAX]
        self._sequence += 1
        self._append(
            (
                _ENTRY_OVERHEAD + len(received), self._sequence, "", "", "", "", _GAP, received, 0,
                "inferred", b"", now, perf_counter_ns(), 0, "", problem,
            )
        )  # fmt: skip

    def _append(self, row: _Row) -> None:
        rows = self._rows
        rows.append(row)
        self._bytes += row[_SIZE]
        self.changes.note()
        if self.file is not None:
            if not self._unwritten:
                # The response must not wait for it.
                asyncio.get_running_loop().call_soon(self.write_out)
            self._unwritten.append(row)
        while len(rows) > ENTRIES_MAX or self._bytes > BYTES_MAX:
            self._bytes -= rows.popleft()[_SIZE]
            self.dropped += 1

    def write_out(self) -> None:
        """Write to the file what is not there yet."""
        rows, self._unwritten = self._unwritten, []
        if self.file is not None:
            try:
                self.file.writelines(json.dumps(_entry(row).as_dict()) + "\n" for row in rows)
                # Whoever reads the file meanwhile finds in it what has been answered.
                self.file.flush()
            except OSError as error:
                self._give_file_up(self.file, error)

    def _give_file_up(self, file: TextIO, error: OSError) -> None:
        """A full disk, or a pipe that nobody reads any more, must not end what is served."""
        self.file = None
        with suppress(OSError):
            file.close()
        sys.stderr.write(f"WARNING: the journal file is no longer written: {error.strerror}.\n")

    def entries(
        self,
        *,
        app_key: tuple[str, str] | None = None,
        operation: str | None = None,
        status: int | None = None,
        after: int = 0,
    ) -> Iterator[JournalEntry]:
        """Oldest first; `after` is the sequence number of the last entry already seen."""
        for row in self._rows:
            entry = _entry(row)
            if (
                entry.sequence > after
                and (app_key is None or (entry.org, entry.app) == app_key)
                and (operation is None or entry.operation == operation)
                and (status is None or entry.status == status)
            ):
                yield entry

    @property
    def latest(self) -> int:
        """The sequence number of the newest entry; 0 before there was any."""
        return self._sequence

    def clear(self, app_key: tuple[str, str] | None = None) -> None:
        """Forget one app's entries, or all."""
        left = [] if app_key is None else [row for row in self._rows if row[2:4] != app_key]
        self._rows = deque(left)
        self._bytes = sum(row[_SIZE] for row in left)

    def __len__(self) -> int:
        return len(self._rows)
