"""The fixtures, as the tests of an SDK that is built on httpx use them."""

import ast
import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import respx
from tests.integration.commands import environment

from roamspec.sdk.fixtures import RoamingApp, RoamingFaults, RoamingJournal
from roamspec.sdk.router import RoamingRouter

IDS = {"userId": "bob", "msgIdList": "1623011", "isNotify": "false"}


def headers(app: RoamingApp) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {app.app_token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }


def url(app: RoamingApp, path: str = "/rest/message/roaming/chat/user/alice") -> str:
    return f"{app.base_url}/{app.org}/{app.app}{path}"


def delete(app: RoamingApp, **values: str) -> httpx.Response:
    """What the SDK under test does."""
    return httpx.delete(url(app), params=IDS | values, headers=headers(app))


def test_an_emulator_for_this_test(roaming_emulator: RoamingApp, roaming_journal: RoamingJournal) -> None:
    app = roaming_emulator
    made = app.seed(
        users=["alice", "bob"], messages=[{"from": "bob", "to": "alice", "text": "x", "count": 2}]
    )
    assert delete(app, msgIdList=made["messages"][0]).json()["requestStatusCode"] == "ok"
    assert app.user("alice")["conversations"][0]["count"] == 1
    assert [call.status for call in roaming_journal.of("deleteChatMessages")] == [200]
    roaming_journal.check(strict=True)
    app.reset()
    assert roaming_journal.calls == []


def test_each_test_has_its_own_app(roaming_emulator: RoamingApp, roaming_journal: RoamingJournal) -> None:
    assert roaming_emulator.app == "test-each-test-has-its-own-app"
    assert roaming_journal.calls == []
    assert delete(roaming_emulator).status_code == 404


def test_what_is_wrong_is_said(roaming_router: RoamingRouter, roaming_journal: RoamingJournal) -> None:
    roaming_router.app.seed(users=["alice"])
    ids = ",".join(str(1_623_000 + n) for n in range(51))
    assert delete(roaming_router.app, msgIdList=ids).status_code == 400
    with pytest.raises(AssertionError, match=r"client-limit\.at-most-fifty-ids: .*51 IDs"):
        roaming_journal.check()


def test_an_announced_rejection_is_not_wrong(
    roaming_router: RoamingRouter, roaming_journal: RoamingJournal
) -> None:
    roaming_router.app.seed(users=["alice"])
    app = roaming_router.app
    answer = httpx.delete(url(app), headers=headers(app) | {"X-Roamspec-Expect": "refusal"})
    assert answer.status_code == 400
    assert [call.announced for call in roaming_journal.calls] == [True]
    roaming_journal.check(strict=True)


def test_a_sync_client(roaming_router: RoamingRouter) -> None:
    roaming_router.app.seed(users=["alice"])
    assert delete(roaming_router.app).status_code == 200
    assert [call.operation for call in roaming_router.journal.calls] == ["deleteChatMessages"]


def test_an_async_client(roaming_router: RoamingRouter) -> None:
    app = roaming_router.app
    app.seed(users=["alice"])
    app.faults.nuisances({"kind": "latency", "ms": 400})

    async def concurrently() -> list[int]:
        async with httpx.AsyncClient() as client:
            calls = (client.delete(url(app), params=IDS, headers=headers(app)) for _ in range(5))
            return [answer.status_code for answer in await asyncio.gather(*calls)]

    assert asyncio.run(concurrently()) == [200] * 5
    first, second = app.journal.calls[:2]
    # Were the loop blocked, each call would have come after the response to the one before.
    assert second.started_ms < first.ended_ms


def test_a_sync_client_inside_a_running_loop(roaming_router: RoamingRouter) -> None:
    app = roaming_router.app
    app.seed(users=["alice"])

    async def inside() -> int:
        return delete(app).status_code

    assert asyncio.run(inside()) == 200


def test_escapes_reach_the_emulator_as_they_were_sent(roaming_router: RoamingRouter) -> None:
    app = roaming_router.app
    httpx.delete(url(app, "/rest/message/roaming/chat/user/a%2Fb%20c"), params={"userId": "b&c"})
    (call,) = app.journal.calls
    assert call.below_app == "/rest/message/roaming/chat/user/a%2Fb%20c"
    assert call.query[0].value == "b&c"


def test_faults_and_nuisances(roaming_router: RoamingRouter, roaming_faults: RoamingFaults) -> None:
    app = roaming_router.app
    app.seed(users=["alice", "bob"], messages=[{"from": "bob", "to": "alice", "text": "x"}])
    roaming_faults.nuisances({"kind": "429", "count": 1, "retry_after": 3})
    refused = delete(app)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3")
    assert delete(app).status_code == 200
    roaming_faults.on("clear-user.all.chats-left")
    for left in (1, 0):
        httpx.post(url(app, "/rest/message/roaming/user/alice/delete/all"), headers=headers(app))
        assert sum(one["count"] for one in app.user("alice")["conversations"]) == left
        roaming_faults.off()


@pytest.mark.parametrize("kind", ["reset", "lost-answer", "truncated", "wrong-length"])
def test_a_connection_that_breaks(roaming_router: RoamingRouter, kind: str) -> None:
    roaming_router.app.seed(users=["alice"])
    roaming_router.faults.nuisances({"kind": kind})
    with pytest.raises(httpx.RemoteProtocolError):
        delete(roaming_router.app)


def test_other_hosts_are_not_reached(roaming_router: RoamingRouter) -> None:
    with pytest.raises(respx.models.AllMockedAssertionError):
        httpx.get("http://elsewhere.invalid/")
    roaming_router.get("http://elsewhere.invalid/").respond(204)
    assert httpx.get("http://elsewhere.invalid/").status_code == 204


def test_a_suite_that_uses_none_of_it_loads_none_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    script = (
        "import sys, pytest\n"
        "assert pytest.main(['-q', '-p', 'no:cacheprovider']) == 0\n"
        "print('LOADED', sorted(n for n in sys.modules if n.split('.')[0] == 'roamspec'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = ast.literal_eval(done.stdout.partition("LOADED ")[2].strip())
    light = ("errors", "plugin", "pytest_options", "spelling")
    heavy = {name for name in loaded if not name.startswith(("roamspec.config", "roamspec.language"))}
    assert heavy <= {"roamspec", *(f"roamspec.{name}" for name in light)}


SDK = """
import json, httpx

class MySdk:
    def __init__(self, base_url, app_key, client_id, client_secret):
        self.base = f"{base_url}/{app_key.replace('#', '/')}"
        self.grant = {"grant_type": "client_credentials"}
        self.grant |= {"client_id": client_id, "client_secret": client_secret}

    def delete(self, owner, peer, ids):
        token = httpx.post(f"{self.base}/token", json=self.grant).json()["access_token"]
        httpx.delete(
            f"{self.base}/rest/message/roaming/chat/user/{owner}?userId={peer}&msgIdList={','.join(ids)}",
            headers={"Authorization": f"Bearer {token}", "Accept": "*/*", "Content-Type": "application/json"},
        )

class MyAsyncSdk(MySdk):
    async def clear(self, owner):
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{self.base}/token", json=self.grant)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")

"""


def pytest_of(folder: Path, *words: str) -> str:
    """What the tests in `folder` print."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", *words],
        cwd=folder, env=environment(), capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip
    return done.stdout + done.stderr


def test_the_documented_tests_run_as_they_stand(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "sdk.md").read_text(encoding="utf-8")
    example = text.partition("## For Python")[2].partition("```python\n")[2].partition("```")[0]
    (tmp_path / "test_sdk.py").write_text(SDK + example, encoding="utf-8")
    assert "2 passed" in pytest_of(tmp_path)


def test_what_a_test_did_wrong_is_shown_in_the_test_alone(tmp_path: Path) -> None:
    (tmp_path / "test_sdk.py").write_text(
        f"{SDK}\n"
        "def test_too_many(roaming_emulator, roaming_journal):\n"
        "    app = roaming_emulator\n"
        "    MySdk(app.base_url, app.app_key, app.client_id, app.client_secret)"
        ".delete('alice', 'bob', [str(n) for n in range(60)])\n"
        "    roaming_journal.check()\n"
        "def test_bad_scenario(roaming_emulator):\n"
        "    roaming_emulator.seed(users=['a b'])\n"
        "def test_bad_fault(roaming_router):\n"
        "    roaming_router.app.faults.on('no-such-fault')\n",
        encoding="utf-8",
    )
    said = pytest_of(tmp_path)
    assert "3 failed" in said
    assert "client-limit.at-most-fifty-ids: expected" in said
    assert "username [a b] is not legal" in said
    assert "fixtures.py" not in said
    assert "roamspec/sdk" not in said.partition("short test summary")[0]
