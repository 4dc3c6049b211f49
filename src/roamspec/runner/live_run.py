"""One run's target: started, looked at by the preflight, and left as it was found."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.revisions import catalogue_at
from roamspec.generative import corpus
from roamspec.interruption import end_time_limit
from roamspec.results.events import CheckFinished, Ending, RunFinished, RunStarted, TargetInfo, rfc3339
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.runner.orphan_cleanup import earlier_leftovers, remove_left_by_workers
from roamspec.runner.planning import Plan
from roamspec.runner.preflight import Preflight
from roamspec.runner.session_provider import SharedSessionProvider
from roamspec.runner.settings import RunSettings, effort_of
from roamspec.runner.shard_part import ShardPart, part_of_run
from roamspec.runner.worker import WorkerInput
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session, open_session
from roamspec.suite.exploration_limits import MOST_REQUESTS
from roamspec.temporary import temporary_file
from roamspec.transport.rate_limiter import RateLimiter
from roamspec.world.variety import Variety


class LiveRun:
    """A session on the target that `settings` name; an embedded emulator lives as long as it is open."""

    def __init__(self, settings: RunSettings, *, share: float = 1.0) -> None:
        """A UsageError for what cannot be run. `share` of the allowed rate and of the requests is this run's,
        where others run on the same target."""
        self.settings = settings
        self.part = ShardPart(settings.shard, settings.durations) if settings.shard else None
        # Each shard has an embedded emulator of its own, and a service is called by all of them.
        self._shards = settings.shard.count if settings.shard and not settings.config.embedded else 1
        self._share = share / self._shards
        self.contract = load_contract()
        catalogue = catalogue_at(settings.revision, contract=self.contract)
        self.catalogue = catalogue.extended(settings.further_requirements)
        chosen = self.catalogue.select(settings.requirements)
        self.selected = frozenset(r.id for r in chosen) if settings.requirements else None
        self.plan = Plan(self.catalogue, self.contract, settings.profile, self.selected)
        self.effort = effort_of(settings, os.environ)
        if self.effort.corpus is not None:
            corpus.read(self.effort.corpus)  # what cannot be read stops the run before it sends anything
        self._began = time.monotonic()
        self._started_at = rfc3339(datetime.now(UTC))
        self._resources = contextlib.ExitStack()
        self._emulator: EmbeddedEmulator | None = None
        self._session: Session | None = None
        self._counted_in: Path | None = None
        self._closed = False
        self.config = settings.config
        self.contract_sha256 = self.contract.sha256
        self.strict = settings.strict
        self.max_failures = settings.max_failures
        self.accepted = settings.accepted
        self.provider = SharedSessionProvider(self.open)
        self.overlaps = settings.workers == 1

    @property
    def secrets(self) -> Sequence[str]:
        """What no file may contain."""
        return self.config.secrets

    @property
    def kind(self) -> Literal["emulator", "service"]:
        """Whether the target is the run's own emulator or a service."""
        return "emulator" if self.settings.config.embedded else "service"

    @property
    def info(self) -> TargetInfo:
        """The target; its address is empty as long as an embedded emulator does not run."""
        app_key = str(self.config.main.key) if self.config.main else ""
        return TargetInfo(self.kind, self.config.base_url or "", app_key)

    @property
    def division(self) -> str:
        """How the checks are divided among shards, once that is known; empty for a whole run."""
        return str(self.part.division or "") if self.part else ""

    @property
    def session(self) -> Session | None:
        """The session, once it is open."""
        return self._session

    def start(self) -> None:
        """Let an embedded emulator start, and do not wait for it."""
        settings = self.settings
        files = [word for file in settings.fault_files for word in ("--fault-file", str(file))]
        if settings.config.embedded and self._emulator is None:
            self._emulator = self._resources.enter_context(EmbeddedEmulator(settings.faults, options=files))

    def open(self) -> Session:
        """The run's session, after its preflight; the emulator is started for it if need be. TargetError when
        the target cannot be tested."""
        if self._session is not None:
            return self._session
        self.start()
        if self._emulator is not None:
            self.config = embedded_config(self.settings.config, self._emulator.ready())
        folder, names = self.settings.report_dir, NameSource(seed=self.settings.seed)
        earlier = earlier_leftovers(folder)
        ledger = begin_ledger(folder, names, self.config, embedded=self.kind == "emulator")
        self._session = session = open_session(
            self.config,
            self.contract,
            identity=RunIdentity(names, ledger),
            limits=RequestLimits(
                RateLimiter(self._rate, share=self._share), self._most_requests, self._counter()
            ),
            found=self.settings.found,
        )
        if self._shards > 1:
            session.exclusive = False
        session.notes += earlier
        session.variety = Variety(self.settings.seed)
        session.tell = self.settings.tell or session.tell
        if self.settings.found is None:
            session.hasten(self.settings.haste)
            Preflight(session).run()
        elif "short-lived-tokens" in session.capabilities.found:
            session.prepare_short_token()
        return session

    @property
    def _most_requests(self) -> int:
        """0 for any number: a campaign ends with its time."""
        if self.settings.campaign_s:
            return 0
        profile = self.settings.profile
        if self._shards == 1:
            return int(MOST_REQUESTS[profile] * self._share)
        # The process that was called does not know the checks of its workers; these bound what they send.
        known = self.part is not None and self.part.division is not None
        return self.part.bound(profile) if self.part and known else MOST_REQUESTS[profile]

    @property
    def _rate(self) -> float | None:
        return 0 if self.kind == "emulator" else self.settings.config.rate

    def _counter(self) -> Path | None:
        """Where several processes count their requests; None when this one does it all."""
        if self.settings.workers == 1:
            return None
        self._counted_in = temporary_file("roamspec-requests-")
        return self._counted_in

    def worker_input(self, *, shown: bool) -> WorkerInput:
        """What each of several processes needs to run checks on the same target; opens it."""
        session = self.open()
        return WorkerInput(
            count=self.settings.workers,
            mark=session.names.run_prefix,
            config=self.config,
            found=PreflightResult.of(session),
            effort=self.effort,
            selected=self.selected,
            rate=self._rate,
            report_dir=self.settings.report_dir,
            embedded=self.kind == "emulator",
            counted_in=self._counted_in,
            revision=self.settings.revision,
            shown=shown,
            strict=self.settings.strict,
            further_requirements=self.settings.further_requirements,
            keep=self.settings.keep,
            accepted=self.settings.accepted,
            shard=self.settings.shard,
            durations=self.settings.durations,
        )

    @property
    def requests(self) -> int:
        """How many requests this process and the workers have sent."""
        session = self._session
        return session.client.requests + session.requests_elsewhere if session else 0

    def add_elsewhere(self, requests: int, notes: Sequence[str], lags_s: Mapping[str, float]) -> None:
        """Add what a worker reports: requests, notes, and the longest lags seen, in seconds."""
        if self._session is not None:
            self._session.lags_elsewhere_s = lags_s
            self._session.requests_elsewhere += requests
            self._session.notes += notes

    def further(self, ending: Ending, detail: str) -> Iterable[CheckFinished]:  # noqa: ARG002
        """Nothing but the checks is judged."""
        return ()

    def started(self, planned: int) -> RunStarted:
        """The first event, for so many planned checks."""
        settings = self.settings
        return RunStarted(
            self.info,
            settings.profile,
            settings.seed,
            self._started_at,
            planned,
            self.selected,
            self.effort.command,
            part_of_run(settings),
        )

    def finished(self, ending: Ending, detail: str, left_out: frozenset[str]) -> RunFinished:
        """The last event."""
        duration_s = time.monotonic() - self._began
        notes = tuple(self._session.notes) if self._session else ()
        lags_s = self._session.lags_s if self._session else {}
        return RunFinished(duration_s, self.requests, ending, detail, notes, left_out, lags_s)

    def close(self) -> None:
        """Remove what the run made, close the session, and stop the emulator; later calls do nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            end_time_limit()  # what was made is removed, however late it is
            if self._session is not None:
                self._clean(self._session)
        finally:
            if self._session is not None:
                self._session.close()
            if self._counted_in:
                self._counted_in.unlink(missing_ok=True)
            self._resources.close()

    def _clean(self, session: Session) -> None:
        left = len(clean_up(session))
        if self.settings.workers > 1 and self.settings.keep == "nothing":
            left += remove_left_by_workers(self.settings.report_dir, session.names.run_prefix, self.config)
        if left:
            session.notes.append(
                f"{left} objects that the run created could not be removed; `roamspec cleanup` tries again."
            )


@contextlib.contextmanager
def target_of(settings: RunSettings) -> Iterator[tuple[TargetConfig, Literal["emulator", "service"]]]:
    """The target as it can be called, and what it is; the embedded emulator lives inside the block."""
    if settings.config.base_url is not None:
        yield settings.config, "service"
        return
    with EmbeddedEmulator(settings.faults) as emulator:
        yield embedded_config(settings.config, emulator.ready()), "emulator"
