"""Reads what a run that ended early wrote into its ledger."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roamspec.appkey import AppKey
from roamspec.errors import UsageError
from roamspec.transport.ledger import LedgerEntry, LedgerHeader
from roamspec.transport.run_prefix import carries

PATTERN: Final = "ledger*.jsonl"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What a ledger still lists, oldest first.

    `uncertain` are users whose creation was never answered: they may exist. `cut_line` is the number of
    a last line that was not written to its end; 0 when all were.
    """

    file: Path
    head: LedgerHeader
    made: tuple[LedgerEntry, ...]
    uncertain: tuple[LedgerEntry, ...]
    cut_line: int = 0

    @property
    def apps(self) -> set[AppKey]:
        """The apps in which something may be left."""
        return {entry.app for entry in (*self.made, *self.uncertain)}


def read_ledger(file: Path) -> Leftovers:
    """UsageError names the file and the line that cannot be read; nothing is guessed then."""
    try:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from error
    lines = text.split("\n")
    # A run that is killed may leave half a line. Nothing was done yet that only this line would tell:
    # what is intended is written before it is made.
    cut_line = len(lines) if lines[-1] else 0
    if len(lines) < 2:
        raise UsageError(f"{file}, line 1: this is not the ledger of a run.")
    head = _head(file, lines[0])
    made: dict[LedgerEntry, None] = {}
    uncertain: dict[LedgerEntry, None] = {}
    group_ids: set[tuple[AppKey, str]] = set()
    for number, line in enumerate(lines[1:-1], start=2):
        step, entry = _step(file, number, line)
        # A user may have the ID of a group that the run made before; every other one carries the mark, but
        # for one of a single character, which is this run's only if its making was answered.
        foreign = entry.kind == "user" and not carries(entry.name, head.mark)
        if foreign and len(entry.name) == 1:
            step = "uncertain" if step == "intend" else step
        elif foreign and (entry.app, entry.name) not in group_ids:
            raise _damaged(file, number, f"the user {entry.name!r} does not carry the run's mark {head.mark}")
        if step == "made" and entry.kind != "user":
            group_ids.add((entry.app, entry.name))
        if step == "intend" and entry.kind == "user":
            uncertain[entry] = None
        elif step not in ("intend", "uncertain"):
            uncertain.pop(entry, None)
            made.pop(entry, None)
            if step == "made":
                made[entry] = None
    return Leftovers(file, head, tuple(made), tuple(uncertain), cut_line)


def _head(file: Path, line: str) -> LedgerHeader:
    value = _object(file, 1, line, "event", "mark", "base_url", "embedded")
    mark, base_url, embedded = value["mark"], value["base_url"], value["embedded"]
    apps, confirmed = value.get("apps", {}), value.get("confirmed", [])
    readable = isinstance(mark, str) and isinstance(base_url, str) and isinstance(embedded, bool)
    # An empty mark would begin every name.
    if value["event"] != "run" or not readable or not mark:
        raise _damaged(file, 1, "it does not say which run it belongs to")
    keys = [*apps.values(), *confirmed] if isinstance(apps, dict) and isinstance(confirmed, list) else [None]
    if not all(isinstance(key, str) and "#" in key for key in keys):
        raise _damaged(file, 1, "it does not say which apps the run could write to")
    return LedgerHeader(mark, base_url, embedded, apps, tuple(confirmed))


def _step(file: Path, number: int, line: str) -> tuple[str, LedgerEntry]:
    value = _object(file, number, line, "event", "app", "kind", "name")
    step, kind, name = value["event"], value["kind"], value["name"]
    if step not in ("intend", "made", "gone", "taken"):
        raise _damaged(file, number, f"the event {step!r} is not known")
    if kind not in ("user", "group", "room") or not isinstance(name, str) or not name:
        raise _damaged(file, number, "it has no user, group or room")
    org, _, app = str(value["app"]).partition("#")
    if not org or not app:
        raise _damaged(file, number, "it has no app")
    return step, LedgerEntry(AppKey(org, app), kind, name)


def _object(file: Path, number: int, line: str, *keys: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _damaged(file, number, "it is not JSON") from None
    if not isinstance(value, dict) or not _has_all(value, keys):
        raise _damaged(file, number, f"it is not an object with {', '.join(keys)}")
    return value


def _has_all(value: dict[str, Any], keys: Iterable[str]) -> bool:
    return all(key in value for key in keys)


def _damaged(file: Path, number: int, reason: str) -> UsageError:
    return UsageError(
        f"{file}, line {number} is damaged: {reason}; nothing was sent. Correct or remove the line, and try "
        "again."
    )
