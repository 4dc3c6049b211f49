"""The model and the emulator share nothing: one mistake must not hide the other."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[4] / "src" / "roamspec"


def imported(package: str) -> set[str]:
    found: set[str] = set()
    for file in (SOURCE / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return found


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("emulator", "roamspec.generative.model"),
        ("generative/model", "roamspec.emulator"),
        ("generative", "roamspec.emulator"),
    ],
)
def test_neither_imports_the_other(package: str, forbidden: str) -> None:
    modules = imported(package)

    assert modules
    assert not [module for module in modules if module.startswith(forbidden)]


def test_the_model_stands_alone() -> None:
    foreign = [
        m
        for m in imported("generative/model")
        if m.startswith("roamspec") and not m.startswith("roamspec.generative.model")
    ]
    assert not foreign
