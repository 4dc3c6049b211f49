"""What would fail on Windows or macOS, as far as another machine can tell."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from tests.integration.packages import ROOT, tracked

SOURCES: Final = ROOT / "src" / "roamspec"
_USES_THE_SYSTEM: Final = re.compile(
    r"^\s*(?:import|from) (?:asyncio|multiprocessing|os|select|selectors|signal|socket|subprocess|time)\b"
    r"|^\s*(?:import|from) (?:fcntl|grp|pty|pwd|resource|termios|tty)\b",
    re.MULTILINE,
)
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_NOT_IN_A_NAME: Final = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')


def lacking(platform: str, *files: Path) -> list[str]:
    """What these files name of Python's library that it does not have there; `if sys.platform` is heeded.

    Only the files themselves are read, so that it is quick; what mypy then cannot know is passed over.
    """
    words = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file=",
        "--platform",
        platform,
        "--cache-dir",
        "/dev/null",
    ]
    words += ["--follow-imports", "skip", "--no-error-summary", *map(str, files)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [line for line in done.stdout.splitlines() if "Module has no attribute" in line]


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_the_sources_name_nothing_that_a_platform_lacks(platform: str, tmp_path: Path) -> None:
    files = [
        file
        for file in SOURCES.rglob("*.py")
        if _USES_THE_SYSTEM.search(file.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert len(files) > 50
    lacks = tmp_path / "lacks.py"
    lacks.write_text("import os, signal\nos.posix_fadvise(0, 0, 0, 0)\nsignal.SIGRTMIN\n", encoding="utf-8")

    found = lacking(platform, *files, lacks)

    assert [line for line in found if "lacks.py" not in line] == []
    assert "posix_fadvise" in "".join(found)


def test_every_text_names_its_encoding(tmp_path: Path) -> None:
    """Without one, Windows reads and writes another."""
    (tmp_path / "lacks.py").write_text("open('a').read()\n", encoding="utf-8")
    words = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview"]
    words += ["--select", "PLW1514", "--output-format", "concise", "--target-version", "py311"]

    def found(*places: Path) -> str:
        done = subprocess.run([*words, *map(str, places)], capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    assert found(*(ROOT / name for name in ("src", "tests", "tools", "examples", "benchmarks"))) == ""
    assert "unspecified-encoding" in found(tmp_path)


def test_names_of_files_fit_every_file_system() -> None:
    names = tracked()

    assert len(names) > 500
    places = {"/".join(name.split("/")[:depth]) for name in names for depth in range(1, name.count("/") + 2)}
    alike = Counter(place.casefold() for place in places)
    assert [place for place, count in alike.items() if count > 1] == []
    parts = {part for name in names for part in name.split("/")}
    assert [part for part in parts if _RESERVED.fullmatch(part) or _NOT_IN_A_NAME.search(part)] == []
    # A folder of 100 characters leaves this much of the 260 that Windows takes.
    assert [name for name in names if len(name) > 150] == []


@pytest.mark.skipif(not (shutil.which("git") and (ROOT / ".git").exists()), reason="this is no clone of git")
def test_a_checkout_has_the_same_bytes_on_every_machine() -> None:
    """With other line ends the contract had another digest, and recordings another body."""
    names = ["contracts/requirements.yaml", "cassettes/emulator/clear-user.success.status-200.yaml"]
    words = ["git", "check-attr", "eol", "--", *names, "src/roamspec/report/prelude.sh"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)

    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == ["lf"] * 3
    stored = subprocess.run(
        ["git", "ls-files", "--eol"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line for line in stored.stdout.splitlines() if line.startswith(("i/crlf", "i/mixed"))] == []
