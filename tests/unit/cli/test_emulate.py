"""`roamspec emulate`: the options it hands on, and one real start."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from roamspec.cli.main import main
from roamspec.emulator import server
from roamspec.emulator.options import EmulatorOptions

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[EmulatorOptions]:
    """What `serve` was called with; nothing is served."""
    calls: list[EmulatorOptions] = []

    def serve(options: EmulatorOptions, *_: object) -> int:
        calls.append(options)
        return 0

    monkeypatch.setattr(server, "serve", serve)
    return calls


def test_defaults(served: list[EmulatorOptions]) -> None:
    assert main(["emulate"]) == 0
    assert served == [EmulatorOptions(announce_ui=True)]


def test_every_option(served: list[EmulatorOptions]) -> None:
    options = [
        "--host",
        "::1",
        "--port",
        "8099",
        "--ready-file",
        "ready.json",
        "--fault",
        "a",
        "--fault",
        "b",
        "--ui-everywhere",
        "--open",
        "--data",
        "kept",
    ]

    assert main(["emulate", "--org", "other", "--app", "lounge", *options]) == 0

    assert served == [
        EmulatorOptions(
            "::1",
            8099,
            "other",
            "lounge",
            ready_file=Path("ready.json"),
            faults=("a", "b"),
            ui_everywhere=True,
            announce_ui=True,
            open_ui=True,
            data=Path("kept"),
        )
    ]


@pytest.mark.parametrize("app", ["other/lounge", "other#lounge"])
@pytest.mark.parametrize("org", [[], ["--org", "other"]])
def test_the_app_key_may_be_written_whole(app: str, org: list[str], served: list[EmulatorOptions]) -> None:
    assert main(["emulate", *org, "--app", app]) == 0
    assert [(options.org, options.app) for options in served] == [("other", "lounge")]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--org", "acme2", "--app", "other/lounge"], "--org says 'acme2', but --app says 'other/lounge'."),
        (["--app", "a/b/c"], "--app: 'a/b/c' is not an App Key; write it as ORG/APP or ORG#APP."),
        (
            ["--app", "not ok"],
            "--org and --app: 'acme/not ok' is not an App Key; write it as ORG/APP or ORG#APP.",
        ),
        (["--fault", "no-such-fault"], "there is no fault 'no-such-fault'; "),
        (["--ready-fil", "x"], "emulate: the option --ready-fil is not known; did you mean --ready-file?"),
    ],
)
def test_bad_options_are_one_sentence(options: list[str], sentence: str, capsys: Capture) -> None:
    assert main(["emulate", *options]) == 2

    captured = capsys.readouterr()
    assert captured.err.startswith(f"roamspec: {sentence}")
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""


def test_it_says_where_it_listens_and_ends_when_asked_to(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    command = [sys.executable, "-m", "roamspec", "emulate", "--app", "o/a", "--ready-file", str(ready)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            announced = json.loads(process.stdout.readline())
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()

    window = f"{announced['base_url']}/_emulator/ui"
    assert (process.returncode, errors) == (0, f"roamspec: the emulator's window is {window}\n")
    assert (announced["org"], announced["app"], announced["pid"]) == ("o", "a", process.pid)
    assert json.loads(ready.read_text(encoding="utf-8")) == announced


def test_open_starts_a_browser_at_the_window(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    command = [sys.executable, "-m", "roamspec", "emulate", "--open"]
    variables = os.environ | {"BROWSER": str(browser)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=variables
    ) as process:
        try:
            assert process.stdout is not None
            announced = json.loads(process.stdout.readline())
            assert opened.read_text(encoding="utf-8") == f"{announced['base_url']}/_emulator/ui"
        finally:
            process.terminate()
