"""The report of one shard: it says which one it is, what it ends with, and no verdict of the whole run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roamspec.contract.requirements import Catalogue
from roamspec.errors import SuiteError, UsageError
from roamspec.report.acceptance import read_accepted
from roamspec.report.console import summary
from roamspec.report.formats import FORMATS, rendered
from roamspec.report.json_report import validate, write_json
from roamspec.report.junit import junit_xml
from roamspec.report.reading import read_report, read_whole_report
from roamspec.report.trend.collecting import collect
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import (
    CheckFinished,
    Ending,
    Failure,
    Judgement,
    PartOfRun,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.results.waivers import Accepted, Waiver
from roamspec.shard import Shard

SHA = "3f" * 32
DECISIVE = "delete-chat-messages.limit.fifty-one-refused"
INFERRED = "delete-chat-messages.value.odd-ids"
OBSERVED = "clear-user.notify.devices-told"


@pytest.fixture
def shard(catalogue: Catalogue, failure: Failure) -> Any:
    """Makes the tally of shard 3 of 8."""

    def make(
        verdicts: Mapping[str, Any],
        *,
        ending: Ending = "complete",
        detail: str = "",
        error: str = "",
        planned: int = 1,
        strict: bool = False,
        accepted: Accepted | None = None,
    ) -> Aggregate:
        tally = Aggregate(catalogue, SHA, strict=strict, max_inconclusive=0, accepted=accepted)
        target = TargetInfo("emulator", "http://127.0.0.1:40123", "acme#parlor")
        part = PartOfRun(Shard(3, 8))
        tally(
            RunStarted(target, "quick", 7, "2026-01-01T00:00:00Z", planned, None, ("roamspec", "run"), part)
        )
        judgements = tuple(
            Judgement(name, verdict, failure=failure if verdict == "fail" else None)
            for name, verdict in verdicts.items()
        )
        tally(CheckFinished("check", "error" if error else "pass", 0.25, judgements, error))
        tally(RunFinished(1.0, 12, ending, detail))
        return tally

    return make


MERGE = "`roamspec merge` gives the verdict of the whole run."
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], int, str]] = {
    "a pass": ({DECISIVE: "pass"}, {}, 0, f"No blocking failure was found in shard 3 of 8; {MERGE}"),
    "no verdict at all": ({}, {}, 0, f"No blocking failure was found in shard 3 of 8; {MERGE}"),
    "a failure": ({DECISIVE: "fail"}, {}, 1, f"1 blocking requirement failed in shard 3 of 8; {MERGE}"),
    "a failure that does not block": ({INFERRED: "fail"}, {}, 0, "No blocking failure was found"),
    "the same, strictly": (
        {INFERRED: "fail"},
        {"strict": True},
        1,
        f"1 requirement failed in shard 3 of 8; {MERGE}",
    ),
    "inconclusive here, strictly": ({OBSERVED: "inconclusive"}, {"strict": True}, 0, "No blocking failure"),
    "the suite failed": ({}, {"error": "KeyError"}, 4, "The suite itself failed in 1 check."),
    "a check that never reported": ({}, {"planned": 2}, 4, "Only 1 of 2 planned checks reported."),
    "interrupted": ({}, {"ending": "interrupted", "detail": "Interrupted."}, 4, "Interrupted."),
    "the target was lost": ({}, {"ending": "target-lost", "detail": "Gone."}, 3, "Gone."),
    "early": (
        {DECISIVE: "fail"},
        {"ending": "failures-reached", "detail": "Early.", "planned": 9},
        1,
        f"1 blocking requirement failed in shard 3 of 8; {MERGE}",
    ),
}


@pytest.mark.parametrize(("verdicts", "run", "status", "because"), CASES.values(), ids=CASES)
def test_a_shard_gives_no_verdict(
    shard: Any, verdicts: dict[str, Any], run: dict[str, Any], status: int, because: str
) -> None:
    report = shard(verdicts, **run).report()

    validate(report)
    assert (report["verdict"], report["exit_status"]) == ("incomplete", status)
    assert report["because"][0].startswith(because)
    assert report["shard"] == {"index": 3, "count": 8}


def test_what_the_shard_did_not_judge_is_not_run(shard: Any) -> None:
    items = {item["id"]: item for item in shard({DECISIVE: "pass"}).report()["requirements"]}

    assert items[DECISIVE]["verdict"] == "pass"
    assert (items[INFERRED]["verdict"], items[INFERRED]["reason"]) == (
        "not-run",
        "no check of shard 3/8 judged it",
    )


def test_waivers_count_and_are_not_judged_themselves(shard: Any) -> None:
    from datetime import date

    waivers = [
        Waiver(DECISIVE, "known", "team", date(2026, 12, 31), "w, waiver 1"),
        Waiver("no.such", "x", "y", date(2020, 1, 1), "w, waiver 2"),
    ]
    tally = shard({DECISIVE: "fail"}, accepted=Accepted(tuple(waivers)))

    assert tally.exit_status() == 0
    assert tally.report()["totals"]["waived"] == 1


def test_each_format_says_that_it_is_a_shard(shard: Any) -> None:
    report = shard({DECISIVE: "pass"}).report()

    text = summary(report, path="r.json")
    assert "NO VERDICT: shard 3 of 8  exit status 0" in text
    assert "CONFORMING" not in text
    assert "shard 3 of 8" in rendered(report, "html").decode()
    assert "### roamspec: no verdict (shard 3 of 8)" in rendered(report, "markdown").decode()
    assert "shard 3 of 8" in rendered(report, "badge").decode()
    chinese = summary(report, path="r.json", lang="zh")
    assert "无结论：第 3 个分片，共 8 个" in chinese
    assert "第 3 个分片（共 8 个）中没有发现阻断性失败" in chinese


def test_every_format_renders_it(shard: Any) -> None:
    for report in (shard({DECISIVE: "fail"}).report(), shard({}, ending="interrupted").report()):
        for name in FORMATS:
            assert rendered(report, name)


def test_junit_has_no_error_for_a_shard_that_came_to_its_end(shard: Any) -> None:
    def errors(tally: Aggregate) -> int:
        return junit_xml(tally.report()).count(b"<error ")

    assert errors(shard({DECISIVE: "pass"})) == 0
    assert errors(shard({DECISIVE: "pass"}, ending="interrupted")) == 1


def test_no_shards_report_says_conforming(shard: Any) -> None:
    report = shard({DECISIVE: "pass"}).report()

    with pytest.raises(SuiteError):
        validate({**report, "verdict": "conforming", "because": []})
    with pytest.raises(SuiteError):
        validate({key: value for key, value in report.items() if key != "shard"})


def test_a_shard_is_no_base_for_a_comparison(shard: Any, tmp_path: Path) -> None:
    write_json(shard({DECISIVE: "pass"}).report(), tmp_path / "report.json")

    assert read_report(tmp_path)["shard"]["index"] == 3
    for use in (read_whole_report, lambda path: read_accepted(None, path)):
        with pytest.raises(UsageError, match="is the report of shard 3 of 8, which judged a part of the run"):
            use(tmp_path)


def test_a_trend_has_merged_runs_alone(shard: Any, tmp_path: Path, fold: Any, conforming: Any) -> None:
    write_json(shard({DECISIVE: "pass"}).report(), tmp_path / "one" / "report.json")
    with pytest.raises(UsageError, match="holds reports of shards alone; merge them"):
        collect(tmp_path)

    write_json(fold(conforming).report(), tmp_path / "merged" / "report.json")
    found, refused = collect(tmp_path)

    assert [each.file for each in found] == ["merged/report.json"]
    assert refused == []
