"""Where an installation finds its files."""

from pathlib import Path

import pytest

from roamspec.errors import SuiteError
from roamspec.resources import folder, locate


def test_a_checkout_has_its_contracts() -> None:
    assert (folder("contracts") / "deletion.openapi.yaml").is_file()
    assert folder("conformance").name == "conformance"


def test_the_wheels_own_files_come_first(tmp_path: Path) -> None:
    package, checkout = tmp_path / "site-packages/roamspec", tmp_path / "repo"
    (checkout / "tests/conformance").mkdir(parents=True)
    assert locate("conformance", package=package, checkout=checkout) == checkout / "tests/conformance"
    (package / "conformance").mkdir(parents=True)
    assert locate("conformance", package=package, checkout=checkout) == package / "conformance"


def test_a_damaged_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"lacks its folder 'cassettes' .*; install roamspec again\."):
        locate("cassettes", package=tmp_path / "a", checkout=tmp_path / "b")
