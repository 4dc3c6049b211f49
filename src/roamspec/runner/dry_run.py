"""What a run would do: found out on an embedded emulator, with nothing sent to the target."""

import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Requirement
from roamspec.contract.revisions import catalogue_at
from roamspec.errors import SuiteError
from roamspec.interruption import Interruption
from roamspec.results.events import CheckFinished, Event, RunStarted, TargetInfo
from roamspec.runner.cleanup import clean_up
from roamspec.runner.engine import Engine
from roamspec.runner.planning import Plan
from roamspec.runner.preflight import Preflight
from roamspec.runner.settings import RunSettings, effort_of
from roamspec.runner.shard_part import ShardPart
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import open_session
from roamspec.shard import Shard
from roamspec.suite.exploration_limits import MOST_REQUESTS
from roamspec.temporary import temporary_directory
from roamspec.transport.rate_limiter import RateLimiter
from roamspec.world.variety import Variety


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call: what it counts against, and when it was sent (seconds)."""

    bucket: str
    at_s: float


class RecordingRateLimiter(RateLimiter):
    """Lets every call pass at once, and writes down which limit it counts against."""

    def __init__(self) -> None:
        super().__init__(0)
        self.calls: list[PlannedCall] = []

    def wait(self, bucket: str) -> None:
        """Note the call; never waits."""
        self.calls.append(PlannedCall(bucket, time.monotonic()))


@dataclass(frozen=True, slots=True)
class DryRun:
    """What was found out. `reasons` say why a requirement could not be judged, or why it was not run;
    `limits` are calls per second by bucket, 0 for none; `duration_s` is at those limits."""

    requirements: tuple[Requirement, ...]
    reasons: Mapping[str, str]
    checks: int
    calls: Mapping[str, int]
    limits: Mapping[str, float]
    duration_s: float
    shard: Shard | None = None

    @property
    def requests(self) -> int:
        """How many requests the run would send."""
        return sum(self.calls.values())


def dry_run(settings: RunSettings) -> DryRun:
    """Run the selected checks in one process on an embedded emulator that offers no more apps and
    devices than the target's configuration does."""
    contract = load_contract()
    catalogue = catalogue_at(settings.revision, contract=contract)
    chosen = catalogue.select(settings.requirements)
    selected = frozenset(r.id for r in chosen) if settings.requirements else None
    findings = _Findings(selected)
    listening, began = RecordingRateLimiter(), time.monotonic()
    with temporary_directory() as folder, EmbeddedEmulator() as emulator:
        config = _no_more_than(embedded_config(settings.config, emulator.ready()), settings.config)
        session = open_session(
            config,
            contract,
            identity=RunIdentity(NameSource(seed=settings.seed)),
            limits=RequestLimits(listening, MOST_REQUESTS[settings.profile]),
        )
        session.variety = Variety(settings.seed)
        plan = Plan(catalogue, contract, settings.profile, selected)
        effort = effort_of(replace(settings, report_dir=Path(folder)), os.environ)
        try:
            Preflight(session).run()
            part = ShardPart(settings.shard, settings.durations) if settings.shard else None
            ending, detail = Engine(plan, session, effort, findings, part=part).run(
                lambda planned: RunStarted(
                    TargetInfo("emulator", "", ""), settings.profile, settings.seed, "", planned, selected
                )
            )
            clean_up(session)
        finally:
            session.close()
    if ending == "interrupted":
        raise Interruption(detail)
    if ending != "complete":
        raise SuiteError(f"the rehearsal on the embedded emulator did not finish: {detail}.")
    pacer_rate = 0 if settings.config.embedded else settings.config.rate
    share = 1 / settings.shard.count if settings.shard else 1.0
    counts = Counter(call.bucket for call in listening.calls)
    return DryRun(
        requirements=tuple(chosen),
        reasons=findings.open(chosen, settings.shard),
        shard=settings.shard,
        checks=findings.checks,
        calls=counts,
        limits={bucket: RateLimiter(pacer_rate, share=share).limit(bucket) for bucket in counts},
        duration_s=paced(listening.calls, began, pacer_rate, share=share),
    )


def paced(calls: Sequence[PlannedCall], began_s: float, rate: float | None, *, share: float = 1.0) -> float:
    """How many seconds the same calls take, with the same pauses between them, at a `share` of `rate`."""
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    pacer = RateLimiter(rate, share=share, clock=lambda: now, sleep=sleep)
    before = began_s
    for call in calls:
        now += call.at_s - before
        before = call.at_s
        pacer.wait(call.bucket)
    return now


def _no_more_than(config: TargetConfig, target: TargetConfig) -> TargetConfig:
    if target.embedded:
        return config
    return replace(
        config,
        neighbour=config.neighbour if target.neighbour else None,
        closed=config.closed if target.closed else None,
        observer_url=config.observer_url if target.observer_url else None,
    )


class _Findings:
    """Listens to the events for what is judged, and what is not, and why."""

    def __init__(self, selected: frozenset[str] | None) -> None:
        self._selected = selected
        self._judged: set[str] = set()
        self._reasons: dict[str, str] = {}
        self.checks = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, CheckFinished):
            self.checks += 1
            for judgement in event.judgements:
                if judgement.verdict == "inconclusive":
                    self._reasons[judgement.requirement] = judgement.reason
                else:
                    self._judged.add(judgement.requirement)

    def open(self, chosen: Sequence[Requirement], shard: Shard | None = None) -> dict[str, str]:
        """Of the requirements that would not be judged: why."""
        absent = f"no check of shard {shard} judges it" if shard else "no check of this profile covers it"
        return {
            one.id: one.unchecked or self._reasons.get(one.id, absent)
            for one in chosen
            if one.id not in self._judged
        }
