"""The window: who may see it, what it costs, and what its files are."""

import asyncio
import json
from typing import Any

import pytest

from roamspec.emulator.application import WINDOW_PREFIX, application
from roamspec.emulator.service import Service


def asked(service: Service, path: str, client: str | None = "127.0.0.1", method: str = "GET") -> Any:
    """Status, headers and body of the answer."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    where, _, query = path.partition("?")
    scope: dict[str, Any] = {
        "type": "http", "method": method, "path": where, "raw_path": where.encode(), "scheme": "http",
        "query_string": query.encode(), "headers": [], "client": client and (client, 4711),
    }  # fmt: skip

    async def run() -> None:
        await application(service)(scope, receive, send)

    asyncio.run(run())
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(each["body"] for each in sent[1:])


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1", None])
@pytest.mark.parametrize("part", ["", "/window.js", "/window.css", "/state"])
def test_this_machine_sees_it(service: Service, client: str | None, part: str) -> None:
    assert asked(service, WINDOW_PREFIX + part, client)[0] == 200


@pytest.mark.parametrize("client", ["192.0.2.7", "2001:db8::1", "fe80::1%eth0"])
@pytest.mark.parametrize("part", ["", "/window.js", "/state", "/journal", "/events"])
def test_others_see_it_only_where_that_is_wanted(service: Service, client: str, part: str) -> None:
    status, _, body = asked(service, WINDOW_PREFIX + part, client)
    assert status == 403
    assert "--ui-everywhere" in json.loads(body)["error"]
    if part != "/events":
        service.window_everywhere = True
        assert asked(service, WINDOW_PREFIX + part, client)[0] == 200


def test_the_page_runs_its_own_files_alone(service: Service) -> None:
    _, headers, body = asked(service, WINDOW_PREFIX)
    policy = headers[b"content-security-policy"].decode()
    assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"://" not in body, "it needs nothing beyond the emulator"
    assert b" onclick" not in body
    assert b" style=" not in body


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/nothing", "GET", 404), ("", "POST", 405), ("/events", "POST", 405), ("/state", "DELETE", 405)],
)
def test_what_is_no_part_of_it(service: Service, path: str, method: str, status: int) -> None:
    found, _, body = asked(service, WINDOW_PREFIX + path, method=method)
    assert (found, list(json.loads(body))) == (status, ["error"])


def test_calls_show_without_a_verdict_where_nobody_can_judge(service: Service) -> None:
    asked(service, "/o/a/users/alice")
    found = json.loads(asked(service, f"{WINDOW_PREFIX}/journal?app=o/a")[2])
    assert [entry["judgement"]["verdict"] for entry in found["entries"]] == ["none"]
    assert json.loads(asked(service, f"{WINDOW_PREFIX}/journal?app=o/a&after=1")[2])["entries"] == []


def test_a_reader_hears_of_a_change_and_costs_nothing_afterwards(service: Service) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()
    app = service.find("o", "a")
    assert app is not None

    async def run() -> None:
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message.get("body"):
                heard.put_nowait(message["body"])

        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": f"{WINDOW_PREFIX}/events", "query_string": b"",
            "raw_path": f"{WINDOW_PREFIX}/events".encode(), "headers": [], "client": None,
        }  # fmt: skip
        serving = asyncio.ensure_future(application(service)(scope, receive, send))
        assert await asyncio.wait_for(heard.get(), 5) == b'event: changed\ndata: {"journal": 0}\n\n'
        assert service.changes.lookers == 1
        connection = app.devices.connect("alice", "ios_1")
        assert (await asyncio.wait_for(heard.get(), 5)).startswith(b"event: changed")
        app.devices.disconnect(connection)
        assert (await asyncio.wait_for(heard.get(), 5)).startswith(b"event: changed")
        gone.set()
        await asyncio.wait_for(serving, 5)

    asyncio.run(run())
    assert service.changes.lookers == 0
    assert heard.empty()


def test_the_end_of_the_emulator_ends_the_stream(service: Service) -> None:
    async def run() -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        first = asyncio.Event()

        async def send(message: Any) -> None:
            if message.get("body"):
                first.set()

        scope: dict[str, Any] = {
            "type": "http", "method": "GET", "path": f"{WINDOW_PREFIX}/events", "query_string": b"",
            "raw_path": f"{WINDOW_PREFIX}/events".encode(), "headers": [], "client": None,
        }  # fmt: skip
        serving = asyncio.ensure_future(application(service)(scope, receive, send))
        await asyncio.wait_for(first.wait(), 5)
        service.close()
        await asyncio.wait_for(serving, 5)

    asyncio.run(run())
