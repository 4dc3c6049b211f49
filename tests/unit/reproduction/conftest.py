"""A report with one failure of a run on an embedded emulator, and the exchanges that led to it."""

import json
from typing import Any

import pytest

from roamspec.transport.exchange import Exchange

BASE = "http://127.0.0.1:40123"
APP = f"{BASE}/acme/parlor"
MARK = "rs0f3a9c12de"
OWNER, PEER, OTHER = f"{MARK}-1u", f"{MARK}-2u", f"{MARK}-3u"
NOW = 1_796_040_000_000
JSON = (("Content-Type", "application/json"), ("Authorization", "Bearer <redacted:token>"))


def sent(
    method: str, path: str, body: Any = None, answer: Any = None, *, at: float, status: int = 200
) -> Exchange:
    """One exchange `at` seconds after the start of the run."""
    return Exchange(
        method=method,
        url=APP + path,
        request_headers=JSON,
        request_body=json.dumps(body) if body is not None else "",
        status=status,
        response_body=json.dumps({"timestamp": NOW + int(at * 1000), **(answer or {})}),
        sent_at=at,
        elapsed_s=0.01,
    )


def imported(sender: str, target: str, identifier: str, *, at: float) -> Exchange:
    body = {"from": sender, "target": target, "type": "txt", "msg_timestamp": NOW - 60_000}
    return sent("POST", "/messages/users/import", body, {"data": {"msg_id": identifier}}, at=at)


def deleted(owner: str, peer: str, ids: str, *, at: float, status: int = 200) -> Exchange:
    path = f"/rest/message/roaming/chat/user/{owner}?userId={peer}&msgIdList={ids}"
    return sent("DELETE", path, at=at, status=status)


def pulled(user: str, peer: str, *, at: float) -> Exchange:
    return sent("POST", f"/users/{user}/messageroaming", {"queue": f"{peer}@easemob.com", "start": 7}, at=at)


@pytest.fixture
def history() -> list[Exchange]:
    """Three users are registered, two of them talk, and messages are deleted."""
    return [
        sent("POST", "/users", [{"username": name} for name in (OWNER, PEER, OTHER)], at=1),
        imported(OWNER, PEER, "1625540956018693395", at=2),
        imported(PEER, OTHER, "1625540956018693396", at=3),
        imported(PEER, OWNER, "1625540956018693397", at=4),
        deleted(OWNER, PEER, "1625540956018693397", at=5),
        deleted(OWNER, PEER, "1", at=6, status=400),
        imported(OWNER, PEER, "1625540956018693399", at=9),
    ]


@pytest.fixture
def evidence() -> list[Exchange]:
    return [deleted(OWNER, PEER, "1625540956018693395", at=7), pulled(OWNER, PEER, at=8)]
