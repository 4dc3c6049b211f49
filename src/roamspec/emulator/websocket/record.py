"""Logins of devices in the journal, without their secrets."""

from dataclasses import dataclass, field
from time import perf_counter_ns
from typing import Final

from starlette.types import Scope

from roamspec.emulator.http.answers import as_json
from roamspec.emulator.service import Service
from roamspec.wire.msync_pb2 import MSync, Provision

_SWITCHED: Final = 101
_UNAUTHORIZED: Final = 401


@dataclass(slots=True)
class _Entry:
    """What the journal needs."""

    app_key: tuple[str, str]
    scope: Scope
    body: bytes
    operation: str
    now: int
    nuisance: str = ""
    started_ns: int = field(default_factory=perf_counter_ns)


def record(
    service: Service, scope: Scope, operation: str, frame: MSync, asked: Provision, refusal: str
) -> None:
    """One entry for a login: as status 101, or 401 with the reason of the error response."""
    org, _, app_name = frame.guid.appKey.partition("#")
    app = service.find(org, app_name)
    said = {
        "user": frame.guid.name,
        "resource": asked.resource,
        "device_uuid": asked.deviceUuid,
        "device_name": asked.deviceName,
    }
    answer = as_json({"reason": refusal} if refusal else {"status": "OK"})
    now = 0 if app is None else app.clock.now()
    entry = _Entry((org, app_name), {**scope, "method": "GET"}, as_json(said), operation, now)
    service.journal.add(entry, _UNAUTHORIZED if refusal else _SWITCHED, "observed", answer)
