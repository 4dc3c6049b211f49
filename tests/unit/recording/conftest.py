"""Cassettes made by hand, small enough to be read."""

from collections.abc import Sequence

from roamspec.recording.cassette import Cassette, DeviceLog, Provenance
from roamspec.recording.interactions import Interaction, Received, Sent

BASE = "http://emulator.test"
APP = f"{BASE}/acme/parlor"
TOKEN = {"authorization": "Bearer <redacted:token>"}


def origin(check: str = "effect.something[clearUser]", **changed: object) -> Provenance:
    fields: dict[str, object] = {
        "check": check,
        "kind": "emulator",
        "recorded_on": "2026-01-01",
        "version": "0.1.0",
        "contract": "0" * 64,
        "requirements": ("clear-user.success.status-200",),
        "base_url": BASE,
        "apps": {"main": "acme/parlor"},
    }
    return Provenance(**{**fields, **changed})  # type: ignore[arg-type]


def asked(path: str, body: str = "", *, method: str = "POST") -> Sent:
    return Sent(method, f"{APP}{path}", TOKEN, body)


def answered(body: str, status: int = 200) -> Received:
    return Received(status, "OK", {"content-type": "application/json"}, body)


def exchange(path: str, body: str = "", answer: str = "{}", *, status: int = 200) -> Interaction:
    return Interaction(asked(path, body), answered(answer, status))


def cassette(
    *interactions: Interaction, devices: Sequence[DeviceLog] = (), check: str = "effect.something[clearUser]"
) -> Cassette:
    return Cassette(origin(check), interactions, tuple(devices))
