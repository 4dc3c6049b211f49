from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.references import dereferenced
from roamspec.contract.requirements import Catalogue, load_catalogue

Write = Callable[[str], Path]


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="session")
def resolved(contract: Contract) -> dict[str, Any]:
    """The deletion contract without `$ref`."""
    return dereferenced(contract.document, path=Path("deletion.openapi.yaml"))


@pytest.fixture(scope="session")
def catalogue(contract: Contract) -> Catalogue:
    return load_catalogue(contract=contract)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the text into a file of its own and gives its path."""

    def write_text(text: str) -> Path:
        path = tmp_path / "given.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_text
