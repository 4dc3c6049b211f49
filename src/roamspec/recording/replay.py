"""`replay`: judges recorded exchanges with today's contract and checks, without any network."""

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from pytest_recording.network import block, unblock

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.errors import SuiteError, UsageError
from roamspec.recording.capture import PREFLIGHT
from roamspec.recording.cassette import Cassette, Provenance
from roamspec.recording.devices import ReplayedDevices
from roamspec.recording.documented import check_documented
from roamspec.recording.files import read_folder
from roamspec.recording.playback import Playback
from roamspec.recording.replay_session import open_replay
from roamspec.recording.staleness import OLDEST_DAYS, old_recordings
from roamspec.recording.transports import Refusing, Replaying
from roamspec.recording.virtual_clock import VirtualClock
from roamspec.results.events import (
    CheckFinished,
    Event,
    Judgement,
    Listener,
    RunFinished,
    RunStarted,
    TargetInfo,
    rfc3339,
)
from roamspec.runner.engine import Engine
from roamspec.runner.planning import Plan
from roamspec.runner.preflight import Preflight
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort

AGAIN = "record again"


@dataclass(frozen=True, slots=True)
class Replay:
    """What is replayed: the recordings of one folder, by check; `documented` are those of documents."""

    place: Path
    recorded: Mapping[str, tuple[Path, Cassette]]
    documented: Mapping[Path, Cassette]

    @property
    def origin(self) -> Provenance:
        """Where most of it comes from."""
        if PREFLIGHT in self.recorded:
            return self.recorded[PREFLIGHT][1].provenance
        every = [cassette for _, cassette in self.recorded.values()] or list(self.documented.values())
        return every[0].provenance

    @property
    def target(self) -> TargetInfo:
        """What the report names as the target."""
        main = self.origin.apps["main"].replace("/", "#")
        return TargetInfo("cassette", self.origin.base_url, main)


def open_recordings(place: Path) -> Replay:
    """Read a folder; UsageError for a damaged file, for two of one check, and for a lacking preflight."""
    recorded: dict[str, tuple[Path, Cassette]] = {}
    documented: dict[Path, Cassette] = {}
    for file, cassette in read_folder(place).items():
        if cassette.documented:
            documented[file] = cassette
            continue
        check = cassette.provenance.check
        if check in recorded:
            raise UsageError(f"{file}: a recording of {check} like {recorded[check][0]}; remove one of them.")
        recorded[check] = file, cassette
    if recorded and PREFLIGHT not in recorded:
        raise UsageError(f"{place} has no recording of the preflight, which every replay needs; {AGAIN}.")
    return Replay(place, recorded, documented)


def replay(
    recordings: Replay,
    listeners: Sequence[Listener],
    *,
    requirements: Sequence[str] = (),
    oldest_days: int = OLDEST_DAYS,
    today: date | None = None,
) -> None:
    """Judge the recordings; every listener hears the events of a run. `requirements` as in RunSettings.

    Raises a RoamspecError for whatever stops it before the first check.
    """
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    selected = frozenset(r.id for r in catalogue.select(requirements)) if requirements else None
    began = time.monotonic()

    def emit(event: Event) -> None:
        for listener in listeners:
            listener(event)

    def started(planned: int) -> RunStarted:
        now = rfc3339(datetime.now(UTC))
        more = len(recordings.documented)
        return RunStarted(recordings.target, "standard", 0, now, planned + more, selected)

    notes = notes_on(recordings, contract, oldest_days, today or datetime.now(UTC).date())
    left_out: frozenset[str] = frozenset()
    with no_network():
        if recordings.recorded:
            provider = ReplaySessionProvider(recordings, contract)
            plan = Plan(catalogue, contract, "standard", selected)
            engine = Engine(plan, provider.preflight(), ExplorationEffort(seed=0), emit, provider=provider)
            ending, detail = engine.run(started)
            for event in provider.unused():
                emit(event)
            requests, left_out = provider.requests, engine.left_out
        else:
            emit(started(0))
            ending, detail, requests = "complete", "", 0
        for file, cassette in recordings.documented.items():
            emit(check_documented(file, cassette, contract, catalogue, selected))
            requests += len(cassette.interactions)
    emit(RunFinished(time.monotonic() - began, requests, ending, detail, tuple(notes), left_out))


class ReplaySessionProvider:
    """Each check on its own recording."""

    def __init__(self, recordings: Replay, contract: Contract, *, repeats: bool = False) -> None:
        """`repeats` as for `Playback`."""
        self._repeats = repeats
        self._recordings = recordings
        self._contract = contract
        self._found = PreflightResult()
        self._there_are: set[str] = set()
        self._open: dict[str, tuple[Session, Playback | None, ReplayedDevices]] = {}
        self.requests = 0

    def takes(self, check: str, *, generative: bool) -> bool:  # noqa: ARG002
        """Everything but checks that draw their calls, which are never recorded."""
        return not generative

    def preflight(self) -> Session:
        """What the target of the recording let us do; SuiteError when the preflight does otherwise today."""
        session = self.begin(PREFLIGHT)
        Preflight(session).run()
        self._found = PreflightResult.of(session)
        problem = self.end(PREFLIGHT, (), "")
        if problem:
            raise SuiteError(problem)
        return session

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Remember which checks there are."""
        self._there_are = {check for check, judged in checks if judged}

    def begin(self, check: str) -> Session:
        """A session that gets the recorded responses; without a recording its first request is an error of
        the suite."""
        file, cassette = self._recordings.recorded.get(check, (self._recordings.place, None))
        clock = VirtualClock()
        script: Playback | None = None
        transport: httpx.BaseTransport
        if cassette is None:
            sentence = f"{file} has no recording of the check {check}; {AGAIN}."
            transport = Refusing(sentence)
        else:
            script = Playback(
                cassette.interactions, name=str(file), key=lambda sent: sent, repeats=self._repeats
            )
            transport = Replaying(script, clock)
        devices = ReplayedDevices(
            list(cassette.devices if cassette else ()),
            lambda: script.served if script else 0,
            clock,
            name=str(file),
        )
        origin = cassette.provenance if cassette else self._recordings.origin
        session = open_replay(origin, self._contract, transport, clock, devices.connect, self._found)
        self._open[check] = session, script, devices
        return session

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:  # noqa: ARG002
        """Says when the check left recorded exchanges or notifications unused."""
        session, script, devices = self._open.pop(check)
        session.close()
        if script is None:
            return detail
        self.requests += script.served
        return detail or script.left_over() or devices.left_over()

    def unused(self) -> Iterator[CheckFinished]:
        """Recordings that no check asks for any more are errors of their own."""
        for check, (file, _) in self._recordings.recorded.items():
            if check != PREFLIGHT and check not in self._there_are:
                detail = f"{file}: there is no check {check}; remove the recording, or {AGAIN}."
                yield CheckFinished(check, "error", 0.0, (), detail)


@contextlib.contextmanager
def no_network() -> Iterator[None]:
    """Every attempt to connect fails inside."""
    block()
    try:
        yield
    finally:
        unblock()


def notes_on(recordings: Replay, contract: Contract, oldest_days: int, today: date) -> list[str]:
    """What a person should know of the age of recordings."""
    cassettes = [*(c for _, c in recordings.recorded.values()), *recordings.documented.values()]
    notes = old_recordings(cassettes, oldest_days, today)
    # What a document shows does not depend on the contract of the day.
    ours = [cassette for cassette in cassettes if cassette.provenance.kind != "documented"]
    others = sum(cassette.provenance.contract != contract.sha256 for cassette in ours)
    if others:
        notes.append(
            f"{others} of {len(ours)} recordings were made with an earlier contract; they were judged by "
            "the current one."
        )
    return notes


def selected_of(catalogue: Catalogue, patterns: Sequence[str]) -> tuple[str, ...]:
    """The IDs that patterns select, empty for all."""
    return tuple(requirement.id for requirement in catalogue.select(patterns)) if patterns else ()
