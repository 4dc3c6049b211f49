"""Tells pytest-recording where roamspec's recordings are and how requests are compared with them."""

from typing import Any

import pytest

from roamspec.resources import folder


@pytest.fixture(scope="module")
def vcr_config() -> dict[str, Any]:
    # The host is the recording's, the token is yours, and the order of parameters is open.
    return {"record_mode": "none", "match_on": ("method", "path", "query")}


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(folder("cassettes") / "emulator")
