"""What a check can do without is left open, and nothing else with it."""

from typing import Any

import pytest
from tests.unit.suite.conftest import judging

from roamspec.contract.operations import Contract
from roamspec.errors import SetupFailed
from roamspec.session.capabilities import Capabilities
from roamspec.session.session import Session
from roamspec.suite import CheckContext

NOTICE = "notify.clearing-tells-nobody-else"


class Online:
    """A device that came online."""

    def __init__(self, user: str) -> None:
        self.user = user

    def close(self) -> None:
        pass


@pytest.fixture
def case(session: Session, contract: Contract) -> CheckContext:
    session.observer_url = "http://127.0.0.1:9"
    session.capabilities = Capabilities(missing={})
    return judging(session, contract.operation("clearUser"), NOTICE)


def connecting(*, refused: str = "") -> Any:
    def connect(_observer_url: str, _key: object, user: str, _name: str) -> Online:
        if user == refused:
            raise SetupFailed(f"the device d1 of {user} did not come online: kicked.")
        return Online(user)

    return connect


def test_devices_of_all_who_are_watched(case: CheckContext) -> None:
    case.session.connect_device = connecting()

    assert [device.user for device in case.devices(case.world(), "ann", "bob")] == ["ann", "bob"]


def test_where_one_does_not_come_online_none_is_watched_and_the_reason_is_reported(
    case: CheckContext,
) -> None:
    case.session.connect_device = connecting(refused="bob")

    assert case.devices(case.world(), "ann", "bob") == []

    [judgement] = case.judgements()
    assert (judgement.verdict, judgement.requirement) == ("inconclusive", f"clear-user.{NOTICE}")
    assert "bob did not come online" in judgement.reason


def test_without_an_observer_nobody_is_watched(case: CheckContext) -> None:
    case.session.capabilities = Capabilities(missing={"devices": "devices: no observer"})
    case.session.connect_device = connecting(refused="ann")

    assert case.devices(case.world(), "ann") == []
