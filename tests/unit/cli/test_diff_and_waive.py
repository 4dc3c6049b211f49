"""`roamspec diff` and `roamspec waive`, and what `roamspec run` does with what they read and write."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.conftest import Emit, FakeRunner
from tests.unit.report.sample_reports import item, report

from roamspec.cli.main import main
from roamspec.results.events import RunFinished

Capture = pytest.CaptureFixture[str]
DECISIVE = "delete-chat-messages.limit.fifty-one-refused"


def written(name: str, content: dict[str, Any]) -> str:
    Path(name).write_text(json.dumps(content), encoding="utf-8")
    return name


def verdict() -> tuple[str, int, list[str]]:
    found = json.loads(Path("reports/latest/report.json").read_text(encoding="utf-8"))
    return found["verdict"], found["exit_status"], found["because"]


@pytest.fixture
def broken(runner: FakeRunner) -> FakeRunner:
    """A run in which one requirement fails."""

    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit)
        fake.judge(emit, failing=DECISIVE)
        emit(RunFinished(1.5, 321, "complete"))

    runner.script = script
    return runner


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [("pass", "pass", 0), ("pass", "fail", 1), ("fail", "fail", 0), ("fail", "pass", 0)],
)
def test_diff_ends_with_1_on_new_failures_only(old: str, new: str, status: int) -> None:
    files = [written("old.json", report([item(0, old)])), written("new.json", report([item(0, new)]))]

    assert main(["diff", *files]) == status
    assert main(["diff", *files, "--json"]) == status


@pytest.mark.parametrize("status", [3, 4])
def test_a_new_run_without_a_verdict_is_no_success(status: int, capsys: Capture) -> None:
    old = written("old.json", report([item(0, "pass")]))
    because = ["It was cut short."]
    cut = report([item(0, "not-run")], verdict="incomplete", exit_status=status, because=because)

    assert main(["diff", old, written("new.json", cut)]) == status
    assert "The new run gave no verdict: It was cut short." in capsys.readouterr().out


def test_a_report_that_cannot_be_used_is_a_usage_error(capsys: Capture) -> None:
    assert main(["diff", written("old.json", report([])), "none.json"]) == 2
    assert "none.json cannot be read" in capsys.readouterr().err


def test_waivers_of_a_report_make_the_same_run_conform(broken: FakeRunner, capsys: Capture) -> None:
    assert main(["run"]) == 1
    assert main(["waive", "reports/latest", "--output", "w.toml", "--until", "2999-01-01"]) == 0

    assert main(["run", "--waivers", "w.toml"]) == 0

    assert verdict() == ("conforming", 0, [])
    assert "Waived: 1\n" in capsys.readouterr().out
    assert DECISIVE in broken.settings.accepted


def test_a_waiver_that_fits_nothing_is_reported_before_the_run_and_fails_it(
    runner: FakeRunner, capsys: Capture
) -> None:
    Path("w.toml").write_text(
        '[[waiver]]\nrequirement = "nothing"\nreason = "r"\nowner = "o"\nuntil = 2999-01-01\n',
        encoding="utf-8",
    )

    assert main(["run", "--waivers", "w.toml"]) == 1

    assert len(runner.asked) == 1
    assert "w.toml, waiver 1: the waiver of 'nothing' matches no requirement" in capsys.readouterr().err
    assert verdict()[2] == [
        "w.toml, waiver 1: the waiver of 'nothing' matches no requirement; remove it, or correct the pattern."
    ]


@pytest.mark.parametrize("option", ["--waivers", "--baseline"])
def test_a_file_that_cannot_be_used_stops_the_run_before_it_begins(option: str, runner: FakeRunner) -> None:
    Path("bad").write_text("{", encoding="utf-8")

    assert main(["run", option, "bad"]) == 2
    assert main(["run", option, "none"]) == 2
    assert runner.asked == []


@pytest.mark.usefixtures("broken")
def test_with_a_baseline_only_what_failed_since_fails_the_run() -> None:
    assert main(["run", "--report-dir", "before"]) == 1

    assert main(["run", "--baseline", "before/report.json"]) == 0
    assert main(["run", "--baseline", written("clean.json", report([]))]) == 1


def test_waive_rejects_what_it_cannot_write(capsys: Capture) -> None:
    good = written("good.json", report([item(0, "pass")]))
    bad = written("bad.json", report([item(0, "fail")]))

    assert main(["waive", good]) == 2
    assert main(["waive", bad, "--until", "soon"]) == 2
    assert main(["waive", bad, "--output", "/dev/null/x"]) == 2
    said = capsys.readouterr().err
    assert "nothing failed in good.json" in said
    assert "--until 'soon' is not a date" in said
    assert "--output: cannot write to /dev/null/x" in said


def test_waive_writes_to_standard_output(capsys: Capture) -> None:
    assert main(["waive", written("bad.json", report([item(0, "fail")])), "--until", "2030-01-01"]) == 0

    assert capsys.readouterr().out == (
        "# Failures of the run of 2026-01-01T00:00:00Z that are accepted.\n\n"
        "# Rule 0 holds.\n"
        "[[waiver]]\n"
        'requirement = "delete-chat-messages.success.rule-0"\n'
        'reason = "it failed in the run of 2026-01-01T00:00:00Z"\n'
        'owner = "unassigned"\n'
        "until = 2030-01-01\n"
    )


@pytest.mark.usefixtures("broken")
def test_the_events_of_a_run_are_lines_of_json() -> None:
    assert main(["run", "--events", "new/events.ndjson"]) == 1

    lines = [json.loads(line) for line in Path("new/events.ndjson").read_text(encoding="utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["run-started", "check-finished", "run-finished", "verdict"]
    assert lines[0]["target"]["app_key"] == "acme#parlor"
    failed = [each["requirement"] for each in lines[1]["judgements"] if each["verdict"] == "fail"]
    assert failed == [DECISIVE]
    assert (lines[-1]["verdict"], lines[-1]["exit_status"]) == ("non-conforming", 1)


def test_a_file_of_events_that_cannot_be_written_stops_the_run(runner: FakeRunner, capsys: Capture) -> None:
    assert main(["run", "--events", "/dev/null/x"]) == 2
    assert "--events: cannot write to /dev/null" in capsys.readouterr().err
    assert runner.asked == []


@pytest.mark.usefixtures("runner")
def test_events_on_a_full_disk_do_not_change_the_verdict(capsys: Capture) -> None:
    assert main(["run", "--events", "/dev/full"]) == 0
    assert "The file of events /dev/full stopped" in capsys.readouterr().err


@pytest.mark.usefixtures("runner")
def test_the_summary_of_a_job_is_added_to_what_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    Path("summary.md").write_text("# Before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert main(["run"]) == 0
    text = Path("summary.md").read_text(encoding="utf-8")
    assert text.startswith("# Before\n### ✅ roamspec: conforming\n")

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/dev/null/x")
    assert main(["run"]) == 0
    assert "The summary could not be added to GITHUB_STEP_SUMMARY (/dev/null/x)" in capsys.readouterr().err


@pytest.mark.usefixtures("broken")
def test_a_run_leaves_a_page_beside_its_report() -> None:
    assert main(["run", "--report-dir", "here"]) == 1

    page = Path("here/report.html").read_text(encoding="utf-8")
    assert "<h1>Non-conforming</h1>" in page
    assert f'id="{DECISIVE}"' in page
