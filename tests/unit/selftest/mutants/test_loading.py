"""Modules are loaded from changed trees, and everything else from its files."""

import ast
import subprocess
import sys

import pytest

from roamspec.selftest.mutants.loading import TreeFinder

PROGRAM = """
import ast, sys
from roamspec.selftest.mutants.loading import TreeFinder, PROBE
told = []
source = "X = 2\\n_roamspec_reached(7)\\n"
TreeFinder({"this": lambda: ast.parse(source)}, lambda *what: told.append(what)).install()
import this, colorsys
print(this.X, told, this.__file__.endswith("this.py"), colorsys.ONE_THIRD > 0)
"""


def test_a_module_comes_from_its_tree() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "2 [('this', 7)] True True"
    assert "Zen" not in done.stdout


def test_a_module_that_is_loaded_already_cannot_be_changed() -> None:
    with pytest.raises(ImportError, match="json is loaded already"):
        TreeFinder({"json": lambda: ast.parse("")}).install()
