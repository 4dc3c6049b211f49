"""What this run made, written down before it is made, so that a crash leaves a trace to clean up by."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from roamspec.appkey import AppKey

Kind = Literal["user", "group", "room"]
Step = Literal["intend", "made", "gone", "taken"]


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One thing that this run made (or is about to make) in an app."""

    app: AppKey
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class LedgerHeader:
    """The first line of a ledger: whose it is, and where what it lists was made.

    `mark` begins every name that the run gave. What was made in an `embedded` emulator went with it.
    `apps` are the apps that the run could write to, as ORG#APP by their role: main, neighbour or closed;
    `confirmed` are those that a person allowed it to write to although they are not on this machine.
    """

    mark: str
    base_url: str
    embedded: bool
    apps: Mapping[str, str] = field(default_factory=dict)
    confirmed: Sequence[str] = ()


def own_file(folder: Path, mark: str) -> Path:
    """Where a run with this mark writes its ledger: no two runs share one."""
    return folder / f"ledger-{mark}.jsonl"


class Ledger:
    """Everything this run made, in memory and, if given a file, line by line on disk.

    `intend` is called before a creation, `made` after it with the ID that the service chose, `gone`
    after a removal, `taken` when the name turned out to be somebody else's. Names `seen_absent` were
    looked up and do not exist.
    """

    def __init__(self, file: Path | None = None, head: LedgerHeader | None = None) -> None:
        """With a `head` the file is this run's alone, must not exist yet, and goes once it lists nothing."""
        self._file = file
        self._own = head is not None
        self._present: dict[LedgerEntry, None] = {}
        self._intended: dict[LedgerEntry, None] = {}
        self._listed: set[LedgerEntry] = set()
        """Everything that was written down before it was made, under the name that the run gave."""
        self._ever: set[LedgerEntry] = set()
        self._absent: set[LedgerEntry] = set()
        self._kept: set[LedgerEntry] = set()
        self._owner_of: dict[LedgerEntry, LedgerEntry] = {}
        self._owned_go_along = False
        self._standing: int | None = 0
        self._lock = threading.Lock()
        self._stream = file.open("x" if head else "a", encoding="utf-8", newline="\n") if file else None
        if head:
            self._write({"event": "run", **asdict(head)})

    @classmethod
    def resumed(cls, file: Path, made: Sequence[LedgerEntry], uncertain: Sequence[LedgerEntry]) -> Self:
        """The ledger of a run that ended early, to go on with: what it still lists, oldest first."""
        ledger = cls(file)
        ledger._own = True
        ledger._standing = None
        ledger._present = dict.fromkeys(made)
        ledger._intended = dict.fromkeys(uncertain)
        ledger._ever = set(made)
        return ledger

    @property
    def removes_owned(self) -> bool:
        """Whether the service removes what somebody owns together with the owner."""
        return self._owned_go_along

    @removes_owned.setter
    def removes_owned(self, along: bool) -> None:
        with self._lock:
            self._owned_go_along, self._standing = along, None

    def intend(self, entry: LedgerEntry) -> None:
        """Write down what is about to be made."""
        with self._lock:
            self._standing = None
            self._listed.add(entry)
            if entry.kind == "user":
                self._intended[entry] = None
        self._step("intend", entry)

    def lists(self, entry: LedgerEntry) -> bool:
        """Whether it was written down before it is made, so that it can be removed whatever happens."""
        return entry in self._listed

    def made(self, entry: LedgerEntry, owner: LedgerEntry | None = None) -> None:
        """`owner` is whom a group goes along with, where such things do."""
        with self._lock:
            self._standing = None
            self._intended.pop(entry, None)
            self._present[entry] = None
            self._ever.add(entry)
            if owner:
                self._owner_of[entry] = owner
        self._step("made", entry)

    def keep(self, entry: LedgerEntry) -> None:
        """Somebody wants to look at it: the run does not remove it, and goes on listing it."""
        with self._lock:
            self._kept.add(entry)

    def keeps(self, entry: LedgerEntry) -> bool:
        """Whether the clean-up leaves this."""
        return entry in self._kept

    @property
    def kept(self) -> list[LedgerEntry]:
        """What stays after the run."""
        with self._lock:
            return [entry for entry in self._present if entry in self._kept]

    def removed(self, entry: LedgerEntry) -> None:
        """It was removed, and what goes along with it."""
        with self._lock:
            self._standing = None
            along = [each for each in self._present if self._follows(each) and self._owner_of[each] == entry]
            for each in (entry, *along):
                self._intended.pop(each, None)
                self._present.pop(each, None)
        for each in (entry, *along):
            self._step("gone", each)

    def removed_with_owner(self, entry: LedgerEntry) -> bool:
        """Whether it is still there and will go with its owner, who is."""
        with self._lock:
            return entry in self._present and self._follows(entry)

    def _follows(self, entry: LedgerEntry) -> bool:
        return self._owned_go_along and self._owner_of.get(entry) in self._present

    def is_present(self, entry: LedgerEntry) -> bool:
        """Whether this run made it and has not removed it."""
        with self._lock:
            return entry in self._present

    def name_taken(self, entry: LedgerEntry) -> None:
        """The name was taken before: nothing may ever be done to whoever has it."""
        with self._lock:
            self._standing = None
            self._intended.pop(entry, None)
        self._step("taken", entry)

    def seen_absent(self, entry: LedgerEntry) -> None:
        """The service has said that it does not exist."""
        with self._lock:
            self._absent.add(entry)

    def may_be_named(self, entry: LedgerEntry) -> bool:
        """Whether a deletion may name it: this run made it, or saw that it does not exist."""
        return entry in self._ever or entry in self._absent

    def present(self) -> list[LedgerEntry]:
        """What is still there, latest first."""
        with self._lock:
            return list(reversed(self._present))

    @property
    def standing(self) -> int:
        """How many things are still there, or may be, that do not go along with others."""
        with self._lock:
            if self._standing is None:
                along = sum(map(self._follows, self._present))
                self._standing = len(self._present) + len(self._intended) - along
            return self._standing

    def uncertain(self) -> list[LedgerEntry]:
        """Users whose creation was never answered: they may exist. (What the service names itself cannot
        be known without its response; it goes with its owner.)"""
        with self._lock:
            return list(self._intended)

    def claim(self, entry: LedgerEntry) -> None:
        """Count a user that may exist as made, so that it may be removed."""
        with self._lock:
            self._ever.add(entry)

    def close(self) -> None:
        """Close the file; a ledger that lists nothing any more is removed."""
        if self._stream:
            self._stream.close()
            self._stream = None
            if self._own and self._file and not self._present and not self._intended:
                self._file.unlink(missing_ok=True)

    def _step(self, step: Step, entry: LedgerEntry) -> None:
        self._write({"event": step, "app": str(entry.app), "kind": entry.kind, "name": entry.name})

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._stream:
            with self._lock:
                self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
                self._stream.flush()
