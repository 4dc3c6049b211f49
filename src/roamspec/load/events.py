"""From what a load counted to the events of a run, so that one aggregate gives one verdict: pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from roamspec.config.target_config import TargetConfig
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue
from roamspec.load.judging import judged_names
from roamspec.load.settings import LoadSettings
from roamspec.load.tally import RequirementCounts, Tally
from roamspec.results.events import (
    CheckFinished,
    Judgement,
    Outcome,
    RunFinished,
    RunStarted,
    TargetInfo,
)

PROFILE = "load"


def load_catalogue_of(catalogue: Catalogue, contract: Contract) -> Catalogue:
    """The requirements that a load can judge."""
    names = {
        f"{operation.slug}.{name}"
        for operation in contract.operations.values()
        for name in judged_names(catalogue, operation.slug)
    }
    return replace(catalogue, by_id={n: r for n, r in catalogue.items() if n in names})


def load_started(settings: LoadSettings, target: TargetInfo, started_at: str) -> RunStarted:
    """The first event: one check for each of the five operations."""
    return RunStarted(target, PROFILE, settings.plan.seed, started_at, 5, settings.selected)


def target_info(settings: LoadSettings, config: TargetConfig) -> TargetInfo:
    """What is loaded; `config` has its address, once an embedded emulator has one."""
    kind: Literal["emulator", "service"] = "emulator" if settings.config.embedded else "service"
    return TargetInfo(kind, config.base_url or "", str(config.main.key) if config.main else "")


def events_of(tally: Tally, contract: Contract, duration_s: float) -> Iterator[CheckFinished | RunFinished]:
    """What was found about each operation, and how the load ended."""
    for operation in contract.operations.values():
        own = {n: c for n, c in tally.judged.items() if n.startswith(f"{operation.slug}.")}
        judgements = tuple(_judgement(name, counts) for name, counts in own.items())
        failed = any(judgement.verdict == "fail" for judgement in judgements)
        outcome: Outcome = "fail" if failed else "pass" if judgements else "inconclusive"
        yield CheckFinished(f"load::{operation.name}", outcome, duration_s, judgements)
    notes = [*tally.notes, *_set_up_note(tally)]
    yield RunFinished(duration_s, tally.requests, tally.ending, tally.detail, tuple(notes))


def _judgement(name: str, counts: RequirementCounts) -> Judgement:
    if not counts.failed:
        return Judgement(name, "pass")
    assert counts.first is not None
    assert counts.first.failure is not None
    of = counts.failed + counts.passed
    actual = f"{counts.first.failure.actual} ({counts.failed} of {of} judgements failed)"
    return replace(counts.first, failure=replace(counts.first.failure, actual=actual))


def _set_up_note(tally: Tally) -> Iterator[str]:
    if tally.setup_failures:
        yield (
            f"Users, messages or lists could not be arranged or read {tally.setup_failures} times; the first "
            f"time: {tally.setup_failure}"
        )
