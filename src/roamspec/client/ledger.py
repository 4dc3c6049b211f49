"""What this run made, written down before it is made, so that a crash leaves a trace to clean up by."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from roamspec.appkey import AppKey

Kind = Literal["user", "group", "room"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that this run made (or is about to make) in an app."""

    app: AppKey
    kind: Kind
    name: str


class Ledger:
    """Everything this run made, in memory and, if given a file, line by line on disk.

    `intend` is called before a creation, `made` after it with the ID that the service chose, `gone`
    after a removal. Names `seen_absent` were looked up and do not exist.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._present: dict[Entry, None] = {}
        self._ever: set[Entry] = set()
        self._absent: set[Entry] = set()
        self._lock = threading.Lock()
        self._stream = file.open("a", encoding="utf-8") if file else None

    def intend(self, entry: Entry) -> None:
        self._write("intend", entry)

    def made(self, entry: Entry) -> None:
        with self._lock:
            self._present[entry] = None
            self._ever.add(entry)
        self._write("made", entry)

    def gone(self, entry: Entry) -> None:
        with self._lock:
            self._present.pop(entry, None)
        self._write("gone", entry)

    def seen_absent(self, entry: Entry) -> None:
        with self._lock:
            self._absent.add(entry)

    def may_be_named(self, entry: Entry) -> bool:
        """Whether a deletion may name it: this run made it, or saw that it does not exist."""
        return entry in self._ever or entry in self._absent

    def present(self) -> list[Entry]:
        """What is still there, latest first."""
        with self._lock:
            return list(reversed(self._present))

    def close(self) -> None:
        if self._stream:
            self._stream.close()
            self._stream = None

    def _write(self, event: str, entry: Entry) -> None:
        if self._stream:
            line = {"event": event, "app": str(entry.app), "kind": entry.kind, "name": entry.name}
            with self._lock:
                self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                self._stream.flush()
