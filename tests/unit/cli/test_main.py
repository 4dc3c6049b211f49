"""The entry point: commands, help, and what a person reads when something is wrong."""

import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest

from roamspec import __version__
from roamspec.cli import requirements
from roamspec.cli.main import COMMANDS, main

Capture = pytest.CaptureFixture[str]

KNOWN = (
    "run, reproduce, observe, merge, load, record, replay, parity, drift, emulate, sdk, proxy, cleanup, "
    "faults, selftest, report, diff, trend, waive, requirements, doc"
)


def test_help_lists_the_commands(capsys: Capture) -> None:
    assert main(["--help"]) == 0

    text = capsys.readouterr().out
    assert all(f"  {name}" in text for name in COMMANDS)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_in_eighty_columns(
    command: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    assert main([command, "--help"]) == 0

    text = capsys.readouterr().out
    assert text.startswith(f"usage: roamspec {command}")
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("columns", [50, 80, 100])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_description_fills_its_lines(
    command: str, columns: int, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is broken twice: where the source breaks it and where the terminal ends."""
    monkeypatch.setenv("COLUMNS", str(columns))

    assert main([command, "--help"]) == 0

    description = capsys.readouterr().out.split("\n\n")[1].splitlines()
    room = columns - 2
    fitting = [
        (line, after)
        for line, after in pairwise(description)
        if len(line) + 1 + len(after.split()[0]) <= room and not after.startswith(" ")
    ]
    assert len(description) >= 1
    assert fitting == []


def test_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"roamspec {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ([], f"give a command: {KNOWN}; `roamspec --help` says what they do."),
        (["rnu"], "the command 'rnu' is not known; did you mean 'run'?"),
        (["listen"], f"the command 'listen' is not known; choose from {KNOWN}."),
        (["--verbos=x"], f"the option '--verbos' is not known; choose from {KNOWN}."),
        (["run", "--profle", "quick"], "run: the option --profle is not known; did you mean --profile?"),
        (["run", "--prof", "quick"], "run: the option --prof is not known; did you mean --profile?"),
        (["run", "--zz"], "run: the option --zz is not known; see roamspec run --help."),
        (["run", "-x"], "run: the option -x is not known; see roamspec run --help."),
        (["run", "now"], "run: unexpected argument 'now'; see roamspec run --help."),
        (["run", "--seed"], "run: --seed: expected one argument."),
        (["run", "--seed", "x"], "run: --seed: 'x' is not a whole number from 0 to 4294967295."),
        (["run", "--seed", "-1"], "run: --seed: '-1' is not a whole number from 0 to 4294967295."),
        (["run", "--workers", "0"], "run: --workers: '0' is not a whole number from 1 to 256."),
        (["run", "--profile", "standart"],
         "run: --profile: 'standart' is not known; did you mean 'standard'?"),
        (["run", "--profile", "all"],
         "run: --profile: 'all' is not known; choose from quick, standard, deep."),
        (["emulate", "--port", "x"], "emulate: --port: invalid int value: 'x'."),
        (["emulate", "--org", "o", "--app", "a#b"], "--org says 'o', but --app says 'a#b'."),
        (["requirements", "--jsn"], "requirements: the option --jsn is not known; did you mean --json?"),
    ],
)  # fmt: skip
def test_bad_usage_is_one_sentence(argv: list[str], sentence: str, capsys: Capture) -> None:
    assert main(argv) == 2

    captured = capsys.readouterr()
    assert captured.err == f"roamspec: {sentence}\n"
    assert captured.out == ""


@pytest.mark.parametrize(
    "option", ["--client-id", "--client-secret", "--app-token", "--neighbour-client-secret"]
)
@pytest.mark.parametrize("separator", ["=", " "])
def test_credentials_on_the_command_line_are_rejected_unshown(
    option: str, separator: str, capsys: Capture
) -> None:
    assert main(["run", *f"{option}{separator}hunter22".split(" ")]) == 2

    text = capsys.readouterr().err
    assert text.startswith(
        f"roamspec: run: {option} does not exist: credentials are only read from the environment"
    )
    assert "hunter22" not in text


def test_an_unforeseen_error_leaves_one_sentence_and_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    def fail(_arguments: object) -> int:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(requirements, "execute", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    assert main(["requirements"]) == 4

    file = tmp_path / "traceback.txt"
    assert capsys.readouterr().err == (
        f"roamspec: the suite itself failed (ZeroDivisionError: division); its traceback is in {file}.\n"
    )
    assert "Traceback (most recent call last)" in file.read_text(encoding="utf-8")


def test_an_interrupt_is_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    def interrupt(_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(requirements, "execute", interrupt)

    assert main(["requirements"]) == 4
    assert capsys.readouterr().err == "roamspec: interrupted.\n"


HEAVY = ("httpx", "pytest", "hypothesis", "schemathesis", "starlette", "uvicorn", "vcr", "requests", "google")


@pytest.mark.parametrize(
    ("argv", "unwanted"),
    [
        (["--help"], (*HEAVY, "yaml", "jsonschema_rs")),
        (["requirements", "clearUser"], HEAVY),
        (["run", "--help"], HEAVY),
        (["emulate", "--help"], ("httpx", "pytest", "hypothesis", "schemathesis", "uvicorn", "yaml")),
    ],
)
def test_a_command_imports_only_what_it_needs(argv: list[str], unwanted: tuple[str, ...]) -> None:
    program = (
        "import sys; from roamspec.cli.main import main; status = main(sys.argv[1:]); "
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules})); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, text=True, check=True)

    assert not set(unwanted) & set(done.stderr.split())


def test_a_reader_that_leaves_is_no_error() -> None:
    program = f"{sys.executable} -m roamspec requirements | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["deleteChatMessages", "0"]
    assert done.stderr == ""


def test_a_terminal_that_knows_no_chinese_gets_escapes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "roamspec", "requirements", "delete-chat-messages.limit.fifty-one-refused"],
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert b"\\u9519\\u8bef\\u7801" in done.stdout
