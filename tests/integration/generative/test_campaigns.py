"""Campaigns draw until their time is over, keep what they saw, and go on from there."""

from pathlib import Path

from roamspec.generative import feature_coverage
from roamspec.generative.sequences import Sequences
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort

from .conftest import Open

MISTAKE = "delete-chat-messages.effect.nothing-deleted"


def campaign(session: Session, folder: Path, *, seconds: float) -> tuple[Sequences, list[str]]:
    heard: list[str] = []
    session.tell = heard.append
    effort = ExplorationEffort(seed=1, profile="deep", corpus=folder, campaign_s=seconds)
    return Sequences(session, effort), heard


def test_a_campaign_tells_how_far_it_is_and_goes_on_where_it_stopped(opened: Open, tmp_path: Path) -> None:
    session = opened()
    first, heard = campaign(session, tmp_path, seconds=4.0)
    assert first.explore() == []
    assert heard
    assert all("pairs of features" in line for line in heard)
    pairs = feature_coverage.read(tmp_path)
    assert len(pairs) == len(first.journal.coverage.pairs) > 0

    second, _ = campaign(session, tmp_path, seconds=1.0)
    assert second.explore() == []
    assert len(second.journal.coverage.earlier) == len(pairs)
    assert feature_coverage.read(tmp_path) > pairs


def test_a_campaign_leaves_an_operation_at_its_first_failure(opened: Open, tmp_path: Path) -> None:
    found, _ = campaign(opened(MISTAKE), tmp_path, seconds=6.0)
    assert [finding.operation for finding in found.explore()] == ["deleteChatMessages"]
