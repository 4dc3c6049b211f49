"""`pytest` as people call it at the root of a checkout, which is not on the path of the script."""

import sys
from pathlib import Path

import pytest
from tests.integration.commands import Done, run

ROOT = Path(__file__).parents[2]
SCRIPT = Path(sys.executable).parent / "pytest"


def plain(*arguments: str) -> Done:
    return run([str(SCRIPT), "-q", "-p", "no:cacheprovider", *arguments], ROOT, {})


@pytest.mark.parametrize("folder", ["tests/integration", "tests/unit/report"])
def test_our_own_tests_are_collected(folder: str) -> None:
    done = plain("--collect-only", folder)
    assert done.status == 0, done.out


def test_the_examples_pass() -> None:
    done = plain("examples")
    assert done.status == 0, done.out
    assert "6 passed" in done.out
