"""Shards' event logs, read back and made one run, and every refusal."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roamspec.contract.requirements import Catalogue
from roamspec.errors import UsageError
from roamspec.report.event_log import FILE_NAME, durations_of, read_shard
from roamspec.report.json_report import validate, write_json
from roamspec.report.ndjson import EventLog
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import (
    CheckFinished,
    CheckStarted,
    Event,
    Failure,
    Judgement,
    PartOfRun,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.results.merging import merge
from roamspec.shard import Shard

SHA = "3f" * 32
CONFIGURATION = {"profile": "quick", "seed": "7", "target": "http://127.0.0.1:1", "version of roamspec": "1"}
Verdicts = Mapping[str, Any]
Fold = Callable[..., Aggregate]
Change = Callable[[list[Event]], list[Event]]


def events_of(
    index: int, names: Sequence[str], *, count: int = 2, failing: str = "", failure: Failure | None = None
) -> list[Event]:
    """Of a shard in which each requirement is judged by a check of its own."""
    target = TargetInfo("service", "http://127.0.0.1:1", "acme#parlor" if names else "")
    part = PartOfRun(Shard(index, count), CONFIGURATION, asked={"observer": "--observer-url"})
    command = ("roamspec", "run", "--profile", "quick")
    started_at = f"2026-01-01T00:00:0{index}Z"
    events: list[Event] = [RunStarted(target, "quick", 7, started_at, len(names), None, command, part)]
    for number, name in enumerate(names):
        failed = name == failing
        judgement = Judgement(name, "fail" if failed else "pass", failure=failure if failed else None)
        events += [
            CheckStarted(f"check.{name}"),
            CheckFinished(
                f"check.{name}",
                judgement.verdict,
                0.5,
                (judgement,),
                requests=3,
                may_cost=9,
                began_at=number + 1.0,
            ),
        ]
    lags = {"deletions": index / 10, "lists": 0.5 - index / 10}
    notes = ("said by both", f"said by {index}")
    ended = RunFinished(1.0 + index, 10 * index, "complete", notes=notes, lags_s=lags, division="7 checks ab")
    return [*events, ended]


def write(folder: Path, events: Sequence[Event]) -> Path:
    folder.mkdir()
    with (folder / FILE_NAME).open("wb") as stream:
        log = EventLog(stream)
        for event in events:
            log(event)
    return folder


@pytest.fixture
def names(conforming: Verdicts) -> list[str]:
    return list(conforming)


def merged(catalogue: Catalogue, folders: Sequence[Path]) -> dict[str, Any]:
    tally = Aggregate(catalogue, SHA)
    for event in merge([read_shard(folder) for folder in folders]):
        tally(event)
    report = tally.report()
    validate(report)
    return report


def test_events_survive_the_log(tmp_path: Path, names: list[str], failure: Failure) -> None:
    events = events_of(1, names, failing=names[2], failure=failure)

    log = read_shard(write(tmp_path / "a", events))

    assert [log.started, *log.checks, log.ended] == events


def test_the_verdict_of_the_shards_is_that_of_the_whole_run(
    tmp_path: Path, catalogue: Catalogue, names: list[str], fold: Fold, conforming: Verdicts
) -> None:
    folders = [write(tmp_path / "b", events_of(2, names[3:])), write(tmp_path / "a", events_of(1, names[:3]))]

    report = merged(catalogue, folders)

    assert (report["verdict"], report["exit_status"], report["because"]) == ("conforming", 0, [])
    assert "shard" not in report
    whole = {item["id"]: item["verdict"] for item in fold(conforming).report()["requirements"]}
    assert {item["id"]: item["verdict"] for item in report["requirements"]} == whole
    assert report["checks"] == {"planned": len(names), "finished": len(names), "errors": []}
    assert (report["duration_s"], report["requests"]) == (3.0, 30)
    assert report["started_at"] == "2026-01-01T00:00:01Z"
    assert report["lags_s"] == {"deletions": 0.2, "lists": 0.4}
    assert report["notes"][1:4] == ["said by both", "said by 1", "said by 2"]


def test_a_failure_of_one_shard_fails_the_run(
    tmp_path: Path, catalogue: Catalogue, names: list[str], failure: Failure
) -> None:
    failed = events_of(2, names[3:], failing=names[-1], failure=failure)
    folders = [write(tmp_path / "a", events_of(1, names[:3])), write(tmp_path / "b", failed)]

    report = merged(catalogue, folders)

    assert (report["verdict"], report["exit_status"]) == ("non-conforming", 1)
    (item,) = (item for item in report["requirements"] if item["verdict"] == "fail")
    assert item["checks"][0]["failure"]["expected"] == failure.expected
    assert item["run_again"].startswith("roamspec run --profile quick --seed 7 --req ")


def test_a_shard_without_checks_is_whole(tmp_path: Path, catalogue: Catalogue, names: list[str]) -> None:
    folders = [write(tmp_path / "a", events_of(1, [])), write(tmp_path / "b", events_of(2, names))]

    report = merged(catalogue, folders)

    assert report["verdict"] == "conforming"
    assert report["target"]["app_key"] == "acme#parlor"


def test_what_no_shard_has_judged_is_missed(tmp_path: Path, catalogue: Catalogue, names: list[str]) -> None:
    without = [name for name in names if not name.startswith("clear-user")]
    folders = [write(tmp_path / "a", events_of(1, without)), write(tmp_path / "b", events_of(2, []))]

    report = merged(catalogue, folders)

    assert (report["verdict"], report["exit_status"]) == ("incomplete", 3)
    assert "clearUser: no success response was received." in report["because"]


def test_a_check_that_never_reported_is_missed(
    tmp_path: Path, catalogue: Catalogue, names: list[str]
) -> None:
    events = events_of(2, names[3:])
    folders = [
        write(tmp_path / "a", events_of(1, names[:3])),
        write(tmp_path / "b", [*events[:-2], events[-1]]),
    ]

    report = merged(catalogue, folders)

    assert (report["verdict"], report["exit_status"]) == ("incomplete", 4)


def test_a_shard_that_ended_after_enough_failures_counts(
    tmp_path: Path, catalogue: Catalogue, names: list[str], failure: Failure
) -> None:
    events = events_of(2, names[3:], failing=names[4], failure=failure)
    early = "The run ended early, after 1 blocking failure (--max-failures 1)."
    ended = events[-1]
    assert isinstance(ended, RunFinished)
    cut = [*events[:5], replace(ended, ending="failures-reached", detail=early)]
    folders = [write(tmp_path / "a", events_of(1, names[:3])), write(tmp_path / "b", cut)]

    report = merged(catalogue, folders)

    assert (report["verdict"], report["exit_status"]) == ("non-conforming", 1)
    assert early in report["because"]


def _without_end(events: list[Event]) -> list[Event]:
    return events[:-1]


def _ended(ending: Any, detail: str) -> Change:
    def change(events: list[Event]) -> list[Event]:
        last = events[-1]
        assert isinstance(last, RunFinished)
        return [*events[:-1], replace(last, ending=ending, detail=detail)]

    return change


def _divided(events: list[Event]) -> list[Event]:
    last = events[-1]
    assert isinstance(last, RunFinished)
    return [*events[:-1], replace(last, division="7 checks cd")]


def _part(**changes: Any) -> Change:
    def change(events: list[Event]) -> list[Event]:
        first = events[0]
        assert isinstance(first, RunStarted)
        assert first.part is not None
        return [replace(first, part=replace(first.part, **changes)), *events[1:]]

    return change


def _configured(name: str, value: str) -> Change:
    return _part(configuration={**CONFIGURATION, name: value})


def _whole(events: list[Event]) -> list[Event]:
    first = events[0]
    assert isinstance(first, RunStarted)
    return [replace(first, part=None), *events[1:]]


REFUSALS: Mapping[str, tuple[Change, str]] = {
    "doubled": (_part(shard=Shard(1, 2)), "a are both shard 1/2; leave one of them out."),
    "of another number": (_part(shard=Shard(2, 3)), "is of a run in 3 shards, and "),
    "killed": (_without_end, "has not finished: it was killed; run it again."),
    "interrupted": (
        _ended("interrupted", "Interrupted by SIGTERM."),
        "has not finished: Interrupted by SIGTERM; run it again.",
    ),
    "lost": (_ended("target-lost", ""), "has not finished: target-lost; run it again."),
    "broken": (_ended("suite-error", "KeyError"), "has not finished: KeyError; run it again."),
    "another profile": (
        _configured("profile", "deep"),
        "the profile is deep in the one, and quick in the other",
    ),
    "another seed": (_configured("seed", "8"), "the seed is 8 in the one, and 7 in the other"),
    "another target": (_configured("target", "x"), "the target is x in the one, and http://127.0.0.1:1 in"),
    "another app": (_configured("app", "a#b"), "the app is a#b in the one, and none in the other"),
    "another revision": (_configured("revision", "2"), "the revision is 2 in the one, and none in the other"),
    "another version": (_configured("version of roamspec", "2"), "the version of roamspec is 2 in the one"),
    "otherwise divided": (_divided, "divided by other durations; give each shard the same --durations."),
    "not a shard": (_whole, "is the log of a whole run; give the folders of runs with --shard."),
    "that never began": (
        lambda events: _ended("target-lost", "Nobody answers.")(events)[-1:],
        "this shard has not begun: Nobody answers; run it again.",
    ),
    "without events": (lambda _: [], "this shard has not begun; run it again."),
}


@pytest.mark.parametrize(("change", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_a_shard_that_does_not_belong_is_refused(
    tmp_path: Path, names: list[str], change: Change, sentence: str
) -> None:
    folders = [
        write(tmp_path / "a", events_of(1, names[:3])),
        write(tmp_path / "b", change(events_of(2, names[3:]))),
    ]

    with pytest.raises(UsageError) as caught:
        list(merge([read_shard(folder) for folder in folders]))

    said = str(caught.value)
    assert sentence in said
    assert str(tmp_path / "b") in said
    assert "\n" not in said
    assert said.endswith(".")


def test_missing_shards_are_named(tmp_path: Path, names: list[str]) -> None:
    folders = [write(tmp_path / str(index), events_of(index, names, count=9)) for index in (2, 9)]

    with pytest.raises(
        UsageError, match=r"missing: 1/9, 3/9, 4/9, 5/9, 6/9 and 2 more; give their folders too"
    ):
        list(merge([read_shard(folder) for folder in folders]))


def _cut(lines: list[bytes]) -> Iterator[bytes]:
    yield from lines[:-1]
    yield lines[-1][: len(lines[-1]) // 2]


def test_a_line_that_is_cut_off_is_what_a_killed_shard_leaves(tmp_path: Path, names: list[str]) -> None:
    folder = write(tmp_path / "a", events_of(1, names))
    lines = (folder / FILE_NAME).read_bytes().splitlines(keepends=True)
    (folder / FILE_NAME).write_bytes(b"".join(_cut(lines)))

    log = read_shard(folder)

    assert log.ended is None
    assert len(log.checks) == 2 * len(names)


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        "3",
        '{"event": "run-finished"}',
        '{"event": "check-finished", "check": 1}',
        '{"a": 1}',
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, names: list[str], line: str) -> None:
    folder = write(tmp_path / "a", events_of(1, names))
    lines = (folder / FILE_NAME).read_text(encoding="utf-8").splitlines()
    lines[3] = line
    (folder / FILE_NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")

    with pytest.raises(UsageError, match="is damaged: line 4 is no event of roamspec; copy the file again"):
        read_shard(folder)


def test_an_impossible_shard_is_damage(tmp_path: Path, names: list[str]) -> None:
    folder = write(tmp_path / "a", _part(shard=Shard(3, 2))(events_of(1, names)))

    with pytest.raises(UsageError, match="is damaged: line 1"):
        read_shard(folder)


def test_a_folder_that_is_no_shards_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    for place in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(UsageError, match="does not exist; give the report folder of a run with --shard"):
            read_shard(place)


def test_durations_come_from_a_log_or_a_report(
    tmp_path: Path, catalogue: Catalogue, names: list[str]
) -> None:
    folder = write(tmp_path / "a", events_of(1, names))
    expected = {f"check.{name}": 0.5 for name in names}

    assert durations_of(folder, "--durations") == expected
    assert durations_of(folder / FILE_NAME, "--durations") == expected
    tally = Aggregate(catalogue, SHA)
    for event in events_of(1, names):
        tally(event)
    (tmp_path / "b").mkdir()
    write_json(tally.report(), tmp_path / "b" / "report.json")
    assert durations_of(tmp_path / "b", "--durations") == expected


def test_durations_that_cannot_be_had_are_named_with_who_asks(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"ROAMSPEC_DURATIONS: .*x does not exist; give an earlier report.json"
    ):
        durations_of(tmp_path / "x", "ROAMSPEC_DURATIONS")
    (tmp_path / "e.ndjson").write_text(json.dumps({"event": "verdict"}) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"--durations: .*e\.ndjson has no durations of checks"):
        durations_of(tmp_path / "e.ndjson", "--durations")
