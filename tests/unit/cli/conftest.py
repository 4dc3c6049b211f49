"""A runner that plays a script instead of calling anybody, in an empty folder and a clean environment."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import roamspec.runner
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.results.events import (
    CheckFinished,
    Failure,
    Judgement,
    JudgementVerdict,
    Listener,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.runner.settings import RunSettings

Emit = Callable[[RunStarted | CheckFinished | RunFinished], None]
Script = Callable[["FakeRunner", Emit], None]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(contract=load_contract())


class FakeRunner:
    """Stands in for `roamspec.runner.run`: plays `script`, and remembers what it was asked to do."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.asked: list[RunSettings] = []
        self.script: Script = FakeRunner.conforming

    def __call__(self, settings: RunSettings, listeners: Sequence[Listener]) -> None:
        self.asked.append(settings)

        def emit(event: RunStarted | CheckFinished | RunFinished) -> None:
            for listener in listeners:
                listener(event)

        self.script(self, emit)

    @property
    def settings(self) -> RunSettings:
        """Of the last run."""
        return self.asked[-1]

    def start(self, emit: Emit, planned: int = 1) -> None:
        target = TargetInfo("emulator", "http://127.0.0.1:40123", "acme#parlor")
        selected = frozenset(self.settings.requirements) or None
        emit(
            RunStarted(
                target, self.settings.profile, self.settings.seed, "2026-01-01T00:00:00Z", planned, selected
            )
        )

    def judge(self, emit: Emit, verdict: JudgementVerdict = "pass", failing: str = "") -> None:
        """One check that judges everything alike, but `failing`."""
        failure = Failure("status 400", "status 200", reproduce="curl http://127.0.0.1:40123/")
        judgements = tuple(
            Judgement(name, "fail", "", failure) if name == failing else Judgement(name, verdict, "no list")
            for name in self.catalogue
        )
        emit(CheckFinished("test_everything", "fail" if failing else verdict, 0.5, judgements))

    def conforming(self, emit: Emit) -> None:
        self.start(emit)
        self.judge(emit)
        emit(RunFinished(1.5, 321, "complete"))


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> FakeRunner:
    fake = FakeRunner(catalogue)
    monkeypatch.setattr(roamspec.runner, "run", fake)
    return fake


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable in list(os.environ):
        if variable.startswith("ROAMSPEC_"):
            monkeypatch.delenv(variable)
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


SERVICE = {
    "ROAMSPEC_BASE_URL": "http://127.0.0.1:9",
    "ROAMSPEC_ORG": "acme",
    "ROAMSPEC_APP": "parlor",
    "ROAMSPEC_CLIENT_ID": "the-client-id",
    "ROAMSPEC_CLIENT_SECRET": "the-secret-value",
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in SERVICE.items():
        monkeypatch.setenv(variable, value)
