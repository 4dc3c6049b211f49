"""A run opens its target, and looks at it first unless another run has done so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.runner.live_run import LiveRun
from roamspec.runner.preflight import Preflight
from roamspec.runner.settings import RunSettings
from roamspec.session.capabilities import Capabilities
from roamspec.session.preflight_result import PreflightResult

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
