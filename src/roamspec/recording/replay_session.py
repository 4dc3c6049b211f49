"""Sessions for replays: the same names, clock and credentials each time, and only a recording behind."""

from collections.abc import Callable

import httpx

from roamspec.api.devices import Device
from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.contract.operations import Contract
from roamspec.recording.cassette import Provenance
from roamspec.recording.sanitiser import MARK
from roamspec.recording.virtual_clock import VirtualClock
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import Session, open_session
from roamspec.transport.client_settings import StandIns

PASSWORD = "<redacted:password>"  # noqa: S105 - what stands in place of one
OBSERVER = "http://observer.test"


def config_of(origin: Provenance) -> TargetConfig:
    """The target of a recording as a configuration, with placeholders for credentials."""
    apps = {role: _app(origin, role) for role in ("main", "neighbour", "closed")}
    return TargetConfig(
        base_url=origin.base_url,
        main=apps["main"],
        neighbour=apps["neighbour"],
        closed=apps["closed"],
        observer_url=OBSERVER if origin.observed else None,
        exclusive=origin.alone,
    )


def _app(origin: Provenance, role: str) -> AppConfig | None:
    if role not in origin.apps:
        return None
    key = AppKey.parse(origin.apps[role], where=f"the recording's {role} app")
    kind = "token" if role == "main" else f"{role}-token"
    token = f"<redacted:{kind}>" if role in origin.given_tokens else None
    if role in origin.token_only:
        return AppConfig(key, Credentials(app_token=token))
    own = origin.own_credentials
    number = f"-{own.index(role) + 2}" if role in own else ""
    pair = f"<redacted:client-id{number}>", f"<redacted:client-secret{number}>"
    return AppConfig(key, Credentials(*pair, token))


def open_replay(
    origin: Provenance,
    contract: Contract,
    transport: httpx.BaseTransport,
    clock: VirtualClock,
    connect: Callable[[str, AppKey, str, str], Device],
    found: PreflightResult | None = None,
) -> Session:
    """A session that asks `transport` alone."""
    session = open_session(
        config_of(origin),
        contract,
        identity=RunIdentity(NameSource(MARK), password=PASSWORD),
        limits=RequestLimits.at_rate(0),
        stand_ins=StandIns(transport, clock=clock, sleep=clock.sleep),
        found=found,
    )
    session.wall, session.connect_device = clock.wall, connect
    return session
