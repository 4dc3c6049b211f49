"""The control API: apps, scenarios, snapshots, views, the journal, the clock and faults."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from roamspec.emulator.control.routes import TABLE

from .conftest import AppClient, NewApp, Process

CHAT = "/rest/message/roaming/chat/user"


def test_its_own_description_is_served_valid_and_complete(emulator: Process, app: AppClient) -> None:
    answer = app.http.get(emulator.ready["control_url"] + "/openapi.yaml")
    assert answer.headers["content-type"] == "application/yaml"
    document = yaml.safe_load(answer.text)
    validate(document)
    described = {
        (method.upper(), path.removeprefix("/_emulator"))
        for path, item in document["paths"].items()
        for method in item
        if method in ("get", "put", "post", "patch", "delete")
    }
    events = ("GET", "/observer/{org}/{app}/users/{user}/devices/{device}/events")
    assert described == {(method, path) for method, path, _ in TABLE} | {events}
    assert answer.content == (Path(__file__).parents[3] / "contracts" / "control.openapi.yaml").read_bytes()


def test_one_call_gives_a_fresh_app_with_a_token(new_app: NewApp) -> None:
    first, second = new_app(), new_app()
    assert (first.org, first.app) != (second.org, second.app)
    first.users("alice")
    assert second.call("GET", "/users/alice").status_code == 404


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}], ids=["host", "origin"]
)
def test_a_web_page_cannot_reach_it_under_a_name_of_its_own(
    emulator: Process, app: AppClient, headers: dict[str, str]
) -> None:
    control, observer = emulator.ready["control_url"], emulator.ready["observer_url"]
    body = {"org": app.org, "app": "of-the-page"}

    made = app.http.post(f"{control}/apps", json=body, headers=headers)
    events = app.http.get(f"{observer}/{app.org}/{app.app}/users/a/devices/d/events", headers=headers)
    unknown = app.http.get(f"{control}/nothing", headers=headers)

    for answer in (made, events, unknown):
        assert answer.status_code == 403
        assert re.match("the control API rejects (the host|pages of)", answer.json()["error"])
    assert app.http.get(f"{control}/apps/{app.org}/of-the-page").status_code == 404


def test_the_addresses_in_its_answers_are_those_where_it_listens(emulator: Process, app: AppClient) -> None:
    control, base = emulator.ready["control_url"], emulator.ready["base_url"]
    as_told = {"Host": "localhost:1"}

    shown = app.http.get(f"{control}/apps/{app.org}/{app.app}", headers=as_told).json()
    described = app.http.get(control, headers=as_told).json()

    assert (shown["base_url"], shown["observer_url"]) == (base, emulator.ready["observer_url"])
    assert described["openapi"] == f"{control}/openapi.yaml"


def test_an_app_of_a_given_name_exists_once(emulator: Process, app: AppClient) -> None:
    url = emulator.ready["control_url"] + "/apps"
    body = {"org": app.org, "app": "named"}
    assert app.http.post(url, json=body).status_code == 201
    assert app.http.post(url, json=body).status_code == 409
    assert app.http.delete(f"{url}/{app.org}/named").status_code == 200
    assert app.http.get(f"{url}/{app.org}/named").status_code == 404


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"settings": {"imports": "x"}}, "accepted or refused"),
        ({"settings": {"importz": "x"}}, "did you mean 'imports'?"),
        ({"faults": ["x.y"]}, "there is no fault"),
        ({"other": 1}, "'other' is not known"),
        ({"org": "x"}, "both"),
        ({"org": "x", "app": "a b"}, "is not an App Key"),
        ({"scenario": {"users": [3]}}, "users[0] must be an object"),
        ({"scenario": {"users": [{"username": "a", "nickname": 3}]}}, "users[0]: nickname must be a text"),
        ({"scenario": {"messages": [{"from": "a"}]}}, "messages[0]: give `to`"),
        ({"scenario": {"groups": [{"owner": "nobody"}]}}, "username nobody doesn't exist!"),
        ({"scenario": {"conversations": [{"user": "a", "id": "b"}]}}, "has no conversation"),
        ([], "one JSON object"),
    ],
)
def test_apps_that_cannot_be_made_as_asked_are_not_made(
    emulator: Process, app: AppClient, body: Any, part: str
) -> None:
    url = emulator.ready["control_url"] + "/apps"
    before = len(app.http.get(url).json()["apps"])
    answer = app.http.post(url, json=body)
    assert 400 <= answer.status_code < 500
    assert part in answer.json()["error"]
    assert len(app.http.get(url).json()["apps"]) == before


def test_a_scenario_is_seeded_whole_or_not_at_all(app: AppClient) -> None:
    scenario = {
        "users": ["dave", {"username": "Erin", "password": "p"}],
        "groups": [{"id": "g1", "owner": "dave", "members": ["erin", "alice"]}],
        "rooms": [{"id": "r1", "owner": "dave"}],
        "messages": [
            {"from": "dave", "to": "erin", "text": "one", "timestamp": 5000, "count": 3, "step": 10},
            {"from": "erin", "group": "g1", "text": "two", "listed": False},
            {"from": "dave", "group": "r1", "text": "three"},
        ],
        "conversations": [{"user": "erin", "id": "dave", "unread": 7, "marks": ["mark_1"]}],
    }
    made = app.http.post(f"{app.control}/scenario", json=scenario)
    assert made.status_code == 201
    assert made.json()["groups"] == ["g1", "r1"]
    assert len(made.json()["messages"]) == 5
    assert [message.time_ms for message in app.pull("erin", "dave")] == [5020, 5010, 5000]
    assert app.listed("erin") == ["dave"]
    again = app.http.post(f"{app.control}/scenario", json={"users": ["frank", "dave"]})
    assert again.status_code == 400
    assert app.call("GET", "/users/frank").status_code == 404


def test_snapshots_restore_everything_but_tokens(app: AppClient) -> None:
    kept = app.send("alice", "bob")
    snapshot = app.http.post(f"{app.control}/snapshots").json()["id"]
    app.call("POST", "/rest/message/roaming/user/alice/delete/all")
    app.users("dave")
    token = app.user_token("dave")
    app.set(imports="refused")
    app.send("alice", "bob")
    assert app.http.post(f"{app.control}/snapshots/{snapshot}/restore").status_code == 200
    assert app.ids("alice", "bob") == app.ids("bob", "alice") == {kept}
    assert app.listed("alice") == ["bob"]
    assert app.http.get(f"{app.control}/settings").json()["imports"] == "accepted"
    assert app.call("GET", "/users/dave/resources", token=token).status_code == 401
    app.call("POST", "/rest/message/roaming/user/alice/delete/all")
    app.http.post(f"{app.control}/snapshots/{snapshot}/restore")
    assert app.ids("alice", "bob") == {kept}
    assert app.http.delete(f"{app.control}/snapshots/{snapshot}").status_code == 200
    assert app.http.post(f"{app.control}/snapshots/{snapshot}/restore").status_code == 404


def test_a_reset_forgets_people_and_journal_and_keeps_the_settings(app: AppClient) -> None:
    app.set(imports="refused")
    app.send("alice", "bob")
    assert app.http.post(f"{app.control}/reset").status_code == 200
    assert app.http.get(f"{app.control}/journal").json()["entries"] == []
    assert app.call("GET", "/users/alice").status_code == 404
    assert app.http.get(f"{app.control}/settings").json()["imports"] == "refused"


def test_any_users_view_can_be_looked_at(app: AppClient) -> None:
    message = app.send("alice", "bob", "hello")
    view = app.http.get(f"{app.control}/users/BOB").json()
    (conversation,) = view["conversations"]
    assert (conversation["type"], conversation["id"], conversation["unread"]) == ("chat", "alice", 1)
    assert [(m["id"], m["text"]) for m in conversation["messages"]] == [(message, "hello")]
    assert app.http.get(f"{app.control}/users/nobody").status_code == 404


def test_the_journal_tells_all_but_secrets(app: AppClient) -> None:
    app.call("POST", "/users", json={"username": "erin", "password": "hush-hush"})
    app.call("DELETE", f"{CHAT}/alice?userId=bob&msgIdList=1,2&isNotify=false&token={app.token}")
    app.call("GET", "/nothing/here")
    entries = app.http.get(f"{app.control}/journal").json()["entries"]
    assert [entry["operation"] for entry in entries] == [
        "registerUsers",
        "registerUsers",
        "deleteChatMessages",
        "",
    ]
    assert [entry["response"]["status"] for entry in entries] == [200, 200, 200, 404]
    deletion = entries[2]
    assert deletion["evidence"] == "documented"
    assert deletion["request"]["method"] == "DELETE"
    assert deletion["request"]["target"].endswith(
        "?userId=bob&msgIdList=1,2&isNotify=false&token=<redacted:token>"
    )
    assert ["authorization", "Bearer <redacted:token>"] in deletion["request"]["headers"]
    text = json.dumps(entries)
    assert app.token not in text
    assert "hush-hush" not in text

    def found(query: str) -> int:
        return len(app.http.get(f"{app.control}/journal?{query}").json()["entries"])

    assert found("operation=deleteChatMessages") == 1
    assert found("status=404") == 1
    assert found(f"after={deletion['sequence']}") == 1
    assert found("limit=2") == 2
    assert app.http.delete(f"{app.control}/journal").status_code == 200
    assert found("limit=9") == 0


def test_the_clock_is_set_stopped_and_moved(app: AppClient) -> None:
    clock = f"{app.control}/clock"
    shown = app.http.patch(clock, json={"now": 1_700_000_000_000, "frozen": True}).json()
    assert shown == {"now": 1_700_000_000_000, "frozen": True, "offset_ms": shown["offset_ms"]}
    app.http.patch(clock, json={"advance_ms": 5})
    assert (
        app.call("POST", "/rest/message/roaming/user/alice/delete/all").json()["timestamp"]
        == 1_700_000_000_005
    )
    assert app.http.patch(clock, json={"frozen": False}).json()["frozen"] is False
    assert app.http.get(clock).json()["now"] >= 1_700_000_000_005
    for body in ({"now": -1}, {"now": "x"}, {"frozen": 1}, {"noon": 1}, {"advance_ms": 10**18}):
        assert app.http.patch(clock, json=body).status_code == 400


def test_faults_go_on_and_off(app: AppClient) -> None:
    url = f"{app.control}/faults"
    known = {item["name"] for item in app.http.get(f"{app.origin}/_emulator/faults").json()["faults"]}
    assert known
    name = min(known)
    assert app.http.put(url, json={"faults": [name]}).json() == {"faults": [name]}
    assert app.http.get(app.control).json()["faults"] == [name]
    assert app.http.put(url, json={"faults": []}).json() == {"faults": []}
    assert app.http.put(url, json={"faults": ["no-such"]}).status_code == 400


def test_settings_are_described_and_changed_in_part(app: AppClient) -> None:
    described = app.http.get(f"{app.origin}/_emulator/settings").json()["settings"]
    current = app.http.get(f"{app.control}/settings").json()
    assert [item["name"] for item in described] == list(current)
    assert app.http.patch(f"{app.control}/settings", json={"retention_days": -1}).status_code == 400
    assert app.http.patch(f"{app.control}/settings", json={"retention_days": 7}).json()["retention_days"] == 7


def test_what_is_not_there_is_said_in_json(app: AppClient) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/apps/a/b", 404),
        ("PUT", "/apps", 405),
        ("POST", "/apps/%zz/b/reset", 400),
        ("GET", "/journal?after=x", 400),
        ("GET", "/journal?status=", 400),
        ("PATCH", f"/apps/{app.org}/{app.app}/clock", 400),
        ("PUT", f"/apps/{app.org}/{app.app}/faults", 400),
    ):
        answer = app.http.request(method, f"{app.origin}/_emulator{path}")
        assert answer.status_code == status
        assert answer.json()["error"]
