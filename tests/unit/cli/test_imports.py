"""What a command imports before it does anything: `--help` answers at once."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from roamspec.cli.main import COMMANDS

HEAVY: Final = {"bs4", "httpx", "hypothesis", "pytest", "rich", "schemathesis", "uvicorn", "vcr"}
_CODE: Final = """
import contextlib, io, sys
before = set(sys.modules)
from roamspec.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):
    statuses = {main([*words.split(), "--help"]) for words in sys.argv[1:]}
found = {name.partition(".")[0] for name in set(sys.modules) - before}
print(statuses, *sorted(found - sys.stdlib_module_names))
"""


def imported_by_help_of(folder: Path, *commands: str) -> set[str]:
    """The packages, without Python's own; an AssertionError when a help ends with another status than 0."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CODE, *commands], cwd=folder, capture_output=True, text=True, check=True
    )
    statuses, *found = done.stdout.split()
    assert statuses == "{0}"
    return set(found)


def test_help_imports_nothing_but_python_itself(tmp_path: Path) -> None:
    assert imported_by_help_of(tmp_path, "") == {"roamspec"}


def test_help_of_no_command_imports_what_only_its_work_needs(tmp_path: Path) -> None:
    assert imported_by_help_of(tmp_path, *COMMANDS) & HEAVY == set()
