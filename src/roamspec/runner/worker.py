"""The pytest plugin of a worker process: a session of its own, with what the preflight found."""

import pickle
from dataclasses import dataclass
from pathlib import Path

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.revisions import catalogue_at
from roamspec.runner.checks import PROPERTY, Checks
from roamspec.runner.cleaning import begin_ledger, clean_up
from roamspec.runner.planning import Plan
from roamspec.suite.effort import MOST_REQUESTS, Effort
from roamspec.target.config import TargetConfig
from roamspec.target.names import Names
from roamspec.target.preflight_result import PreflightResult
from roamspec.target.session import Session, open_session
from roamspec.world.variety import Variety

WORKER_INPUT = "roamspec"
_SESSION = pytest.StashKey[Session]()
_CHECKS = pytest.StashKey[Checks]()


@dataclass(frozen=True, slots=True)
class WorkerInput:
    """What the process that was called hands to each of its `count` workers.

    `rate` is a worker's share of the allowed calls per second, 0 for no limit.
    """

    count: int
    config: TargetConfig
    found: PreflightResult
    effort: Effort
    selected: frozenset[str] | None
    rate: float | None
    report_dir: Path
    embedded: bool
    counted_in: Path | None = None
    revision: int | None = None


def pytest_configure(config: pytest.Config) -> None:
    """In a worker: open its session and register its checks. In the process that was called: nothing."""
    handed = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if handed is None:
        return
    work: WorkerInput = pickle.loads(handed)  # noqa: S301 - from our own process, over its own pipe
    contract = load_contract()
    names = Names(seed=work.effort.seed)
    session = open_session(
        work.config,
        contract,
        ledger=begin_ledger(work.report_dir, names, work.config, embedded=work.embedded),
        names=names,
        rate=work.rate,
        share=1 / work.count,
        most_requests=MOST_REQUESTS[work.effort.profile],
        counted_in=work.counted_in,
        found=work.found,
    )
    session.variety = Variety(work.effort.seed)
    if "short-lived-tokens" in session.capabilities.found:
        session.prepare_short_token()
    config.stash[_SESSION] = session
    catalogue = catalogue_at(work.revision, contract=contract)
    plan = Plan(catalogue, contract, work.effort.profile, work.selected)
    config.stash[_CHECKS] = Checks(plan, session, work.effort)
    config.pluginmanager.register(config.stash[_CHECKS], "roamspec-checks")


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
    left_out = sorted(session.config.stash[_CHECKS].left_out)
    output = {"requests": ours.door.requests, "notes": notes, "left_out": left_out}
    session.config.workeroutput[PROPERTY] = output  # type: ignore[attr-defined]
    ours.close()
