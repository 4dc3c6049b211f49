"""The example for Python SDKs, and the excerpt of it that a page shows, work as they stand."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
EXAMPLE: Final = ROOT / "examples" / "python-cassettes"
_BEFORE_THE_EXCERPT: Final = """\
import pytest
import roamspec.resources
from roaming_client import RoamingClient, RoamingError


def client(app):
    return RoamingClient("http://emulator.test", app, "token")


"""


def pytest_in(folder: Path) -> str:
    """What the tests of the folder print; they pass."""
    options = ["-q", "-c", "/dev/null", f"--rootdir={folder}", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_example_passes() -> None:
    assert "4 passed" in pytest_in(EXAMPLE)


def test_the_excerpt_of_the_page_passes(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "recordings.md").read_text(encoding="utf-8")
    excerpt = page.partition("```python\n")[2].partition("```")[0]
    shutil.copy(EXAMPLE / "roaming_client.py", tmp_path)
    (tmp_path / "test_excerpt.py").write_text(_BEFORE_THE_EXCERPT + excerpt, encoding="utf-8")

    assert "1 passed" in pytest_in(tmp_path)
