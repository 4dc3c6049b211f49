"""Users, groups and rooms: in the ledger before they are made, and gone when they are removed."""

import json

import httpx
import pytest
from tests.unit.conftest import KEY, MARK, MakeSite, Site, ok

from roamspec.api import provisioning
from roamspec.errors import SetupFailed
from roamspec.transport.ledger import LedgerEntry

TAKEN = httpx.Response(400, json={"error": "duplicate_unique_property_exists"})
NAMES = [f"{MARK}-{number}u" for number in range(1, 4)]


def present(target: Site) -> list[str]:
    return [entry.name for entry in reversed(target.ledger.present())]


def test_users_are_registered_in_one_call(site: MakeSite) -> None:
    target = site(ok(entities=[]))

    provisioning.register(target.app, target.ledger, NAMES, "pw")

    [sent] = target.script.requests
    assert [user["username"] for user in json.loads(sent.content)] == NAMES
    assert present(target) == NAMES


def test_sixty_at_a_time(site: MakeSite) -> None:
    target = site(ok(entities=[]))

    provisioning.register(target.app, target.ledger, [f"{MARK}-{n}u" for n in range(61)], "pw")

    assert [len(json.loads(request.content)) for request in target.script.requests] == [60, 1]


def test_one_by_one_where_lists_are_rejected(site: MakeSite) -> None:
    target = site(httpx.Response(400, json={"error": "bad_request"}), ok())

    provisioning.register(target.app, target.ledger, NAMES, "pw")

    assert [json.loads(request.content)["username"] for request in target.script.requests[1:]] == NAMES
    assert present(target) == NAMES


@pytest.mark.parametrize("before", [[], [httpx.Response(400)]])
def test_a_taken_name_stops_this_world(site: MakeSite, before: list[httpx.Response]) -> None:
    target = site(*before, TAKEN)

    with pytest.raises(SetupFailed, match="is already registered"):
        provisioning.register(target.app, target.ledger, NAMES, "pw")

    assert present(target) == []
    assert not target.ledger.may_be_named(LedgerEntry(KEY, "user", NAMES[0]))


def test_a_user_that_cannot_be_registered(site: MakeSite) -> None:
    target = site(httpx.Response(400), ok(), httpx.Response(403, json={"error": "forbidden"}))

    with pytest.raises(SetupFailed, match=NAMES[1]):
        provisioning.register(target.app, target.ledger, NAMES, "pw")

    assert present(target) == NAMES[:1]


def test_a_name_that_is_not_there_may_be_named(site: MakeSite) -> None:
    target = site(httpx.Response(404, json={"error": "service_resource_not_found"}))

    assert provisioning.is_absent(target.app, target.ledger, "nobody")

    assert target.script.targets == ["GET /acme/parlor/users/nobody"]
    assert target.ledger.may_be_named(LedgerEntry(KEY, "user", "nobody"))


@pytest.mark.parametrize("status", [200, 401, 403, 405, 429, 500, 503])
def test_any_other_answer_leaves_it_open_whether_there_is_one(site: MakeSite, status: int) -> None:
    target = site(httpx.Response(status, json={}))

    assert not provisioning.is_absent(target.app, target.ledger, "nobody")

    assert not target.ledger.may_be_named(LedgerEntry(KEY, "user", "nobody"))


def test_silence_leaves_it_open_too(site: MakeSite) -> None:
    target = site(httpx.ReadTimeout("silence"))
    assert not provisioning.is_absent(target.app, target.ledger, "nobody")


@pytest.mark.parametrize("identifier", ["331408544432132", 331408544432132])
def test_a_group(site: MakeSite, identifier: object) -> None:
    target = site(ok(data={"groupid": identifier}))

    assert (
        provisioning.create_group(target.app, target.ledger, f"{MARK}-g", "u1", ["u2", "u3"])
        == "331408544432132"
    )

    sent = json.loads(target.script.requests[0].content)
    assert (sent["owner"], sent["members"]) == ("u1", ["u2", "u3"])
    assert target.ledger.may_be_named(LedgerEntry(KEY, "group", "331408544432132"))


def test_a_room(site: MakeSite) -> None:
    target = site(ok(data={"id": "9"}))

    assert provisioning.create_room(target.app, target.ledger, f"{MARK}-r", "u1", ["u2"]) == "9"

    assert target.script.targets == ["POST /acme/parlor/chatrooms"]
    assert target.ledger.present() == [LedgerEntry(KEY, "room", "9")]


@pytest.mark.parametrize("data", [None, [], {}, {"groupid": ""}, {"groupid": True}, {"groupid": [1]}])
def test_a_group_without_an_id(site: MakeSite, data: object) -> None:
    target = site(ok(data=data))
    with pytest.raises(SetupFailed, match=r"no data\.groupid"):
        provisioning.create_group(target.app, target.ledger, f"{MARK}-g", "u1", [])
    assert target.ledger.present() == []


@pytest.mark.parametrize(
    ("kind", "name", "path"),
    [("user", "u/1", "users/u%2F1"), ("group", "77", "chatgroups/77"), ("room", "88", "chatrooms/88")],
)
@pytest.mark.parametrize(
    ("status", "gone"), [(200, True), (404, True), (400, True), (403, False), (500, False)]
)
def test_removing(site: MakeSite, kind: str, name: str, path: str, status: int, gone: bool) -> None:
    target = site(httpx.Response(status))
    target.knows(name, kind=kind)
    [entry] = target.ledger.present()

    assert provisioning.remove(target.app, target.ledger, entry) == gone

    assert target.script.targets == [f"DELETE /acme/parlor/{path}"]
    assert (target.ledger.present() == []) == gone
