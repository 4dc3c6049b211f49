"""An environment with Locust beside this checkout: what the lock file of the load pins, and the sources."""

import importlib.metadata
import re
import sys
from pathlib import Path
from typing import Final

import pytest
from packaging.utils import canonicalize_name
from tests.integration.commands import run
from tests.integration.packages import ROOT, Environment, lend_dependencies

LOCK: Final = ROOT / "requirements-load.lock"
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def missing_here(lock: str) -> str:
    """The entries of a lock file whose packages this process does not have in the same version."""
    kept = []
    for entry in re.split(r"\n(?=\S)", lock.strip()):
        found = _PIN.match(entry)
        assert found is not None, entry
        if _installed(found[1]) != found[2]:
            kept.append(entry)
    return "\n".join(kept) + "\n"


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(canonicalize_name(name))
    except importlib.metadata.PackageNotFoundError:
        return ""


def environment_with_locust(folder: Path) -> Environment:
    """What is here already is lent, the rest installed with its hashes. Skips where no index is reachable."""
    made = run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder.parent, {})
    assert made.status == 0, made.err
    environment = Environment(folder)
    lend_dependencies(environment)
    [own] = environment.folder.glob("**/site-packages")
    (own / "checkout.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    wanted = folder / "missing.lock"
    wanted.write_text(missing_here(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    words = [sys.executable, "-m", "pip", "--python", str(environment.python), "install", "--quiet"]
    words += ["--disable-pip-version-check", "--no-deps", "--require-hashes", "--retries", "1"]
    words += ["--timeout", "15", "-r", str(wanted)]
    done = run(words, folder.parent, {})
    if "hashes" in done.err.lower() and "do not match" in done.err.lower():
        raise AssertionError(done.err)
    if done.status != 0:
        pytest.skip(f"Locust cannot be installed here: {done.err.strip().splitlines()[-1]}")
    return environment
