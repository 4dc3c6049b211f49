"""Which documented requirements the responses break that differ from a recording's.

The check of the recording runs on the responses. Where it reacts to them with requests that nobody sent, such
as for a further page, it runs on the emulator itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import SuiteError
from roamspec.interruption import Interruption
from roamspec.recording.capture import PREFLIGHT, CaptureSessionProvider
from roamspec.recording.cassette import Cassette
from roamspec.recording.parity_client import ParityExchange
from roamspec.recording.replay import Replay, ReplaySessionProvider, no_network
from roamspec.results.events import CheckFinished, Event, Judgement, RunStarted, TargetInfo
from roamspec.runner.engine import Engine
from roamspec.runner.planning import Plan
from roamspec.runner.session_provider import SessionProvider
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort
from roamspec.transport.http_client import KEPT_BODY_BYTES


@dataclass(frozen=True, slots=True)
class BrokenRequirements:
    """Documented requirements that a check found broken, and the places of the responses that it accuses; or
    the `problem` because of which it did not come to its end."""

    promises: tuple[str, ...] = ()
    places: frozenset[int] = frozenset()
    problem: str = ""


def broken_requirements(
    config: TargetConfig, recordings: Replay, delivered: Mapping[str, ParityExchange], work_dir: Path
) -> dict[str, BrokenRequirements]:
    """What the check of each recording says of the responses that came now; the preflight judges nothing."""
    checks = set(delivered) - {PREFLIGHT}
    finished = _on_answers(recordings, delivered, checks) if checks else {}
    strayed = {check for check, event in finished.items() if event.detail}
    if strayed:
        finished |= _on_target(config, strayed, work_dir)
    return {
        check: _broken(each, finished[check]) if check in finished else BrokenRequirements()
        for check, each in delivered.items()
    }


def _broken(delivered: ParityExchange, event: CheckFinished) -> BrokenRequirements:
    catalogue = load_catalogue(contract=load_contract())
    failed = [
        judgement
        for judgement in event.judgements
        if judgement.verdict == "fail" and catalogue[judgement.requirement].decisive
    ]
    places = frozenset(place for judgement in failed for place in _attributed(delivered.answered, judgement))
    return BrokenRequirements(tuple(judgement.requirement for judgement in failed), places, event.detail)


def _attributed(answered: Cassette, judgement: Judgement) -> list[int]:
    exchanges = judgement.failure.exchanges if judgement.failure else ()
    return [place for exchange in exchanges for place in _places(answered, exchange)]


def _places(cassette: Cassette, exchange: Mapping[str, Any]) -> list[int]:
    """Where in a recording an exchange stands that a failure shows."""
    wanted = exchange["method"], exchange["url"], exchange["response_body"][:KEPT_BODY_BYTES]
    return [
        place
        for place, each in enumerate(cassette.interactions)
        if (each.sent.method, each.sent.url, each.received.body[:KEPT_BODY_BYTES]) == wanted
    ]


def _on_answers(
    recordings: Replay, delivered: Mapping[str, ParityExchange], checks: Collection[str]
) -> dict[str, CheckFinished]:
    answered = {check: (Path(check), delivered[check].answered) for check in checks}
    # Everything stands on what the preflight found; it is that of the recording for all.
    answered[PREFLIGHT] = recordings.recorded[PREFLIGHT]
    # Checks look again for an effect that does not come.
    provider = _Answers(replace(recordings, recorded=answered), load_contract(), repeats=True)
    with no_network():
        return _finished_checks(provider, provider.preflight, recordings.target)


def _on_target(config: TargetConfig, checks: Collection[str], work_dir: Path) -> dict[str, CheckFinished]:
    provider = _Live(config, load_contract(), kind="service", work_dir=work_dir)
    provider.wanted = checks
    assert config.main
    assert config.base_url
    try:
        return _finished_checks(
            provider, provider.preflight, TargetInfo("service", config.base_url, str(config.main.key))
        )
    finally:
        provider.abandon()


def _finished_checks(
    provider: SessionProvider, preflight: Callable[[], Session], target: TargetInfo
) -> dict[str, CheckFinished]:
    contract = load_contract()
    plan = Plan(load_catalogue(contract=contract), contract, "standard", None)
    finished: dict[str, CheckFinished] = {}

    def listen(event: Event) -> None:
        if isinstance(event, CheckFinished):
            finished[event.check] = event

    engine = Engine(plan, preflight(), ExplorationEffort(seed=0), listen, provider=provider)
    ending, detail = engine.run(lambda planned: RunStarted(target, "standard", 0, "", planned, None))
    if ending == "interrupted":
        raise Interruption(detail)
    if ending != "complete":
        raise SuiteError(f"the responses could not all be judged: {detail}.")
    return finished


class _Answers(ReplaySessionProvider):
    """Judges the checks that have something to judge, and leaves the others out."""

    def takes(self, check: str, *, generative: bool) -> bool:
        return check in self._recordings.recorded and super().takes(check, generative=generative)


class _Live(CaptureSessionProvider):
    """Runs a few checks on the target."""

    wanted: Collection[str] = ()

    def takes(self, check: str, *, generative: bool) -> bool:
        return check in self.wanted and super().takes(check, generative=generative)
