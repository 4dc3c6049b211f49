"""What the checks of one pytest session run on: a target, recordings, or a target that is being recorded."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from roamspec.results.events import CheckFinished, Ending, RunFinished, RunStarted, TargetInfo
from roamspec.runner.planning import Plan
from roamspec.runner.session_provider import SessionProvider
from roamspec.runner.shard_part import ShardPart
from roamspec.runner.worker import WorkerInput
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort


class SessionSource(Protocol):
    """Opened when the first check is about to run, closed after the last.

    `max_failures` blocking failures, those of `accepted` apart, end the run early; 0 for none. `accepted`
    has the IDs whose failures do not count, with the reasons.
    """

    plan: Plan
    effort: ExplorationEffort
    contract_sha256: str
    strict: bool
    max_failures: int
    accepted: Mapping[str, str]

    @property
    def part(self) -> ShardPart | None:
        """Which of the checks run, if not all of them do."""

    @property
    def division(self) -> str:
        """How the checks are divided among shards, once that is known; empty for a whole run."""

    @property
    def info(self) -> TargetInfo:
        """What is tested; its address is empty as long as an embedded emulator does not run."""

    @property
    def secrets(self) -> Sequence[str]:
        """What must not appear in anything that is written."""

    @property
    def provider(self) -> SessionProvider:
        """Where checks get their sessions from."""

    @property
    def requests(self) -> int:
        """How many requests this run has sent, or replayed, so far."""

    @property
    def overlaps(self) -> bool:
        """Whether checks may run at the same time on one session."""

    def open(self) -> Session:
        """The session of the run, the same each time; a RoamspecError when nothing can be tested."""

    def worker_input(self, *, shown: bool) -> WorkerInput | None:
        """What each worker needs to run on the same target; None where it opens what it needs by itself."""

    def add_elsewhere(self, requests: int, notes: Sequence[str], lags_s: Mapping[str, float]) -> None:
        """What workers have sent, what a person should know of them, and how long effects lagged there."""

    def further(self, ending: Ending, detail: str) -> Iterable[CheckFinished]:
        """After the last check of a run that has ended so: what is judged or done without one."""

    def close(self) -> None:
        """Remove what was made and let go of the target; further calls do nothing."""

    def started(self, planned: int) -> RunStarted:
        """The first event of the run."""

    def finished(self, ending: Ending, detail: str, left_out: frozenset[str]) -> RunFinished:
        """The last event of the run."""
