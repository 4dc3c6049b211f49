"""What a worker process gets from the process that was called, and the session that it opens with it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Requirement
from roamspec.contract.revisions import catalogue_at
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.runner.planning import Plan
from roamspec.runner.settings import Keep
from roamspec.runner.shard_part import ShardPart
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session, open_session
from roamspec.shard import Shard
from roamspec.suite.exploration_limits import MOST_REQUESTS, ExplorationEffort
from roamspec.transport.rate_limiter import RateLimiter
from roamspec.world.variety import Variety

WORKER_INPUT = "roamspec"


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """What the process that was called hands to each of its `count` workers.

    `mark` begins the marks of all of them, so that what one of them leaves behind is known to be this run's.
    `rate` is the allowed calls per second of all workers together, 0 for no limit; `shown` and `strict` say
    what pytest reports of each requirement.
    """

    count: int
    mark: str
    config: TargetConfig
    found: PreflightResult
    effort: ExplorationEffort
    selected: frozenset[str] | None
    rate: float | None
    report_dir: Path
    embedded: bool
    counted_in: Path | None = None
    shown: bool = False
    strict: bool = False
    revision: int | None = None
    further_requirements: tuple[Requirement, ...] = ()
    keep: Keep = "nothing"
    accepted: Mapping[str, str] = field(default_factory=dict)
    """IDs whose failures do not count, with the reasons."""
    shard: Shard | None = None
    durations: Mapping[str, float] = field(default_factory=dict)
    """As in `RunSettings`."""


class WorkerRun:
    """A session of its own on the target, with what the preflight of another process has found."""

    def __init__(self, work: WorkerInput) -> None:
        self._work = work
        self._contract = load_contract()
        catalogue = catalogue_at(work.revision, contract=self._contract).extended(work.further_requirements)
        self.plan = Plan(catalogue, self._contract, work.effort.profile, work.selected)
        self.effort = work.effort
        self.part = ShardPart(work.shard, work.durations) if work.shard else None
        self._session: Session | None = None
        self.requests = 0
        self.notes: list[str] = []
        self.lags_s: dict[str, float] = {}

    def open(self) -> Session:
        """This worker's session, opened once, with its part of the rate."""
        if self._session is None:
            work = self._work
            shards = work.shard.count if work.shard and not work.embedded else 1
            names = NameSource(work.mark + os.environ["PYTEST_XDIST_WORKER"], seed=self.effort.seed)
            ledger = begin_ledger(work.report_dir, names, work.config, embedded=work.embedded)
            pacer = RateLimiter(work.rate, share=1 / (work.count * shards))
            self._session = session = open_session(
                work.config,
                self._contract,
                identity=RunIdentity(names, ledger),
                limits=RequestLimits(pacer, self._most_requests, work.counted_in),
                found=work.found,
            )
            if shards > 1:
                session.exclusive = False  # the other shards call it
            session.variety = Variety(self.effort.seed)
            if "short-lived-tokens" in session.capabilities.found:
                session.prepare_short_token()
        return self._session

    @property
    def _most_requests(self) -> int:
        profile = self.effort.profile
        divided = self.part is not None and not self._work.embedded
        return self.part.bound(profile) if self.part and divided else MOST_REQUESTS[profile]

    def close(self) -> None:
        """Remove what this worker made; afterwards `requests` and `notes` say what it did."""
        session, self._session = self._session, None
        if session is None:
            return
        try:
            left = clean_up(session)
            self.notes += session.notes
            if left:
                self.notes.append(
                    f"{len(left)} objects could not be removed; `roamspec cleanup` tries again."
                )
        finally:
            self.lags_s = session.lags_s
            self.requests += session.client.requests
            session.close()
