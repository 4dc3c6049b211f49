"""A failure of ours ends with 4 and one sentence, however little there is left to tell it with."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from roamspec.cli import requirements
from roamspec.cli.crash import crash_sentence
from roamspec.cli.main import main

Capture = pytest.CaptureFixture[str]

NO_TEMPORARY_FOLDER = (
    "import sys, tempfile\n"
    "def none(*_): raise FileNotFoundError(2, 'No usable temporary directory found')\n"
    "tempfile._get_default_tempdir = none\n"
    "from roamspec.cli.main import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


class Unspeakable(Exception):  # noqa: N818 - what it is
    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.fixture
def no_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:  # noqa: BLE001 - with its traceback
        return caught


@pytest.mark.usefixtures("no_temporary_folder")
def test_without_any_folder_the_sentence_says_where_it_happened() -> None:
    sentence = crash_sentence(raised(ValueError("odd")))
    assert sentence.startswith("the suite itself failed (ValueError: odd) at test_crash.py, line ")
    assert sentence.endswith("; there is no folder for its traceback.")


def test_a_folder_that_cannot_be_written_is_replaced_by_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    sentence = crash_sentence(raised(ValueError("odd")), tmp_path / "file")
    assert sentence.endswith(f"Not a directory, and is in {tmp_path / 'traceback.txt'}.")
    assert "ValueError: odd" in (tmp_path / "traceback.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("error", [Unspeakable(), ValueError("\ud800"), SystemExit(1), BaseException()])
def test_no_error_is_too_odd_to_be_reported(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def fail(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(requirements, "execute", fail)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert main(["requirements"]) == 4
    assert capsys.readouterr().err.startswith(f"roamspec: the suite itself failed ({type(error).__name__}")


def test_a_crash_handler_that_fails_itself_still_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> str:
        raise MemoryError

    monkeypatch.setattr("roamspec.cli.crash.scrub", fail)
    sentence = crash_sentence(raised(ValueError("odd")), tmp_path)
    assert (
        sentence
        == "the suite itself failed (ValueError), and its traceback could not be formatted (MemoryError)."
    )


@pytest.mark.parametrize("words", [("sdk", "--", "true"), ("run", "--dry-run"), ("selftest", "--jobs", "1")])
def test_where_no_temporary_folder_can_be_made_it_says_what_to_do(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_TEMPORARY_FOLDER, *words],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == (
        "roamspec: No folder for temporary files is writable (No usable temporary directory found); "
        "set TMPDIR to one that is.\n"
    )


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("requirements >&-", 0),
        ("requirements >&- 2>&-", 0),
        ("requirements <&- >&- 2>&-", 0),
        ("requirements >/dev/full", 4),
        ("requirements >/dev/full 2>/dev/full", 4),
        ("nonsense 2>&-", 2),
        ("nonsense 2>/dev/full", 2),
        ("nonsense >&- 2>&-", 2),
    ],
)
def test_streams_that_are_closed_or_full_change_no_status(command: str, status: int) -> None:
    program = f"{sys.executable} -m roamspec {command}"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stdout + done.stderr


def test_an_emulator_that_crashes_ends_with_four(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    from roamspec.faults import __main__ as emulator

    def fail(_options: object, _extension: object) -> int:
        raise ZeroDivisionError("odd")

    monkeypatch.setattr(emulator, "serve", fail)
    monkeypatch.setattr(sys, "argv", ["roamspec.faults"])
    assert emulator.main() == 4
    assert capsys.readouterr().err.splitlines()[-1] == "ZeroDivisionError: odd"
