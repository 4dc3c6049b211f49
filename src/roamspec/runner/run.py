"""One run, from the emulator's start to the last thing cleaned up."""

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.generative import corpus
from roamspec.report.events import Event, Listener, RunFinished, RunStarted, TargetInfo
from roamspec.runner.cleaning import begin_ledger, clean_up
from roamspec.runner.engine import Engine
from roamspec.runner.planning import Plan
from roamspec.runner.remains import earlier_remains
from roamspec.runner.settings import RunSettings, effort_of
from roamspec.runner.worker import WorkerInput
from roamspec.suite.effort import MOST_REQUESTS, Effort
from roamspec.target.config import TargetConfig
from roamspec.target.embedded import EmbeddedEmulator, embedded_config
from roamspec.target.names import Names
from roamspec.target.patience import Patience
from roamspec.target.preflight import Preflight
from roamspec.target.session import LONGEST_LIST_LAG_S, LONGEST_NOTICE_LAG_S, Session, open_session
from roamspec.world.variety import Variety

MOST_HASTE_FOR_NOTICES = 4.0
"""They come over a connection of their own, after the answer, also where nothing lags."""


def run(settings: RunSettings, listeners: Sequence[Listener]) -> None:
    """Run the checks that `settings` select; every listener hears every event.

    Raises a RoamspecError for whatever stops the run before its first check; what happens afterwards
    is told in RunFinished. KeyboardInterrupt ends the run early, after cleaning up.
    """
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    chosen = catalogue.select(settings.requirements)
    selected = frozenset(r.id for r in chosen) if settings.requirements else None
    effort = effort_of(settings, os.environ)
    if effort.corpus is not None:
        corpus.read(effort.corpus)  # what cannot be read stops the run before it sends anything
    began = time.monotonic()
    started_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def emit(event: Event) -> None:
        for listener in listeners:
            listener(event)

    with target_of(settings) as (config, kind):
        rate = 0 if kind == "emulator" else config.rate
        earlier, names = earlier_remains(settings.report_dir), Names(seed=settings.seed)
        ledger = begin_ledger(settings.report_dir, names, config, embedded=kind == "emulator")
        counted_in = _counter(settings)
        session = open_session(
            config,
            contract,
            ledger=ledger,
            names=names,
            rate=rate,
            # A campaign ends with its time.
            most_requests=0 if settings.campaign_s else MOST_REQUESTS[settings.profile],
            counted_in=counted_in,
        )
        session.notes += earlier
        session.variety = Variety(settings.seed)
        session.tell = settings.tell or session.tell
        session.patience = Patience(haste=settings.haste)
        session.arrival_patience = Patience(haste=settings.haste)
        session.list_patience = Patience(haste=settings.haste, first_s=LONGEST_LIST_LAG_S)
        session.notice_patience = Patience(
            haste=min(settings.haste, MOST_HASTE_FOR_NOTICES), first_s=LONGEST_NOTICE_LAG_S
        )
        plan = Plan(catalogue, contract, settings.profile, selected)
        engine = Engine(plan, session, effort, emit)
        try:
            try:
                Preflight(session).run()
                assert config.base_url is not None
                info = TargetInfo(kind, config.base_url, str(session.main.key))
                ending, detail = engine.run(
                    lambda planned: RunStarted(
                        info, settings.profile, settings.seed, started_at, planned, selected
                    ),
                    workers=_workers(settings, effort, config, session, selected, rate, counted_in),
                )
            finally:
                _clean(session)
            requests = session.door.requests + session.requests_elsewhere
            emit(RunFinished(time.monotonic() - began, requests, ending, detail, tuple(session.notes)))
        finally:
            session.close()
            if counted_in:
                counted_in.unlink(missing_ok=True)


def _counter(settings: RunSettings) -> Path | None:
    """Where several processes count their requests; None when this one does it all."""
    if settings.workers == 1:
        return None
    handle, name = tempfile.mkstemp(prefix="roamspec-requests-")
    os.close(handle)
    return Path(name)


def _workers(
    settings: RunSettings,
    effort: Effort,
    config: TargetConfig,
    session: Session,
    selected: frozenset[str] | None,
    rate: float | None,
    counted_in: Path | None,
) -> WorkerInput | None:
    """What several processes need; None when this one does it all."""
    if settings.workers == 1:
        return None
    return WorkerInput(
        count=settings.workers,
        config=config,
        capabilities=session.capabilities,
        effort=effort,
        selected=selected,
        rate=rate,
        report_dir=settings.report_dir,
        embedded=rate == 0,
        counted_in=counted_in,
    )


def _clean(session: Session) -> None:
    left = clean_up(session)
    if left:
        session.notes.append(
            f"{len(left)} things that the run made could not be removed; `roamspec cleanup` tries again."
        )


@contextlib.contextmanager
def target_of(settings: RunSettings) -> Iterator[tuple[TargetConfig, Literal["emulator", "service"]]]:
    """The target as it can be called, and what it is; the embedded emulator lives inside the block."""
    if settings.config.base_url is not None:
        yield settings.config, "service"
        return
    with EmbeddedEmulator(settings.faults) as emulator:
        yield embedded_config(settings.config, emulator.ready()), "emulator"
