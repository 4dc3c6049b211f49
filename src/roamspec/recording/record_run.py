"""A target that is being recorded, as what the checks of a pytest session run on."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import RoamspecError
from roamspec.recording.capture import CaptureSessionProvider, provenance
from roamspec.recording.cassette import Provenance
from roamspec.recording.record import Recorded, refuse_unfinished, settle_and_write, work_dir_of
from roamspec.results.events import CheckFinished, Ending, Judgement, RunFinished, RunStarted, TargetInfo
from roamspec.runner.live_run import target_of
from roamspec.runner.planning import Plan
from roamspec.runner.settings import RunSettings
from roamspec.runner.worker import WorkerInput
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort


class RecordRun:
    """The first pass runs with the session; the second one, and the writing, follow when it has ended."""

    overlaps = False
    part = None
    division = ""
    max_failures = 0
    accepted: Mapping[str, str] = MappingProxyType({})

    def __init__(self, settings: RunSettings, folder: Path | None, *, root: Path) -> None:
        """Recordings go to `folder`, or below `root` into that of the target's kind."""
        self._settings = settings
        self._folder = folder
        self._root = root
        contract = load_contract()
        selected = frozenset(settings.requirements) or None
        self.plan = Plan(load_catalogue(contract=contract), contract, "standard", selected)
        self.effort = ExplorationEffort(seed=0, profile="standard")
        self.contract_sha256 = contract.sha256
        self.strict = settings.strict
        self._resources = contextlib.ExitStack()
        self._take: CaptureSessionProvider | None = None
        self._config: TargetConfig = settings.config
        self._origin: Provenance | None = None
        self._session: Session | None = None
        self.info = TargetInfo(self._kind, settings.config.base_url or "", "")
        self._began = time.monotonic()
        self.provider = _FirstPass(self)
        self._notes: list[str] = []

    @property
    def _kind(self) -> Literal["emulator", "service"]:
        return "emulator" if self._settings.config.embedded else "service"

    @property
    def secrets(self) -> Sequence[str]:
        """What no file may contain."""
        return list(self._take.secrets) if self._take else self._settings.config.secrets

    def take(self) -> CaptureSessionProvider:
        """The first pass; starts the target."""
        if self._take is None:
            config, kind = self._resources.enter_context(target_of(self._settings))
            work_dir = self._resources.enter_context(work_dir_of(self._settings, kind))
            self._take = CaptureSessionProvider(config, self.plan.contract, kind=kind, work_dir=work_dir)
            self._take.collected(self.provider.checks)
            self._config = config
            self.info = replace(self.info, base_url=config.base_url or "")
        return self._take

    def open(self) -> Session:
        """The session of the preflight, which is closed already."""
        if self._session is None:
            self._session = self.take().preflight()
            self._origin = provenance(self._config, self.plan.contract, self._session, kind=self._kind)
            self.info = replace(self.info, app_key=str(self._session.main.key))
        return self._session

    def worker_input(self, *, shown: bool) -> WorkerInput | None:  # noqa: ARG002
        """None: what is recorded is not divided among processes."""
        return None

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self._take.requests if self._take else 0

    def add_elsewhere(self, requests: int, notes: Sequence[str], lags_s: Mapping[str, float]) -> None:
        """Nothing comes from other processes."""

    def further(self, ending: Ending, detail: str) -> Iterator[CheckFinished]:
        """The second pass; a check that could not be recorded is an error, and so is what kept all of them
        from being written."""
        if self._take is None or self._origin is None or ending == "interrupted":
            return
        try:
            refuse_unfinished(ending, detail)
            folder = self._folder or self._root / "cassettes" / self._kind
            recorded = settle_and_write(
                self._take, self._origin, self.plan, self.info, folder, only=self._take.raw
            )
        except RoamspecError as error:
            yield CheckFinished("record", "error", 0.0, (), str(error))
            return
        self._notes.append(_said(recorded))
        for check, reason in recorded.refused.items():
            yield CheckFinished(check, "error", 0.0, (), f"it was not recorded: {reason}")

    def close(self) -> None:
        """Clean up after checks that did not end, and stop the emulator."""
        if self._take is not None:
            self._take.abandon()
        self._resources.close()

    def started(self, planned: int) -> RunStarted:
        """The first event."""
        return RunStarted(self.info, "standard", 0, "", planned, self.plan.selected)

    def finished(self, ending: Ending, detail: str, left_out: frozenset[str]) -> RunFinished:
        """The last event, with the notes of the capture."""
        notes = (*self._take.notes, *self._notes) if self._take else ()
        duration_s = time.monotonic() - self._began
        return RunFinished(duration_s, self.requests, ending, detail, notes, left_out)


class _FirstPass:
    """The first pass as a provider that starts nothing as long as checks are only collected."""

    def __init__(self, run: RecordRun) -> None:
        self._run = run
        self.checks: Sequence[tuple[str, Sequence[str]]] = ()

    def takes(self, check: str, *, generative: bool) -> bool:  # noqa: ARG002
        return not generative

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        self.checks = checks

    def begin(self, check: str) -> Session:
        return self._run.take().begin(check)

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:
        return self._run.take().end(check, judgements, detail)


def _said(recorded: Recorded) -> str:
    return (
        f"{recorded.folder}: {len(recorded.written)} written, {len(recorded.unchanged)} as before, "
        f"{len(recorded.removed)} removed, {len(recorded.refused)} not recorded."
    )
