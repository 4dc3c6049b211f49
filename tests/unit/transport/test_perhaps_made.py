"""Users of whom nobody knows whether they were made: they may exist, and somebody else's never count."""

import httpx
import pytest
from tests.unit.conftest import KEY, MARK, MakeSite, Reply, Site, ok

from roamspec.api import provisioning
from roamspec.errors import SetupFailed, Unreachable
from roamspec.transport.ledger import LedgerEntry

NAMES = [f"{MARK}-{number}u" for number in (1, 2)]
TAKEN = httpx.Response(400, json={"error": "duplicate_unique_property_exists"})
REFUSED = httpx.Response(403, json={"error": "forbidden"})
SILENCE = httpx.ReadTimeout("silence")
BROKEN_OFF = httpx.RemoteProtocolError("server disconnected")


def uncertain(target: Site) -> list[str]:
    return [entry.name for entry in target.ledger.uncertain()]


@pytest.mark.parametrize(
    ("replies", "perhaps"),
    [
        ([SILENCE], NAMES),
        ([httpx.Response(502)], NAMES),
        ([SILENCE, TAKEN], NAMES),
        ([SILENCE, REFUSED], NAMES),
        ([SILENCE, ok(), SILENCE], NAMES[1:]),
        # Sent a second time on a new connection: the first one may have made them.
        ([BROKEN_OFF, TAKEN], NAMES),
        ([REFUSED], []),
        ([REFUSED, ok(), REFUSED], []),
        ([TAKEN], []),
        ([REFUSED, TAKEN], []),
    ],
    ids=[
        "silence", "gateway", "made-and-not-told", "silence-then-refused", "silence-about-the-second",
        "repeated", "refused", "the-second-refused", "taken", "the-first-taken",
    ],
)  # fmt: skip
def test_who_may_exist(site: MakeSite, replies: list[Reply], perhaps: list[str]) -> None:
    target = site(*replies)
    with pytest.raises(SetupFailed):
        provisioning.register(target.app, target.ledger, NAMES, "pw")
    assert uncertain(target) == perhaps


def test_nobody_there_leaves_it_open(site: MakeSite) -> None:
    target = site(httpx.ConnectError("refused"))
    with pytest.raises(Unreachable):
        provisioning.register(target.app, target.ledger, NAMES, "pw")
    assert uncertain(target) == NAMES


def test_who_was_made_is_certain(site: MakeSite) -> None:
    target = site(ok())
    provisioning.register(target.app, target.ledger, NAMES, "pw")
    assert uncertain(target) == []


def test_an_answer_says_whether_its_request_was_sent_twice(site: MakeSite) -> None:
    assert site(BROKEN_OFF, ok()).app.call("GET", "/users/u", bucket="users").repeated
    assert site(BROKEN_OFF).app.call("GET", "/users/u", bucket="users").repeated
    assert not site(ok()).app.call("GET", "/users/u", bucket="users").repeated


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "removed"), (404, "absent"), (400, "absent"), (403, "left"), (500, "left")]
)
def test_what_became_of_it(site: MakeSite, status: int, outcome: str) -> None:
    target = site(httpx.Response(status, text="said so"))
    target.knows("u1")
    removal = provisioning.removal(target.app, target.ledger, LedgerEntry(KEY, "user", "u1"))
    assert removal.outcome == outcome
    assert removal.why == (f"{status} said so" if outcome == "left" else "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ([{"id": "77", "name": "friends"}], "friends"),
        ([{"groupname": "friends"}], "friends"),
        ({"name": "lounge"}, "lounge"),
        ([], None),
        ([7], None),
        ({"name": 7}, None),
        (None, None),
    ],
)
def test_what_a_group_is_called(site: MakeSite, data: object, name: str | None) -> None:
    target = site(ok(data=data))
    assert provisioning.name_of(target.app, LedgerEntry(KEY, "group", "77")) == name
    assert target.script.targets == ["GET /acme/parlor/chatgroups/77"]
