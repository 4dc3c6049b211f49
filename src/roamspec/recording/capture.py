"""The stages of a recording: first on the target, then once more on what it answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from roamspec import __version__
from roamspec.config.target_config import TargetConfig
from roamspec.contract.operations import Contract
from roamspec.errors import RoamspecError
from roamspec.recording.cassette import Cassette, DeviceLog, Kind, Provenance
from roamspec.recording.devices import CapturedDevices, ReplayedDevices
from roamspec.recording.interactions import Interaction
from roamspec.recording.normalising_replay import NormalisingTransport
from roamspec.recording.replay_session import open_replay
from roamspec.recording.sanitiser import LOOPBACK_NAME, Sanitiser
from roamspec.recording.transports import Capturing
from roamspec.recording.virtual_clock import VirtualClock, real
from roamspec.results.events import Judgement
from roamspec.runner.cleanup import begin_ledger, clean_up
from roamspec.runner.preflight import Preflight
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session, open_session
from roamspec.transport.client_settings import StandIns
from roamspec.transport.rate_limiter import RateLimiter

PREFLIGHT = "preflight"
"""The check that comes before all others: what does the target let us arrange and observe?"""


@dataclass(frozen=True, slots=True)
class Raw:
    """What one check sent and heard, without secrets; `verdicts` by requirement.

    `problem` says why it shall not be kept.
    """

    interactions: list[Interaction]
    devices: list[DeviceLog]
    verdicts: Mapping[str, str]
    problem: str = ""


def verdicts_of(judgements: Sequence[Judgement]) -> dict[str, str]:
    """The verdict on each requirement."""
    return {judgement.requirement: judgement.verdict for judgement in judgements}


class CaptureSessionProvider:
    """The first pass: each check on a session of its own, with everything that its HTTP client sends."""

    def __init__(self, config: TargetConfig, contract: Contract, *, kind: Kind, work_dir: Path) -> None:
        self._config = config
        self._contract = contract
        self._kind = kind
        self._work_dir = work_dir
        self._pacer = RateLimiter(0 if kind == "emulator" else config.rate)
        self._open: dict[str, _Open] = {}
        self.found = PreflightResult()
        self.raw: dict[str, Raw] = {}
        self.judged: dict[str, Sequence[str]] = {}
        self.secrets: dict[str, None] = dict.fromkeys(config.secrets)
        self.requests = 0
        self.notes: list[str] = []

    def takes(self, check: str, *, generative: bool) -> bool:  # noqa: ARG002
        """Everything but checks that draw their calls, which no recording could answer."""
        return not generative

    def preflight(self) -> Session:
        """Find out what the target offers; the session is closed already."""
        session = self.begin(PREFLIGHT)
        try:
            Preflight(session).run()
        finally:
            self.end(PREFLIGHT, (), "")
        self.found = PreflightResult.of(session)
        return session

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Remember what each check judges."""
        self.judged = {check: judged for check, judged in checks if judged}

    def begin(self, check: str) -> Session:
        """A session of the check's own, whose exchanges and devices are written down."""
        clock, names = real(), NameSource()
        captured: list[Capturing] = []

        def around(inner: httpx.BaseTransport) -> httpx.BaseTransport:
            captured.append(Capturing(inner, clock))
            return captured[0]

        ledger = begin_ledger(self._work_dir, names, self._config, embedded=self._kind == "emulator")
        session = open_session(
            self._config,
            self._contract,
            identity=RunIdentity(names, ledger),
            limits=RequestLimits(self._pacer),
            stand_ins=StandIns(around=around, clock=clock, sleep=clock.sleep),
            found=self.found,
        )
        for app in self._config.apps:
            session.client.redactor.learn(app.credentials.client_id, "client-id")
        devices = CapturedDevices(lambda: len(captured[0].interactions), clock, self._config.network)
        session.connect_device = devices.connect
        self._open[check] = _Open(session, captured[0], devices)
        return session

    def abandon(self) -> None:
        """Clean up after checks that did not come to their end."""
        for check in list(self._open):
            self._close(check, self._open.pop(check).session)

    def _close(self, check: str, session: Session) -> None:
        try:
            left = clean_up(session)
        finally:
            self.requests += session.client.requests
            session.close()
        if left:
            self.notes.append(
                f"{check}: {len(left)} objects could not be removed; `roamspec cleanup` tries again."
            )
        self.notes += session.notes

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:
        """Keep what was captured without secrets, and remove what the check made."""
        opened = self._open.pop(check)
        session, capturing = opened.session, opened.capturing
        # What is cleaned up from here on is no part of the check.
        interactions, devices = list(capturing.interactions), opened.devices.logs
        self._close(check, session)
        known = session.client.redactor.known
        self.secrets |= dict.fromkeys(known)
        cleanser = Sanitiser(
            known,
            mark=session.names.run_prefix,
            base_url=session.client.base_url,
            shown_url=shown_url(self._kind, session.client.base_url),
        )
        verdicts = verdicts_of(judgements)
        failed = sorted(name for name, verdict in verdicts.items() if verdict == "fail")
        problem = detail or capturing.unusable or (f"it failed: {', '.join(failed)}" if failed else "")
        self.raw[check] = Raw(
            [cleanser.interaction(each) for each in interactions],
            [cleanser.device(each) for each in devices],
            verdicts,
            problem,
        )
        return detail


@dataclass(frozen=True, slots=True)
class _Open:
    session: Session
    capturing: Capturing
    devices: CapturedDevices


def shown_url(kind: Kind, base_url: str) -> str:
    """An emulator listens on another port each time; where a service is stays as it is."""
    return LOOPBACK_NAME if kind == "emulator" else base_url


class NormalisingSessionProvider:
    """The second pass: each check on the responses of the first, and what comes of it is a cassette."""

    def __init__(
        self,
        raw: Mapping[str, Raw],
        origin: Provenance,
        contract: Contract,
        *,
        judged: Mapping[str, Sequence[str]],
        step_ms: int,
        keep: Callable[[Cassette], None],
        refuse: Callable[[str, str], None],
    ) -> None:
        self._raw = raw
        self._origin = origin
        self._contract = contract
        self.judged = dict(judged)
        """The requirements of each check there is."""
        self._step_ms = step_ms
        self._keep = keep
        self._refuse = refuse
        self._open: dict[str, tuple[Session, NormalisingTransport, ReplayedDevices]] = {}
        self.found = PreflightResult()

    def takes(self, check: str, *, generative: bool) -> bool:  # noqa: ARG002
        """As in the first pass."""
        return not generative

    def preflight(self) -> Session:
        """The preflight on its own recording; RecordingMiss when it does not do again what it did."""
        session = self.begin(PREFLIGHT)
        Preflight(session).run()
        self.found = PreflightResult.of(session)
        problem = self.end(PREFLIGHT, (), "")
        if problem:
            raise RoamspecError(problem)
        return session

    def collected(self, checks: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Remember what each check judges."""
        self.judged = {check: judged for check, judged in checks if judged}

    def begin(self, check: str) -> Session:
        """A session that gets the captured responses, with fixed names, IDs and times."""
        raw = self._raw[check]
        clock = VirtualClock()
        settling = NormalisingTransport(raw.interactions, clock, name=check, step_ms=self._step_ms)
        devices = ReplayedDevices(
            raw.devices, lambda: settling.script.served, clock, name=check, fix=settling.fix
        )
        session = open_replay(self._origin, self._contract, settling, clock, devices.connect, self.found)
        self._open[check] = session, settling, devices
        return session

    def end(self, check: str, judgements: Sequence[Judgement], detail: str) -> str:
        """Keep the cassette, or refuse the check with the reason when the verdicts or the requests differ
        from the first pass."""
        session, settling, devices = self._open.pop(check)
        session.close()
        raw, verdicts = self._raw[check], verdicts_of(judgements)
        detail = detail or settling.script.left_over() or devices.left_over()
        if not detail and verdicts != raw.verdicts:
            changed = sorted(n for n in {*verdicts, *raw.verdicts} if verdicts.get(n) != raw.verdicts.get(n))
            detail = (
                f"{check}: replayed at once, {', '.join(changed)} has another verdict than when recorded."
            )
        if raw.problem or detail:
            self._refuse(check, raw.problem or detail)
            return detail
        origin = replace(self._origin, check=check, requirements=tuple(self.judged.get(check, ())))
        self._keep(Cassette(origin, tuple(settling.settled), tuple(devices.settled)))
        return ""


def provenance(config: TargetConfig, contract: Contract, session: Session, *, kind: Kind) -> Provenance:
    """Where the recordings of a session come from; what belongs to one check is filled in later."""
    assert config.base_url
    assert config.main
    main = config.main.credentials
    roles = {"main": config.main, "neighbour": config.neighbour, "closed": config.closed}
    given = {role: app for role, app in roles.items() if app}
    return Provenance(
        check="",
        kind=kind,
        recorded_on=datetime.now(UTC).strftime("%Y-%m-%d"),
        version=__version__,
        contract=contract.sha256,
        requirements=(),
        base_url=shown_url(kind, config.base_url.rstrip("/")),
        apps={role: app.key.path for role, app in given.items()},
        observed=config.observer_url is not None,
        alone=session.exclusive,
        given_tokens=tuple(role for role, app in given.items() if app.credentials.app_token),
        token_only=tuple(role for role, app in given.items() if not app.credentials.client_id),
        own_credentials=tuple(
            role
            for role, app in given.items()
            if app.credentials.client_id and app.credentials.client_id != main.client_id
        ),
    )
