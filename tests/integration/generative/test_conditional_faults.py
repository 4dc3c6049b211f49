"""Faults behind conditions that sequences detect alone: nobody wrote a check for them."""

import pytest

from roamspec.contract.operations import slug_of
from roamspec.generative.sequences import Sequences
from roamspec.suite.exploration_limits import ExplorationEffort, ExplorationLimits

from .conftest import Open

LIMITS = ExplorationLimits(30, 24, requests=1500, seconds=120.0, shrinks=40, shrinking_requests=700)
FAULTS = {
    "delete-chat-messages.effect.nothing-deleted@notify=false": 1,
    "delete-group-messages.effect.nothing-deleted@owner-joined-late": 1,
    "clear-chat-before.effect.nothing-deleted@age>90d": 1,
    "clear-user.effect.nothing-deleted@second-call": 1,
    "delete-chat-messages.list.shows-the-deleted-message": 1,
}


@pytest.mark.parametrize(("fault", "seed"), FAULTS.items(), ids=FAULTS)
def test_sequences_detect_it_and_attribute_it(opened: Open, fault: str, seed: int) -> None:
    session = opened(fault, varied=True)

    findings = Sequences(session, ExplorationEffort(seed=seed), LIMITS).explore()

    assert [slug_of(finding.operation) for finding in findings] == [fault.partition(".")[0]]
    assert len(findings[0].program) <= 8
