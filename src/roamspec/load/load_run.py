"""A load from the preflight to the clean-up, told in events as a run is."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.load.children import LoadProcesses, Progress
from roamspec.load.events import events_of, load_started, target_info
from roamspec.load.pacing import LoadPacer
from roamspec.load.settings import LoadSettings
from roamspec.load.tally import Tally
from roamspec.load.task import LoadTask
from roamspec.results.events import Listener, rfc3339
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.runner.orphan_cleanup import earlier_leftovers, remove_left_by_workers
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import open_session
from roamspec.transport.rate_limiter import RateLimiter

_RATE_OF_A_WORKER: Final = 10.0


class LoadRun:
    """One load; afterwards `tally` has what all processes counted."""

    def __init__(self, settings: LoadSettings, progress: Progress) -> None:
        self._settings = settings
        self.plan = settings.plan
        self._progress = progress
        self.tally = Tally()

    def play(self, listeners: Sequence[Listener]) -> None:
        """Run it, and tell what was found; a RoamspecError when the target could not be loaded at all."""
        began, started_at = time.monotonic(), rfc3339(datetime.now(UTC))
        settings = self._settings
        with _target(settings) as config:
            started = load_started(settings, target_info(settings, config), started_at)
            for listener in listeners:
                listener(started)
            try:
                self._run(config)
            except BaseException:
                # What was seen before an interrupt counts as well.
                if self.tally.calls:
                    self._tell(listeners, began)
                raise
            self._tell(listeners, began)

    def _tell(self, listeners: Sequence[Listener], began: float) -> None:
        for event in events_of(self.tally, load_contract(), time.monotonic() - began):
            for listener in listeners:
                listener(event)

    def _run(self, config: TargetConfig) -> None:
        settings = self._settings
        names = NameSource()
        found, requests, notes = (
            (PreflightResult(), 0, list[str]())
            if settings.place == "master"
            else _looked_at(settings, config, names)
        )
        task = LoadTask(
            role="alone" if settings.place == "here" else settings.place,
            config=config,
            found=found,
            mark=names.run_prefix,
            report_dir=settings.report_dir.absolute(),
            embedded=settings.config.embedded,
            within_limits=settings.within_limits,
            plan=None if settings.place == "worker" else settings.plan,
            host=settings.host,
            port=settings.port,
            most_rate=settings.most_rate,
        )
        workers = settings.plan.workers if settings.place == "here" else 1
        processes = LoadProcesses(task, workers, self._progress)
        try:
            processes.run()
        finally:
            self.tally = processes.tally
            self.tally.requests += requests
            self.tally.notes = [*notes, *self.tally.notes]
            left = remove_left_by_workers(settings.report_dir, names.run_prefix, config)
        if left:
            self.tally.notes.append(
                f"{left} objects that the run created could not be removed; `roamspec cleanup` tries again."
            )


@contextmanager
def _target(settings: LoadSettings) -> Iterator[TargetConfig]:
    if not settings.config.embedded:
        yield settings.config
        return
    with EmbeddedEmulator(settings.faults) as emulator:
        yield embedded_config(settings.config, emulator.ready())


def _pacer_of_preflight(settings: LoadSettings) -> RateLimiter:
    """As the load itself; workers look at a target at the same time, before their master has told them of a
    rate."""
    if settings.config.embedded:
        return RateLimiter(0)
    rate = settings.plan.rate
    if settings.place == "worker":
        rate = settings.most_rate or _RATE_OF_A_WORKER
    return LoadPacer(rate, share=1, within_limits=settings.within_limits)


def _looked_at(
    settings: LoadSettings, config: TargetConfig, names: NameSource
) -> tuple[PreflightResult, int, list[str]]:
    """What this target lets us arrange and observe, what that cost, and what a person should know of it."""
    earlier = earlier_leftovers(settings.report_dir)
    # Nothing of these two is needed, and a load writes to one app alone.
    config = replace(config, neighbour=None, closed=None)
    session = open_session(
        config,
        load_contract(),
        identity=RunIdentity(
            names, begin_ledger(settings.report_dir, names, config, embedded=settings.config.embedded)
        ),
        limits=RequestLimits(_pacer_of_preflight(settings)),
    )
    try:
        try:
            Preflight(session).run()
        finally:
            clean_up(session)
        return PreflightResult.of(session), session.client.requests, [*earlier, *session.notes]
    finally:
        session.close()
