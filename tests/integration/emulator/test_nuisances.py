"""What a client meets while disturbances are on, over a real connection."""

import time
from typing import Any

import httpx
import pytest
from tests.integration.emulator.conftest import AppClient, Process, started

CLEAR = "/rest/message/roaming/user/alice/delete/all"


def _play(app: AppClient, *nuisances: dict[str, Any]) -> None:
    answer = app.http.put(f"{app.control}/nuisances", json={"nuisances": list(nuisances)})
    assert answer.status_code == 200, answer.text


def _clear(app: AppClient) -> httpx.Response:
    return app.call("POST", CLEAR)


def _played(app: AppClient) -> list[str]:
    return [each["kind"] for each in app.http.get(f"{app.control}/nuisances").json()["played"]]


def test_over_the_rate_with_and_without_a_time_to_wait(app: AppClient) -> None:
    _play(app, {"kind": "429", "count": 1, "retry_after": 3}, {"kind": "429", "count": 1})
    first, second, third = _clear(app), _clear(app), _clear(app)
    assert (first.status_code, first.headers["retry-after"]) == (429, "3")
    assert (second.status_code, "retry-after" in second.headers) == (429, False)
    assert first.json()["error"] == "reach_limit"
    assert third.status_code == 200


def test_a_token_expires_once(app: AppClient) -> None:
    _play(app, {"kind": "401", "after": 1})
    assert [_clear(app).status_code for _ in range(3)] == [200, 401, 200]


@pytest.mark.parametrize("kind", ["500", "502", "503"])
def test_server_errors_do_nothing(app: AppClient, kind: str) -> None:
    sent = app.send("bob", "alice")
    _play(app, {"kind": kind, "on": "clearUser", "count": 1})
    assert _clear(app).status_code == int(kind)
    assert app.ids("alice", "bob") == {sent}
    assert _clear(app).status_code == 200
    assert app.ids("alice", "bob") == set()


def test_a_connection_is_reset_before_anything_is_done(app: AppClient) -> None:
    sent = app.send("bob", "alice")
    _play(app, {"kind": "reset", "on": "clearUser", "count": 1})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        _clear(app)
    assert app.ids("alice", "bob") == {sent}


def test_an_answer_is_lost_after_the_call_was_served(app: AppClient) -> None:
    app.send("bob", "alice")
    _play(app, {"kind": "lost-answer", "on": "clearUser", "count": 1})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        _clear(app)
    assert app.ids("alice", "bob") == set()
    assert _played(app) == ["lost-answer"]


@pytest.mark.parametrize("kind", ["truncated", "wrong-length"])
def test_a_body_is_shorter_than_it_says(app: AppClient, kind: str) -> None:
    _play(app, {"kind": kind, "on": "clearUser", "count": 1})
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        _clear(app)
    assert _clear(app).json()["requestStatusCode"] == "ok"


@pytest.mark.parametrize("kind", ["latency", "slow-body"])
def test_an_answer_takes_its_time(app: AppClient, kind: str) -> None:
    _play(app, {"kind": kind, "on": "clearUser", "ms": 120})
    began = time.monotonic()
    assert _clear(app).json()["requestStatusCode"] == "ok"
    assert time.monotonic() - began >= 0.1


def test_nuisances_end(app: AppClient) -> None:
    _play(app, {"kind": "503"})
    assert _clear(app).status_code == 503
    _play(app)
    assert _clear(app).status_code == 200


def test_the_same_schedule_is_played_again(app: AppClient) -> None:
    rule = {"kind": "503", "on": "clearUser", "probability": 0.4, "seed": 11}
    rounds = []
    for _ in range(2):
        _play(app, rule)
        rounds.append([_clear(app).status_code for _ in range(30)])
    assert rounds[0] == rounds[1]
    assert set(rounds[0]) == {200, 503}


def test_a_nuisance_that_cannot_be(app: AppClient) -> None:
    answer = app.http.put(f"{app.control}/nuisances", json={"nuisances": [{"kind": "rain"}]})
    assert answer.status_code == 400
    assert "there is no disturbance 'rain'" in answer.json()["error"]
    answer = app.http.put(f"{app.control}/nuisances", json={"nuisance": []})
    assert answer.status_code == 400


def test_the_kinds_are_listed(emulator: Process, http: httpx.Client) -> None:
    kinds = http.get(emulator.ready["control_url"] + "/nuisances").json()["nuisances"]
    assert {"429", "lost-answer", "slow-body"} <= {each["kind"] for each in kinds}


@pytest.mark.parametrize("option", ["--disturbance", "--nuisance"])
def test_switched_on_from_the_command_line(http: httpx.Client, option: str) -> None:
    with started(option, "503:on=createToken,count=1") as process:
        ready = process.ready
        url = f"{ready['base_url']}/{ready['org']}/{ready['app']}/token"
        body = {"grant_type": "client_credentials"} | {k: ready[k] for k in ("client_id", "client_secret")}
        assert [http.post(url, json=body).status_code for _ in range(2)] == [503, 200]
