"""The audit of what is locked: what pip-audit found, and what it could not look up."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tools.release.audit import LOCK, main

CLEAN: dict[str, Any] = {"name": "good", "version": "1.0", "vulns": []}
VULNERABLE: dict[str, Any] = {
    "name": "bad",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"], "aliases": [], "description": "d"}],
}
UNKNOWN = {"name": "mine", "skip_reason": "Dependency not found on PyPI and could not be audited: mine (3.0)"}


@pytest.fixture
def pip_audit(tmp_path: Path) -> Path:
    """Stands in for pip-audit: copies `found.json` to its output, and writes down its arguments."""
    program = tmp_path / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "here = pathlib.Path(sys.argv[0]).parent\n"
        "(here / 'arguments').write_text('\\n'.join(sys.argv), encoding='utf-8')\n"
        "if not (here / 'found.json').exists():\n"
        "    sys.exit('ERROR: no network')\n"
        "pathlib.Path(sys.argv[-1]).write_bytes((here / 'found.json').read_bytes())\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


@pytest.mark.parametrize(
    ("found", "status", "required", "said"),
    [
        ([CLEAN], 0, 0, "0 known vulnerabilities in 1 packages.\n"),
        (
            [CLEAN, VULNERABLE],
            1,
            1,
            "bad 2.0: PYSEC-2026-1, fixed in 2.1\n1 known vulnerabilities in 2 packages.\n",
        ),
        ([CLEAN, UNKNOWN], 0, 1, "0 known vulnerabilities in 1 packages.\nNot looked up: mine.\n"),
        ([UNKNOWN], 0, 1, "Skipped: no index of advisories is reachable from here.\n"),
        (None, 0, 1, "Skipped: no index of advisories is reachable from here.\n"),
    ],
    ids=["clean", "vulnerable", "partly", "nothing-known", "no-network"],
)
def test_what_an_audit_ends_with(
    found: list[Any] | None,
    status: int,
    required: int,
    said: str,
    pip_audit: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if found is not None:
        text = json.dumps({"dependencies": found, "fixes": []})
        (pip_audit.parent / "found.json").write_text(text, encoding="utf-8")

    assert main(["--pip-audit", str(pip_audit)]) == status
    printed = capsys.readouterr()
    assert printed.out == said
    assert ("no network" in printed.err) == (found is None)
    assert main(["--pip-audit", str(pip_audit), "--required"]) == required


def test_what_is_locked_is_audited(pip_audit: Path) -> None:
    main(["--pip-audit", str(pip_audit)])

    arguments = (pip_audit.parent / "arguments").read_text(encoding="utf-8").splitlines()
    assert arguments[arguments.index("--requirement") + 1] == str(LOCK)
    assert LOCK.is_file()
