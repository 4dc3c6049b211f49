"""What is printed, written and returned agree, whatever happens after the verdict."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.unit.report.conftest import Fold, Verdicts

from roamspec.cli import conclusion as module
from roamspec.cli.conclusion import conclude
from roamspec.cli.output import OutputLost
from roamspec.cli.report_files import ReportFiles
from roamspec.report import json_report, junit
from roamspec.security.secret_scan import SecretFound

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def report(fold: Fold, conforming: Verdicts) -> dict[str, Any]:
    return fold(conforming).report()


def on_disk(files: ReportFiles) -> tuple[int, bool]:
    """The status that the report says, and whether JUnit knows of a run without a verdict."""
    status: int = json.loads(files.report.read_text(encoding="utf-8"))["exit_status"]
    return status, 'type="incomplete"' in files.junit.read_text(encoding="utf-8")


def test_all_is_well(report: dict[str, Any], tmp_path: Path, capsys: Capture) -> None:
    files = ReportFiles.prepare(tmp_path, None)
    assert conclude(report, files).publish(["a sentence", None]) == 0
    captured = capsys.readouterr()
    assert "\nCONFORMING  exit status 0  " in captured.out
    assert captured.err == "roamspec: a sentence\n"
    assert on_disk(files) == (0, False)


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), SecretFound("junit.xml: line 1; the file was not written.")],
)
def test_a_file_that_fails_changes_the_status_of_the_others(
    error: Exception, report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(junit, "write_junit", fail)
    files = ReportFiles.prepare(tmp_path, None)
    files.junit.write_text("from before", encoding="utf-8")
    assert conclude(report, files).publish() == 4
    assert "INCOMPLETE  exit status 4" in capsys.readouterr().out
    assert json.loads(files.report.read_text(encoding="utf-8"))["exit_status"] == 4
    assert not files.junit.exists()


def test_a_report_that_can_be_written_once_only_does_not_stay(
    report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up between the first attempt and the second."""
    write, times = json_report.write_json, iter((True, False))

    def once(*arguments: Any, **options: Any) -> None:
        if not next(times):
            raise OSError(28, "No space left on device")
        write(*arguments, **options)

    monkeypatch.setattr(json_report, "write_json", once)
    files = ReportFiles.prepare(tmp_path, None)
    files.junit.mkdir()
    assert conclude(report, files).publish() == 4
    assert not files.report.exists()


def test_no_secret_is_written_or_printed(report: dict[str, Any], tmp_path: Path, capsys: Capture) -> None:
    secret = "q7Zr0Tn4vKx2Lw9s"
    report["notes"] = [f"client_secret={secret}", f"it was {secret}"]
    files = ReportFiles(tmp_path, tmp_path / "report.json", tmp_path / "junit.xml", (secret,))
    assert conclude(report, files).publish() == 0
    captured = capsys.readouterr()
    assert "Note: client_secret=<redacted:" in captured.out
    assert secret not in captured.out + captured.err + files.report.read_text() + files.junit.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_after_the_verdict_changes_nothing(
    number: signal.Signals, report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ReportFiles.prepare(tmp_path, None)
    concluded = conclude(report, files)
    printed: list[str] = []

    def say(text: str) -> None:
        os.kill(os.getpid(), number)
        printed.append(text)

    monkeypatch.setattr(module, "say", say)
    before = signal.getsignal(number)
    assert concluded.publish() == 0
    assert "exit status 0" in printed[0]
    assert signal.getsignal(number) is before


def test_output_that_is_lost_leaves_the_verdict(
    report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def lose(_text: str) -> None:
        raise OutputLost("standard output cannot be written: No space left on device.")

    monkeypatch.setattr(module, "say", lose)
    files = ReportFiles.prepare(tmp_path, None)
    assert conclude(report, files).publish() == 0
    assert "No space left on device" in capsys.readouterr().err
    assert on_disk(files) == (0, False)


def test_what_is_withdrawn_is_removed(report: dict[str, Any], tmp_path: Path) -> None:
    files = ReportFiles.prepare(tmp_path, None)
    conclude(report, files).withdraw()
    assert list(tmp_path.iterdir()) == []
