"""`roamspec run`: what reaches the runner, and what is wrong before anything is sent."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.unit.cli.conftest import FakeRunner
from tests.unit.cli.run_command import DECISIVE, Capture, report

from roamspec.appkey import AppKey
from roamspec.cli.main import main
from roamspec.faults import known

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
