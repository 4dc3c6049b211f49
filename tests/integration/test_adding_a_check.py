"""`docs/adding-a-check.md`, followed to the letter in a copy of the tree."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from tests.integration.commands import Done, run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-check.md").read_text(encoding="utf-8")
APPENDED = re.compile(r"^At the end of `([^`]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
REPLACED = re.compile(
    r"^In `([^`]+)`, replace\n\n```\w+\n(.*?)^```\n\nwith\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FAULT = "src/roamspec/faults/limit.py"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the page changes, changed as it says."""
    copy = tmp_path_factory.mktemp("adding")
    unwanted = shutil.ignore_patterns("__pycache__")
    for place in ("contracts", "tests/conformance", "src/roamspec"):
        shutil.copytree(ROOT / place, copy / place, ignore=unwanted)
    for name, text in APPENDED.findall(PAGE):
        with (copy / name).open("a", encoding="utf-8") as file:
            file.write(text)
    for name, old, new in REPLACED.findall(PAGE):
        before = (copy / name).read_text(encoding="utf-8")
        assert before.count(old) == 1, f"{name} has no such line, or several: {old}"
        (copy / name).write_text(before.replace(old, new), encoding="utf-8")
    return copy


def commands() -> list[list[str]]:
    [block] = COMMANDS.findall(PAGE)
    return [line.replace("'", "").split() for line in block.splitlines()]


def follow(tree: Path, words: list[str]) -> Done:
    assert words[0] == "roamspec"
    return run([sys.executable, "-m", *words], tree, {"PYTHONPATH": str(tree / "src")})


def test_the_new_check_conforms_and_costs_what_it_says(tree: Path) -> None:
    done = follow(tree, commands()[0])

    assert done.status == 0, done.out + done.err
    assert "limit.fifty-one-ids-twice[deleteChatMessages]" in done.out
    assert "more than declared" not in done.out


def test_the_new_fault_is_detected_exactly_as_declared(tree: Path) -> None:
    done = follow(tree, commands()[1])

    assert done.status == 0, done.out + done.err
    matrix = json.loads((tree / "reports" / "selftest.json").read_text(encoding="utf-8"))
    own = [fault for fault in matrix["faults"] if fault["name"].endswith(".limit.refused-only-once")]
    assert [fault["exact"] for fault in own] == [True, True], own


def test_it_takes_no_more_than_twenty_lines_beside_the_fault() -> None:
    blocks = [text for name, text in APPENDED.findall(PAGE) if name != FAULT]

    assert sum(bool(line.strip()) for text in blocks for line in text.splitlines()) <= 20


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:contracts|docs|src|tests)/[\w./-]+)`", PAGE)

    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
