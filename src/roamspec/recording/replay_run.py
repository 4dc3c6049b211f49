"""Recordings as what the checks of a pytest session run on, without any network."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.recording.documented import check_documented
from roamspec.recording.replay import Replay, ReplaySessionProvider, no_network, notes_on
from roamspec.recording.staleness import OLDEST_DAYS
from roamspec.results.events import CheckFinished, Ending, RunFinished, RunStarted, TargetInfo, rfc3339
from roamspec.runner.planning import Plan
from roamspec.runner.worker import WorkerInput
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort


class ReplayRun:
    """One folder of recordings; a check without one, and one without a check, are errors."""

    overlaps = False
    part = None
    division = ""
    max_failures = 0
    secrets: Sequence[str] = ()

    def __init__(
        self,
        recordings: Replay,
        requirements: Sequence[str],
        *,
        strict: bool = False,
        whole: bool = True,
        all_checks: bool = True,
        accepted: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`requirements` are the IDs of those that are judged, empty for all; failures of `accepted` do not
        count. `whole`: what no check asks for is judged or told here, and not by another process.
        `all_checks`: every check is collected, so that a recording without one is left over."""
        self._recordings = recordings
        self.accepted = accepted
        self._whole = whole
        self._all_checks = all_checks
        self._contract = load_contract()
        catalogue = load_catalogue(contract=self._contract)
        self._selected = frozenset(requirements) or None
        self.plan = Plan(catalogue, self._contract, "standard", self._selected)
        self.effort = ExplorationEffort(seed=0, command=("roamspec", "replay", str(recordings.place)))
        self.contract_sha256 = self._contract.sha256
        self.strict = strict
        self.provider = ReplaySessionProvider(recordings, self._contract)
        self._network = contextlib.ExitStack()
        self._session: Session | None = None
        self._requests = 0
        self._began = time.monotonic()

    @property
    def info(self) -> TargetInfo:
        """What the report names as the target."""
        return self._recordings.target

    def open(self) -> Session:
        """The session of the replayed preflight; from here on no connection can be opened."""
        if self._session is None:
            self._network.enter_context(no_network())
            self._session = self.provider.preflight()
        return self._session

    def worker_input(self, *, shown: bool) -> WorkerInput | None:  # noqa: ARG002
        """None: a worker reads the recordings itself."""
        return None

    def add_elsewhere(self, requests: int, notes: Sequence[str], lags_s: Mapping[str, float]) -> None:  # noqa: ARG002
        """Count the exchanges that other processes have replayed."""
        self._requests += requests

    @property
    def requests(self) -> int:
        """How many exchanges were replayed."""
        return self.provider.requests + self._requests

    def further(self, ending: Ending, detail: str) -> Iterator[CheckFinished]:  # noqa: ARG002
        """The verdicts on what no check replays: recordings without a check, and exchanges that documents
        show."""
        if not self._whole:
            return
        if self._session is not None and self._all_checks:
            yield from self.provider.unused()
        for file, cassette in self._recordings.documented.items():
            yield check_documented(file, cassette, self._contract, self.plan.catalogue, self._selected)
            self._requests += len(cassette.interactions)

    def close(self) -> None:
        """Let connections be opened again."""
        self._network.close()

    def started(self, planned: int) -> RunStarted:
        """The first event."""
        now = rfc3339(datetime.now(UTC))
        more = len(self._recordings.documented)
        return RunStarted(self.info, "standard", 0, now, planned + more, self._selected)

    def finished(self, ending: Ending, detail: str, left_out: frozenset[str]) -> RunFinished:
        """The last event, with notes on recordings that are old or of another contract."""
        notes = notes_on(self._recordings, self._contract, OLDEST_DAYS, datetime.now(UTC).date())
        duration_s = time.monotonic() - self._began
        return RunFinished(duration_s, self.requests, ending, detail, tuple(notes), left_out)
