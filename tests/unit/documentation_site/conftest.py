"""The pages are made of the checks, whose marks this session of pytest would reject."""

import pytest

from roamspec.suite.marks import MARKERS


@pytest.fixture(autouse=True, scope="package")
def _marks_are_known(pytestconfig: pytest.Config) -> None:
    for mark in MARKERS:
        pytestconfig.addinivalue_line("markers", mark)
