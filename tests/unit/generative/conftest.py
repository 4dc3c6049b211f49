"""A target that everybody sees everything on, and sequences played without one."""

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.generative.model import PlaceKind
from roamspec.generative.planned_state import Role, Visibility, Way

BOTH: frozenset[Role] = frozenset({"sender", "receiver"})
WAYS: tuple[tuple[PlaceKind, Way], ...] = (
    ("chat", "import"),
    ("chat", "send"),
    ("group", "import"),
    ("group", "send"),
    ("room", "send"),
)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(scope="session")
def visibility() -> Visibility:
    listed = dict.fromkeys((pair for pair in WAYS if pair[1] == "send" and pair[0] != "room"), BOTH)
    return Visibility(dict.fromkeys(WAYS, BOTH), listed, ties=True)
