"""A run opens its target, and looks at it first unless another run has done so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.runner.live_run import LiveRun
from roamspec.runner.preflight import Preflight
from roamspec.runner.settings import RunSettings
from roamspec.session.capabilities import Capabilities
from roamspec.session.preflight_result import PreflightResult
from roamspec.shard import Shard

FOUND = PreflightResult(Capabilities(found={"devices": "seen"}, time_step_ms=10))


def settings(folder: Path, found: PreflightResult | None) -> RunSettings:
    main = AppConfig(AppKey("acme", "parlor"), Credentials("the-client-id", "the-secret", "YWMtApp"))
    config = TargetConfig(base_url="http://127.0.0.1:9", main=main)
    return RunSettings(config=config, profile="quick", report_dir=folder, found=found)


def _noting(found: list[Preflight]) -> Callable[[Preflight], None]:
    def run(preflight: Preflight) -> None:
        found.append(preflight)

    return run


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Preflight]:
    found: list[Preflight] = []
    monkeypatch.setattr(Preflight, "run", _noting(found))
    return found


def test_a_run_looks_at_its_target_first(tmp_path: Path, looked: list[Preflight]) -> None:
    live = LiveRun(settings(tmp_path, None))
    live.open()
    live.close()
    assert len(looked) == 1


def test_what_another_run_has_found_is_not_looked_for(tmp_path: Path, looked: list[Preflight]) -> None:
    live = LiveRun(settings(tmp_path, FOUND))
    session = live.open()
    live.close()
    assert looked == []
    assert session.capabilities == FOUND.capabilities
    assert session.client.requests == 0


def test_shards_of_a_service_share_its_rate_and_do_not_call_it_alone(
    tmp_path: Path, looked: list[Preflight]
) -> None:
    whole = LiveRun(settings(tmp_path / "whole", FOUND))
    shard = LiveRun(replace(settings(tmp_path / "shard", FOUND), shard=Shard(2, 4)))
    of_whole, of_shard = whole.open(), shard.open()
    whole.close()
    shard.close()

    rates = [session.client.calls_per_second("clearUser") for session in (of_whole, of_shard)]
    assert rates[1] == rates[0] / 4
    assert (of_whole.exclusive, of_shard.exclusive) == (True, False)
    assert looked == []


def test_a_shard_says_what_all_shards_have_in_common(tmp_path: Path) -> None:
    asked = settings(tmp_path, FOUND)

    part = LiveRun(replace(asked, shard=Shard(2, 4))).started(3).part

    assert part is not None
    assert part.shard == Shard(2, 4)
    expected = {"target": "http://127.0.0.1:9", "app": "acme#parlor", "profile": "quick", "seed": "0"}
    assert expected.items() <= part.configuration.items()
    assert LiveRun(asked).started(3).part is None
