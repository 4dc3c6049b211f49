"""`roamspec run`: what ends a run early, and what it leaves then."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.conftest import Emit, FakeRunner
from tests.unit.cli.run_command import DECISIVE, Capture, raising, report

from roamspec.cli.main import main
from roamspec.errors import CredentialsRefused, GuardError, SuiteError, Unreachable, UsageError
from roamspec.results.events import RunFinished

# What ends a run early


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("error", "status", "ending"),
    [
        (Unreachable("http://127.0.0.1:9 does not answer."), 3, "target-lost"),
        (CredentialsRefused("http://127.0.0.1:9 refused the client ID."), 3, "target-lost"),
        (GuardError("DELETE /x names what this run did not make."), 4, "suite-error"),
        (SuiteError("The checks cannot be collected."), 4, "suite-error"),
    ],
)
def test_a_run_that_fails_before_its_first_check_says_why(
    error: Exception, status: int, ending: str, runner: FakeRunner, capsys: Capture
) -> None:
    runner.script = raising(error)

    assert main(["run", "--profile", "quick", "--seed", "7"]) == status

    captured = capsys.readouterr()
    assert captured.err == f"roamspec: {error}\n"
    assert captured.out == "Report: reports/latest/report.json\n"
    found = report()
    assert (found["verdict"], found["exit_status"], found["ending"]) == ("incomplete", status, ending)
    assert found["because"] == [str(error)]
    assert found["target"] == {"kind": "service", "base_url": "http://127.0.0.1:9", "app_key": "acme#parlor"}
    assert (found["profile"], found["seed"]) == ("quick", 7)
    assert found["totals"]["not-run"] == len(runner.catalogue)
    assert Path("reports/latest/junit.xml").exists()


def interrupt_by_keyboard() -> None:
    raise KeyboardInterrupt


def interrupt_by_signal() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def run_out_of_time() -> None:
    signal.raise_signal(signal.SIGALRM)


@pytest.mark.parametrize(
    ("stop", "sentence"),
    [
        (interrupt_by_keyboard, "The run was interrupted (Ctrl-C)."),
        (interrupt_by_signal, "The run was ended by SIGTERM."),
        (run_out_of_time, "The run was cut short after 2,000 seconds (--timeout)."),
    ],
)
def test_an_interrupted_run_reports_what_was_judged(
    stop: Any, sentence: str, runner: FakeRunner, capsys: Capture
) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=2)
        fake.judge(emit, failing=DECISIVE)
        stop()

    runner.script = script
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGALRM)]

    assert main(["run", "--timeout", "2000"]) == 4

    captured = capsys.readouterr()
    assert captured.err.endswith(f"roamspec: {sentence}\n")
    assert f"FAIL  {DECISIVE}\n" in captured.out
    found = report()
    assert (found["verdict"], found["ending"]) == ("incomplete", "interrupted")
    assert found["totals"]["fail"] == 1
    assert found["because"] == [sentence, "1 blocking requirement had failed before."]
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGALRM)] == before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_target_that_goes_away_is_status_three(runner: FakeRunner) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=2)
        fake.judge(emit)
        raise Unreachable("http://127.0.0.1:40123 does not answer any more.")

    runner.script = script

    assert main(["run"]) == 3
    assert report()["totals"]["pass"] == len(runner.catalogue)


def test_a_usage_error_in_the_middle_is_the_suites_failure(runner: FakeRunner) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=2)
        raise UsageError("Too late for this.")

    runner.script = script

    assert main(["run"]) == 4
    assert report()["because"] == ["Too late for this."]


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    "error",
    [
        KeyError("the-secret-value"),
        BaseExceptionGroup("failures", [ValueError("the-secret-value")]),
        SystemExit("the-secret-value"),
    ],
)
def test_an_unforeseen_error_leaves_a_report_and_a_traceback(
    error: BaseException, runner: FakeRunner, capsys: Capture
) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=2)
        fake.judge(emit)
        raise error

    runner.script = script

    assert main(["run"]) == 4

    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    assert f"the suite itself failed ({type(error).__name__}" in captured.err
    assert "its traceback is in reports/latest/traceback.txt.\n" in captured.err
    traceback = Path("reports/latest/traceback.txt").read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in traceback
    assert "<redacted:secret>" in traceback
    assert report()["verdict"] == "incomplete"
    written = "".join(path.read_text(encoding="utf-8") for path in Path("reports/latest").iterdir())
    assert "the-secret-value" not in written + captured.out + captured.err


def test_an_error_after_the_end_was_reported_overrules_it(runner: FakeRunner) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.conforming(emit)
        raise RuntimeError("the clean-up broke")

    runner.script = script

    assert main(["run"]) == 4
    assert (report()["ending"], report()["requests"]) == ("suite-error", 321)


def test_a_run_that_breaks_before_its_first_check_says_why(runner: FakeRunner, capsys: Capture) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        fake.start(emit, planned=0)
        emit(RunFinished(0.5, 17, "suite-error", detail="TypeError: a mistake"))

    runner.script = script

    assert main(["run"]) == 4
    out = capsys.readouterr().out
    assert "INCOMPLETE  exit status 4" in out
    assert "TypeError: a mistake" in out


@pytest.mark.parametrize("begun", [True, False])
def test_a_runner_that_never_says_how_it_ended_is_no_verdict(begun: bool, runner: FakeRunner) -> None:
    def script(fake: FakeRunner, emit: Emit) -> None:
        if begun:
            fake.start(emit)
            fake.judge(emit)

    runner.script = script

    assert main(["run"]) == 4
    assert report()["because"] == ["The run ended without a final event."]
