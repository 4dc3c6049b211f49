"""The example for teams that judge their own deployment by requirements of their own."""

import shutil
import sys
from pathlib import Path

import pytest
from tests.integration.commands import Done, run

EXAMPLE = Path(__file__).parents[2] / "examples" / "own-checks"
REQUIREMENT = "delete-chat-messages.house.ten-ids-accepted"
FAULT = "delete-chat-messages.house.nine"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As a team has it: no checkout around it."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "own", ignore=shutil.ignore_patterns("__pycache__")))


def own(folder: Path, *arguments: str) -> Done:
    words = [str(Path(sys.executable).parent / "pytest"), "-v", "-p", "no:cacheprovider", *arguments]
    return run(words, folder, {})


def test_the_example_passes(folder: Path) -> None:
    done = own(folder)
    assert done.status == 0, done.out
    assert f"SUBPASSED[{REQUIREMENT}]" in done.out
    assert "test_two_users_can_talk PASSED" in done.out


def test_its_seeded_fault_is_found_in_two_processes_as_well(folder: Path) -> None:
    done = own(folder, "--roamspec-fault", FAULT, "-n", "2")
    assert done.status == 1, done.out
    assert f"SUBFAILED[{REQUIREMENT}]" in done.out
    assert f"pytest -k {REQUIREMENT} --roamspec-seed" in done.out


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "conftest.py",
            "house.ten-ids-accepted",
            "success.status-200",
            "another requirement has this",
        ),
        ("house_faults.py", "def nine", "def nine(", "registers no faults: SyntaxError"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    done = own(folder, "--roamspec-fault", FAULT)
    assert done.status == 4, done.out
    assert sentence in done.out + done.err
    assert "Traceback" not in done.out + done.err
