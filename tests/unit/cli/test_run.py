"""`roamspec run` from its options to its files, with a runner that plays a script."""

import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from tests.unit.cli.conftest import Emit, FakeRunner, Script

from roamspec.appkey import AppKey
from roamspec.cli.main import main
from roamspec.errors import CredentialsRefused, GuardError, SuiteError, Unreachable, UsageError
from roamspec.faults import known
from roamspec.report.json_report import validate
from roamspec.report.progress import Progress
from roamspec.results.events import CheckFinished, Judgement, RunFinished

Capture = pytest.CaptureFixture[str]

DECISIVE = "delete-chat-messages.limit.fifty-one-refused"
SERVICE = {
    "ROAMSPEC_BASE_URL": "http://127.0.0.1:9",
    "ROAMSPEC_ORG": "acme",
    "ROAMSPEC_APP": "parlor",
    "ROAMSPEC_CLIENT_ID": "the-client-id",
    "ROAMSPEC_CLIENT_SECRET": "the-secret-value",
}


def report(folder: str = "reports/latest") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))
    validate(found)
    return found


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SERVICE.items():
        monkeypatch.setenv(variable, value)


def raising(error: Exception) -> Script:
    """A run that ends before it has told anything."""

    def script(_fake: FakeRunner, _emit: Emit) -> None:
        raise error

    return script


# What the runner is asked to do


def test_a_campaign_has_a_time(runner: FakeRunner) -> None:
    assert main(["run", "--profile", "deep", "--for", "30m", "--keep-going"]) == 0
    assert (runner.settings.campaign_s, runner.settings.keep_going) == (1800.0, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--for", "30m"], "--profile deep"),
        (["--profile", "deep", "--keep-going"], "--for SPAN"),
        (["--profile", "deep", "--for", "30"], "is not a time span such as"),
        (["--profile", "deep", "--for", "0s"], "is not a time span such as"),
        (["--profile", "deep", "--for", "5s", "--dry-run"], "cannot be combined with --dry-run"),
        (["--fault", "effect.nothing-deleted@ag>7d"], "did you mean 'age'"),
        (["--fault", "all.chats-left@ids=3"], "cannot apply"),
    ],
)
def test_a_campaign_or_a_condition_that_cannot_be(words: list[str], sentence: str, capsys: Capture) -> None:
    assert main(["run", *words]) == 2
    said = capsys.readouterr().err
    assert sentence in said.replace("\n", " ")
    assert "Traceback" not in said


def test_defaults(runner: FakeRunner) -> None:
    assert main(["run"]) == 0

    settings = runner.settings
    assert (settings.profile, settings.workers, settings.requirements, settings.faults) == (
        "standard",
        1,
        (),
        (),
    )
    assert settings.report_dir == Path("reports/latest")
    assert settings.config.embedded
    assert 0 <= settings.seed < 2**32


def test_every_option_reaches_the_runner(runner: FakeRunner) -> None:
    fault, *_ = known()
    options = [
        "--profile", "quick", "--workers", "3", "--seed", "42", "--report-dir", "out", "--rate", "5",
        "--req", DECISIVE, "--req", "delete-chat-messages.success.*",
        "--fault", fault, "--fault", fault,
    ]  # fmt: skip

    main(["run", *options])

    settings = runner.settings
    assert (settings.profile, settings.workers, settings.seed) == ("quick", 3, 42)
    assert settings.report_dir == Path("out")
    assert settings.config.rate == 5
    assert settings.faults == (fault,)
    assert DECISIVE in settings.requirements
    assert all(
        name == DECISIVE or name.startswith("delete-chat-messages.success.") for name in settings.requirements
    )


def test_the_seed_is_printed_and_differs_from_run_to_run(runner: FakeRunner, capsys: Capture) -> None:
    assert [main(["run"]), main(["run"])] == [0, 0]

    first, second = (settings.seed for settings in runner.asked)
    assert first != second
    assert f"seed {first} " in capsys.readouterr().out


@pytest.mark.usefixtures("service")
def test_a_service_from_the_environment_and_the_file(runner: FakeRunner) -> None:
    Path("roamspec.toml").write_text('app = "salon"\nrate = 7\n', encoding="utf-8")

    main(["run", "--org", "other"])

    config = runner.settings.config
    assert config.base_url == "http://127.0.0.1:9"
    assert config.main is not None
    assert config.main.key == AppKey("other", "parlor")
    assert config.rate == 7


# What is wrong before anything is sent


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--base-url", "http://127.0.0.1:9"],
         "http://127.0.0.1:9 cannot be tested yet; also give --org (ROAMSPEC_ORG)"),
        (["--base-url", "http://u:hunter22@h"], "--base-url: the address contains credentials"),
        (["--base-url", "127.0.0.1:9"], "--base-url: there is no scheme"),
        (["--org", "acme"], "--org is for a running service"),
        (["--rate", "0"], "--rate: 0 is not valid; give a number above 0."),
        (["--req", "no-such-thing"], "No requirement, operation or family matches 'no-such-thing'"),
        (["--req", "clear-user.*", "--req", "sucess"],
         "No requirement, operation or family matches 'sucess'; did you mean 'success'?"),
        (["--fault", "no-such-fault"], "there is no fault 'no-such-fault'"),
    ],
)  # fmt: skip
def test_bad_options_are_one_sentence_and_nothing_runs(
    options: list[str], sentence: str, runner: FakeRunner, capsys: Capture
) -> None:
    assert main(["run", *options]) == 2

    captured = capsys.readouterr()
    assert captured.err.startswith(f"roamspec: {sentence}")
    assert len(captured.err.splitlines()) == 1
    assert "hunter22" not in captured.err
    assert captured.out == ""
    assert runner.asked == []
    assert not Path("reports").exists()


@pytest.mark.usefixtures("service")
def test_a_fault_is_for_the_embedded_emulator_only(runner: FakeRunner, capsys: Capture) -> None:
    assert main(["run", "--fault", "x"]) == 2
    assert capsys.readouterr().err.startswith("roamspec: --fault is for the embedded emulator; ")
    assert runner.asked == []


@pytest.mark.usefixtures("service")
def test_another_machine_needs_confirmation(runner: FakeRunner, capsys: Capture) -> None:
    remote = ["run", "--base-url", "https://im.example.com"]

    assert main(remote) == 2
    assert "confirm with --confirm-app acme#parlor." in capsys.readouterr().err
    assert runner.asked == []

    assert main([*remote, "--confirm-app", "acme#parlor"]) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--report-dir", "file"], "--report-dir: cannot write to file (File exists)"),
        (["--report-dir", "file/below"],
         "--report-dir: cannot write to file/below (Not a directory)"),
        (["--report-dir", "/proc/reports"], "--report-dir: cannot write to /proc/reports ("),
        (["--junit", "file/junit.xml"], "--junit: cannot write to file (File exists)"),
        (["--junit", "folder"], "--junit: folder is a folder; give the path of a file"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_written_is_known_before_anything_is_sent(
    options: list[str], sentence: str, runner: FakeRunner, capsys: Capture
) -> None:
    Path("file").write_text("not a folder", encoding="utf-8")
    Path("folder").mkdir()

    assert main(["run", *options]) == 2

    captured = capsys.readouterr()
    assert captured.err.startswith(f"roamspec: {sentence}")
    assert len(captured.err.splitlines()) == 1
    assert runner.asked == []
    assert Path("file").read_text(encoding="utf-8") == "not a folder"


def test_junit_into_a_pipe_leaves_the_pipe(runner: FakeRunner) -> None:
    pipe = Path("pipe")
    os.mkfifo(pipe)

    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        assert main(["run", "--junit", str(pipe)]) == 0
        assert read.result().startswith(b"<?xml")
    assert pipe.is_fifo()
    assert len(runner.asked) == 1


def test_reports_follow_links(runner: FakeRunner) -> None:
    kept = Path("kept").absolute()
    kept.mkdir()
    Path("reports/latest").mkdir(parents=True)
    for name in ("report.json", "junit.xml", "report.html"):
        (kept / name).write_text("of an earlier run", encoding="utf-8")
        Path("reports/latest", name).symlink_to(kept / name)

    assert main(["run"]) == 0

    assert report(str(kept)) == report()
    assert (kept / "junit.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert all(path.is_symlink() for path in Path("reports/latest").iterdir())
    assert len(runner.asked) == 1


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


def test_an_error_after_the_end_was_told_overrules_it(runner: FakeRunner) -> None:
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
