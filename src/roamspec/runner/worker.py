"""The pytest plugin of a worker process: a session of its own, with what the preflight found."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.runner.checks import PROPERTY, Checks
from roamspec.runner.cleaning import begin_ledger, clean_up
from roamspec.runner.planning import Plan
from roamspec.suite.effort import MOST_REQUESTS, Effort
from roamspec.target.capabilities import Capabilities
from roamspec.target.config import TargetConfig
from roamspec.target.names import Names
from roamspec.target.session import Session, open_session

WORKER_INPUT = "roamspec"
_SESSION = pytest.StashKey[Session]()


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """What the process that was called hands to each of its `count` workers.

    `mark` begins the marks of all of them, so that what one of them leaves behind is known to be this run's.
    `rate` is a worker's share of the allowed calls per second, 0 for no limit.
    """

    count: int
    mark: str
    config: TargetConfig
    capabilities: Capabilities
    effort: Effort
    selected: frozenset[str] | None
    rate: float | None
    report_dir: Path
    embedded: bool
    counted_in: Path | None = None


def pytest_configure(config: pytest.Config) -> None:
    """In a worker: open its session and register its checks. In the process that was called: nothing."""
    handed = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if handed is None:
        return
    work: WorkerInput = pickle.loads(handed)  # noqa: S301 - from our own process, over its own pipe
    contract = load_contract()
    names = Names(work.mark + config.workerinput["workerid"])  # type: ignore[attr-defined]
    session = open_session(
        work.config,
        contract,
        ledger=begin_ledger(work.report_dir, names, work.config, embedded=work.embedded),
        names=names,
        rate=work.rate,
        share=1 / work.count,
        most_requests=MOST_REQUESTS[work.effort.profile],
        counted_in=work.counted_in,
    )
    session.capabilities = work.capabilities
    session.door.messages_lag_s = work.capabilities.messages_lag_s
    for app in (session.main, session.neighbour):
        if app:
            app.asks_for_ids = work.capabilities.sends_ask_for_ids
    if "short-lived-tokens" in work.capabilities.found:
        session.prepare_short_token()
    config.stash[_SESSION] = session
    catalogue = load_catalogue(contract=contract)
    plan = Plan(catalogue, contract, work.effort.profile, work.selected)
    config.pluginmanager.register(Checks(plan, session, work.effort), "roamspec-checks")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove what this worker made, and tell how much it asked."""
    ours = session.config.stash.get(_SESSION, None)
    if ours is None:
        return
    left = clean_up(ours)
    notes = [
        *ours.notes,
        *([f"{len(left)} things could not be removed; `roamspec cleanup` tries again."] if left else []),
    ]
    output = {"requests": ours.door.requests, "notes": notes}
    session.config.workeroutput[PROPERTY] = output  # type: ignore[attr-defined]
    ours.close()
