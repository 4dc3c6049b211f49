"""Reads the event log of a shard. What is no whole log of ours is rejected, never guessed at."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from roamspec.errors import UsageError
from roamspec.results.events import (
    CheckFinished,
    CheckStarted,
    Event,
    Judgement,
    PartOfRun,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.results.merging import ShardLog
from roamspec.shard import Shard

FILE_NAME: Final = "shard.ndjson"
"""Where a shard writes its events, in its report folder."""


def read_shard(path: Path) -> ShardLog:
    """The events of the shard whose log is at `path`, or in that folder.

    UsageError, naming the file and the reason, for one that cannot be read, that is damaged, that ends before
    the shard did, and that is not of a shard.
    """
    file = path / FILE_NAME if path.is_dir() else path
    events = list(_events(file))
    started = events[0] if events else None
    if started is None:
        raise UsageError(f"{file}: this shard has not begun; run it again.")
    if isinstance(started, RunFinished):
        why = (started.detail or started.ending).rstrip(".")
        raise UsageError(f"{file}: this shard has not begun: {why}; run it again.")
    if not isinstance(started, RunStarted):
        raise UsageError(f"{file} does not begin with the start of a run; give the folder of a shard.")
    if started.part is None:
        raise UsageError(f"{file} is the log of a whole run; give the folders of runs with --shard.")
    ended = next((event for event in events if isinstance(event, RunFinished)), None)
    checks = tuple(event for event in events if isinstance(event, CheckStarted | CheckFinished))
    return ShardLog(str(path), started, started.part, checks, ended)


def durations_of(path: Path, where: str) -> dict[str, float]:
    """The seconds of each check in a report.json, in an event log, or in the folder of either; UsageError,
    naming `where` it was asked for, when nothing is found."""
    from roamspec.report.json_report import FILE_NAME as REPORT
    from roamspec.report.reading import read_report

    file = path
    if path.is_dir():
        file = next((path / name for name in (REPORT, FILE_NAME) if (path / name).is_file()), path / REPORT)
    if not file.exists():
        raise UsageError(
            f"{where}: {file} does not exist; give an earlier report.json or event log, or the folder of one."
        )
    try:
        if file.suffix == ".json":
            each = [check for item in read_report(file)["requirements"] for check in item["checks"]]
            found = {check["id"]: float(check["duration_s"]) for check in each}
        else:
            events = _events(file)
            found = {e.check: e.duration_s for e in events if isinstance(e, CheckFinished)}
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from error
    if not found:
        raise UsageError(f"{where}: {file} has no durations of checks; give the report of a whole run.")
    return found


def _events(file: Path) -> Iterator[Event]:
    """A last line that is cut off is what a killed run leaves, and ends the log."""
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        raise UsageError(f"{file} does not exist; give the report folder of a run with --shard.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from error
    for number, line in enumerate(lines[:-1], 1):
        try:
            event = _event(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            _refuse(file, number)
        if event is not None:
            yield event


def _refuse(file: Path, line: int) -> NoReturn:
    raise UsageError(f"{file} is damaged: line {line} is no event of roamspec; copy the file again.")


def _event(said: Mapping[str, Any]) -> Event | None:
    """None for a line that is no event of the run, such as the verdict."""
    make = _EVENTS.get(said["event"])
    return make(said) if make else None


def _run_started(said: Mapping[str, Any]) -> RunStarted:
    selected, part = said["selected"], said.get("part")
    target = said["target"]
    return RunStarted(
        TargetInfo(target["kind"], str(target["base_url"]), str(target["app_key"])),
        str(said["profile"]),
        int(said["seed"]),
        str(said["started_at"]),
        int(said["planned_checks"]),
        None if selected is None else frozenset(map(str, selected)),
        tuple(map(str, said["command"])),
        _part(part) if part else None,
    )


def _part(said: Mapping[str, Any]) -> PartOfRun:
    shard = Shard(int(said["shard"]["index"]), int(said["shard"]["count"]))
    if not 1 <= shard.index <= shard.count:
        raise ValueError(shard)
    configuration = {str(key): str(value) for key, value in said["configuration"].items()}
    asked = {str(key): str(value) for key, value in said["asked"].items()}
    return PartOfRun(shard, configuration, bool(said["strict"]), asked)


def _check_started(said: Mapping[str, Any]) -> CheckStarted:
    return CheckStarted(str(said["check"]))


def _check_finished(said: Mapping[str, Any]) -> CheckFinished:
    judgements = tuple(Judgement.from_dict(each) for each in said["judgements"])
    numbers = float(said["duration_s"]), int(said["requests"]), int(said["may_cost"])
    seconds, requests, may_cost = numbers
    return CheckFinished(
        str(said["check"]),
        said["outcome"],
        seconds,
        judgements,
        str(said["detail"]),
        requests,
        may_cost,
        float(said["began_at"]),
    )


def _run_finished(said: Mapping[str, Any]) -> RunFinished:
    return RunFinished(
        float(said["duration_s"]),
        int(said["requests"]),
        said["ending"],
        str(said["detail"]),
        tuple(map(str, said["notes"])),
        frozenset(map(str, said["left_out"])),
        {str(kind): float(seconds) for kind, seconds in said["lags_s"].items()},
        str(said.get("division", "")),
    )


_EVENTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Event]]] = {
    "run-started": _run_started,
    "check-started": _check_started,
    "check-finished": _check_finished,
    "run-finished": _run_finished,
}
