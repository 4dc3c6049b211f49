"""`roamspec run`: the files and the exit status of a run, also when a listener or a file fails."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.unit.cli.conftest import Emit, FakeRunner
from tests.unit.cli.run_command import DECISIVE, Capture, raising, report

from roamspec.cli.main import main
from roamspec.errors import UsageError
from roamspec.report.progress import Progress
from roamspec.results.events import CheckFinished, Judgement, RunFinished

# What a run leaves behind


def test_a_conforming_run(runner: FakeRunner, capsys: Capture) -> None:
    assert main(["run", "--seed", "7"]) == 0

    captured = capsys.readouterr()
    assert captured.out.startswith("roamspec 0.1.0  emulator http://127.0.0.1:40123\napp acme#parlor")
    assert captured.out.endswith(
        "\nCONFORMING  exit status 0  321 requests  1.5 s\nReport: reports/latest/report.json\n"
    )
    assert len(captured.out.splitlines()) <= 24
    assert "roamspec: check 1/1, 0 failures" in captured.err
    assert (report()["verdict"], report()["exit_status"], report()["requests"]) == ("conforming", 0, 321)
    cases = ET.parse("reports/latest/junit.xml").getroot().iter("testcase")  # noqa: S314 - our own
    assert [case.get("name") for case in cases] == list(runner.catalogue)


def test_a_non_conforming_run(runner: FakeRunner, capsys: Capture) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit)
        fake.judge(emit, failing=DECISIVE)
        emit(RunFinished(1.5, 321, "complete"))

    runner.script = script

    assert main(["run", "--junit", "elsewhere/results.xml"]) == 1

    text = capsys.readouterr().out
    assert f"FAIL  {DECISIVE}\n" in text
    assert "NON-CONFORMING  exit status 1" in text
    failed = [item for item in report()["requirements"] if item["verdict"] == "fail"]
    assert [item["id"] for item in failed] == [DECISIVE]
    assert Path("elsewhere/results.xml").exists()
    assert not Path("reports/latest/junit.xml").exists()


def test_strict_turns_inconclusive_into_a_failure(runner: FakeRunner) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=2)
        fake.judge(emit)
        emit(CheckFinished("test_list", "inconclusive", 0.1))
        emit(RunFinished(1.5, 321, "complete"))

    def inconclusive(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit)
        fake.judge(emit, "inconclusive")
        emit(RunFinished(1.5, 321, "complete"))

    runner.script = script
    assert main(["run", "--strict"]) == 0
    runner.script = inconclusive
    assert main(["run"]) == 3
    assert main(["run", "--strict"]) == 1
    assert (report()["verdict"], report()["strict"]) == ("non-conforming", True)


def test_lost_coverage_is_no_conformity(runner: FakeRunner, capsys: Capture) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit)
        open_ones = {one.id for one in fake.catalogue.values() if "devices" in one.capabilities}
        judgements = tuple(
            Judgement(name, "inconclusive" if name in open_ones else "pass", "the observer is silent")
            for name in fake.catalogue
        )
        emit(CheckFinished("test_everything", "pass", 0.5, judgements))
        emit(RunFinished(1.5, 321, "complete"))

    runner.script = script

    assert main(["run"]) == 0
    assert main(["run", "--require", "devices"]) == 3
    assert any("--require devices was given" in line for line in report()["because"])
    assert main(["run", "--max-inconclusive", "1000"]) == 0
    assert main(["run", "--max-inconclusive", "3"]) == 3
    assert "INCOMPLETE" in capsys.readouterr().out
    assert main(["run", "--max-inconclusive", "few"]) == 2


def test_the_report_of_an_earlier_run_never_stands_for_this_one(runner: FakeRunner) -> None:
    assert main(["run"]) == 0
    before = report()

    runner.script = raising(UsageError("The contract has no operation 'x'."))

    assert before["verdict"] == "conforming"
    assert main(["run"]) == 2
    assert list(Path("reports/latest").iterdir()) == []


# Listeners and files that fail


def test_a_progress_line_that_breaks_changes_nothing_but_itself(
    runner: FakeRunner, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such terminal")

    monkeypatch.setattr(Progress, "__call__", fail)

    assert main(["run"]) == 0
    assert report()["verdict"] == "conforming"
    assert capsys.readouterr().err == ("roamspec: The progress line stopped: ValueError: no such terminal\n")
    assert len(runner.asked) == 1


def test_a_report_that_can_no_longer_be_written_is_status_four(runner: FakeRunner, capsys: Capture) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.conforming(emit)
        Path("reports/latest/report.json").mkdir()

    runner.script = script

    assert main(["run"]) == 4

    captured = capsys.readouterr()
    assert "INCOMPLETE  exit status 4" in captured.out
    assert "Apart from that, the run was conforming." in captured.out
    assert "roamspec: reports/latest/report.json could not be written: Is a directory.\n" in captured.err
    assert 'type="incomplete"' in Path("reports/latest/junit.xml").read_text(encoding="utf-8")
    left = sorted(path.name for path in Path("reports/latest").iterdir())
    assert left == ["junit.xml", "report.html", "report.json"]
