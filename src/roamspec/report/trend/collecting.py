"""Finds the reports below a folder and reads them all; what is damaged is never left out without a word."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roamspec.errors import UsageError
from roamspec.report.json_report import FILE_NAME
from roamspec.report.reading import read_report

_BEGINNING: Final = 2000
_MARK: Final = b"roamspec.report/"


@dataclass(frozen=True, slots=True)
class FoundReport:
    """`file` is relative to the folder that was searched."""

    file: str
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that should be a report and cannot be used, with the sentence that says why."""

    file: str
    reason: str


def collect(folder: Path) -> tuple[Sequence[FoundReport], Sequence[Refused]]:
    """Every report below `folder`, once each, the earliest first; and what looks like one and cannot be used.

    A report is each `report.json`, and each other `.json` file that begins as one. Those of shards count only
    as merged. UsageError when there is none at all.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder; give the folder below which the reports of several runs are."
        )
    found: list[FoundReport] = []
    refused: list[Refused] = []
    known: set[bytes] = set()
    shards = 0
    for path in _candidates(folder):
        name = path.relative_to(folder).as_posix()
        try:
            digest = hashlib.sha256(path.read_bytes()).digest()
            if digest in known:
                continue  # a copy, such as `latest` beside the folder of its day
            known.add(digest)
            report = read_report(path)
            if "shard" in report:
                shards += 1
                continue
            found.append(FoundReport(name, report))
        except UsageError as error:
            refused.append(Refused(name, str(error)))
        except OSError as error:
            refused.append(Refused(name, f"{path} cannot be read ({error.strerror})."))
    if shards and not found and not refused:
        raise UsageError(f"{folder} holds reports of shards alone; merge them with `roamspec merge`.")
    if not found and not refused:
        raise UsageError(
            f"{folder} holds no report.json at any depth; keep the report folder of each run below it."
        )
    return sorted(found, key=lambda each: (each.report["started_at"], each.file)), refused


def _candidates(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.json")):
        if path.is_file() and (path.name == FILE_NAME or _begins_as_a_report(path)):
            yield path


def _begins_as_a_report(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _MARK in stream.read(_BEGINNING)
    except OSError:
        return False
