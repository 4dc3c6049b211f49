"""What may leave and what may not, read from the bytes of the request."""

import re

import pytest

from roamspec.appkey import AppKey
from roamspec.errors import GuardError
from roamspec.transport.guard import Guard, base_path
from roamspec.transport.ledger import Kind, Ledger, LedgerEntry

MARK = "rs0123456789"
KEY = AppKey("acme", "parlor")
CHAT = "/acme/parlor/rest/message/roaming/chat/user"
GROUP = "/acme/parlor/rest/message/roaming/group/user"


def guard(*, loopback: bool = False, base_path: str = "") -> Guard:
    ledger = Ledger()
    made: list[tuple[Kind, str]] = [
        ("user", "u1"), ("user", "u2"), ("user", "a/b"), ("user", "漫游"), ("user", "."), ("group", "77"),
        ("room", "88"),
    ]  # fmt: skip
    for kind, name in made:
        ledger.made(LedgerEntry(KEY, kind, name))
    ledger.made(LedgerEntry(KEY, "user", "gone"))
    ledger.removed(LedgerEntry(KEY, "user", "gone"))
    ledger.seen_absent(LedgerEntry(KEY, "user", f"{MARK}-absent"))
    ledger.intend(LedgerEntry(KEY, "user", "intended"))
    ledger.intend(LedgerEntry(KEY, "user", f"{MARK}-1u"))
    ledger.intend(LedgerEntry(KEY, "user", "77"))
    ledger.intend(LedgerEntry(KEY, "user", "99"))
    ledger.intend(LedgerEntry(KEY, "user", "b"))
    return Guard(ledger, MARK, loopback=loopback, base_path=base_path)


ALLOWED = [
    ("DELETE", f"{CHAT}/u1?userId=u2&msgIdList=1,2"),
    ("DELETE", f"{CHAT}/u1?msgIdList=1&isNotify=true&userId=u2"),
    ("DELETE", f"{CHAT}/u1?userId=&msgIdList=1"),
    ("DELETE", f"{CHAT}/u1"),
    ("DELETE", f"{CHAT}/u1/time?userId=u2&delTime=1"),
    ("DELETE", f"{GROUP}/u1?groupId=77&msgIdList=1"),
    ("DELETE", f"{GROUP}/u1/time?groupId=88&delTime=1"),
    ("POST", "/acme/parlor/rest/message/roaming/user/u1/delete/all"),
    ("DELETE", "/acme/parlor/sdk/message/roaming/chat/user/u1?userId=u2&msgIdList=1"),
    ("POST", f"{CHAT}/u1?userId=u2&msgIdList=1"),
    # Escaped, and made
    ("DELETE", f"{CHAT}/a%2Fb?userId=%E6%BC%AB%E6%B8%B8&msgIdList=1"),
    ("DELETE", f"{CHAT}/%75%31?userId=%75%32"),
    # Made and removed, or looked up and not there
    ("DELETE", f"{CHAT}/gone?userId=u2"),
    ("DELETE", f"{CHAT}/{MARK}-absent?userId=u2"),
    # An app that carries the mark does not exist
    ("DELETE", f"/acme/{MARK}-1app/rest/message/roaming/chat/user/anyone?userId=u2&msgIdList=1"),
    # Nor does one of an org that carries it
    ("DELETE", f"/{MARK}-1app/parlor/rest/message/roaming/chat/user/anyone?userId=u2&msgIdList=1"),
    # Removing what was made
    ("DELETE", "/acme/parlor/users/u1"),
    ("DELETE", "/acme/parlor/chatgroups/77"),
    ("DELETE", "/acme/parlor/chatrooms/88"),
    # Not deletions
    ("GET", "/acme/parlor/users/someone"),
    ("POST", "/acme/parlor/users/u1/messageroaming"),
    ("GET", "/acme/parlor/users"),
    ("POST", "/acme/parlor/token"),
]

REFUSED = [
    # Somebody else, in either position
    ("DELETE", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    ("DELETE", f"{CHAT}/u1?userId=someone&msgIdList=1"),
    ("DELETE", f"{CHAT}/u1?userId=u2&userId=someone&msgIdList=1"),
    ("DELETE", f"{CHAT}/u1/time?userId=someone&delTime=1"),
    ("DELETE", f"{CHAT}/u1?userId=u2&groupId=99&msgIdList=1"),
    ("DELETE", f"{GROUP}/u1?groupId=99&msgIdList=1"),
    ("DELETE", f"{GROUP}/someone/time?groupId=77&delTime=1"),
    ("POST", "/acme/parlor/rest/message/roaming/user/someone/delete/all"),
    ("POST", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    ("PUT", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    ("PATCH", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    ("DELETE", "/acme/parlor/sdk/message/roaming/chat/user/someone?userId=u2&msgIdList=1"),
    # A service that deletes upon GET deletes all the same
    ("GET", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    ("HEAD", f"{CHAT}/someone?userId=u2&msgIdList=1"),
    # Escaped in whatever way
    ("DELETE", f"{CHAT}/u1?%75serId=someone&msgIdList=1"),
    ("DELETE", f"{CHAT}/%73omeone?userId=u2"),
    ("DELETE", f"{CHAT}/u1?userId=some+one"),
    ("DELETE", f"{CHAT}/%FF?userId=u2"),
    # A name is a name of one kind, and of one app
    ("DELETE", f"{CHAT}/77?userId=u2&msgIdList=1"),
    ("DELETE", f"{GROUP}/u1?groupId=u2&msgIdList=1"),
    ("DELETE", "/acme/elsewhere/rest/message/roaming/chat/user/u1?userId=u2&msgIdList=1"),
    ("DELETE", "/other/parlor/rest/message/roaming/chat/user/u1?userId=u2&msgIdList=1"),
    # Carrying the mark is not enough, nor is the intention to make it
    ("DELETE", f"{CHAT}/{MARK}-never-looked-up?userId=u2"),
    ("DELETE", f"{CHAT}/intended?userId=u2"),
    # Nobody, or dots
    ("DELETE", f"{CHAT}/?userId=u2&msgIdList=1"),
    ("DELETE", f"{CHAT}/.?userId=u2&msgIdList=1"),
    ("DELETE", f"{CHAT}/..?userId=u2&msgIdList=1"),
    ("DELETE", f"{CHAT}/%2E%2e?userId=u2&msgIdList=1"),
    ("POST", "/acme/parlor/rest/message/roaming/user//delete/all"),
    # A deletion in a form that nobody knows
    ("DELETE", "/acme/parlor/rest/message/roaming/room/user/u1?roomId=88"),
    ("DELETE", f"{CHAT}/u1/all"),
    ("DELETE", "/acme/parlor/v2/rest/message/roaming/chat/user/u1?userId=u2"),
    ("POST", "/acme/parlor/rest/message/roaming/user/u1/delete/all/"),
    ("POST", "/acme/parlor/rest/message%2Froaming/user/u1/delete/all"),
    # Removals
    ("DELETE", "/acme/parlor/users/someone"),
    ("DELETE", "/acme/parlor/users"),
    ("DELETE", "/acme/parlor/users?limit=100"),
    ("DELETE", "/acme/parlor/users/u1?force=true"),
    ("DELETE", "/acme/parlor/users/u1/contacts/users/someone"),
    ("DELETE", "/acme/parlor/chatgroups/99"),
    ("DELETE", "/acme/parlor/chatgroups/88"),
    ("DELETE", "/acme/parlor/chatrooms/77"),
    ("DELETE", "/acme/elsewhere/users/u1"),
    ("DELETE", "/acme/parlor"),
    ("DELETE", "/"),
]


@pytest.mark.parametrize(("method", "target"), ALLOWED)
def test_allowed(method: str, target: str) -> None:
    guard().check(method, target)


@pytest.mark.parametrize(("method", "target"), REFUSED)
def test_rejected(method: str, target: str) -> None:
    with pytest.raises(GuardError) as stopped:
        guard().check(method, target)
    assert method in str(stopped.value)
    assert stopped.value.exit_status == 4


def test_dots_may_stay_on_this_machine_when_they_were_made() -> None:
    guard(loopback=True).check("DELETE", f"{CHAT}/.?userId=u2&msgIdList=1")


@pytest.mark.parametrize("owner", ["", ".."])
def test_loopback_lets_nobody_through_who_is_unknown(owner: str) -> None:
    with pytest.raises(GuardError):
        guard(loopback=True).check("DELETE", f"{CHAT}/{owner}?userId=u2&msgIdList=1")


def test_the_reason_names_who_is_not_ours() -> None:
    with pytest.raises(GuardError, match=r"is about the user 'someone', which this run did not create\.$"):
        guard().check("DELETE", f"{CHAT}/u1?userId=someone&msgIdList=1")


# Behind a path


@pytest.mark.parametrize(("method", "target"), ALLOWED)
def test_allowed_behind_a_path(method: str, target: str) -> None:
    guard(base_path="/api/v1").check(method, f"/api/v1{target}")


@pytest.mark.parametrize(("method", "target"), REFUSED)
def test_rejected_behind_a_path(method: str, target: str) -> None:
    with pytest.raises(GuardError, match=re.escape(f"{method} ")):
        guard(base_path="/api/v1").check(method, f"/api/v1{target}")


@pytest.mark.parametrize(("method", "target"), ALLOWED)
def test_nothing_leaves_the_path(method: str, target: str) -> None:
    with pytest.raises(GuardError, match=r"is outside the path /api/v1 of the base URL\.$"):
        guard(base_path="/api/v1").check(method, target)


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        ("https://im.example.com", ""),
        ("https://im.example.com/", ""),
        ("https://im.example.com/api/v1", "/api/v1"),
        ("https://im.example.com/漫游", "/%E6%BC%AB%E6%B8%B8"),
        ("http://[::1]:8080/a", "/a"),
    ],
)
def test_the_path_of_a_base_url(base_url: str, path: str) -> None:
    assert base_path(base_url) == path


# What is created


@pytest.mark.parametrize(
    "body",
    [
        {"username": f"{MARK}-1u"},
        [{"username": f"{MARK}-1u"}],
        [],
        # The ID of a group that this run made
        {"username": "77"},
    ],
)
def test_what_the_ledger_lists_may_be_created(body: object) -> None:
    guard().check("POST", "/acme/parlor/users", body)


def test_a_name_of_one_character_is_asked_for_on_this_machine_alone() -> None:
    guard(loopback=True).check("POST", "/acme/parlor/users", {"username": "b"})
    with pytest.raises(GuardError, match="which is not in the ledger"):
        guard().check("POST", "/acme/parlor/users", {"username": "b"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("users", {"username": f"{MARK}-2u"}),
        ("users", [{"username": f"{MARK}-1u"}, {"username": f"{MARK}-2u"}]),
        # Listed, but without the mark: a later cleanup could not tell whose it is.
        ("users", {"username": "intended"}),
        ("users", {"username": "99"}),
        ("users", {"name": f"{MARK}-1u"}),
        ("users", {"username": [f"{MARK}-1u"]}),
        ("users", [f"{MARK}-1u"]),
        ("users", None),
        ("users/", {"username": f"{MARK}-2u"}),
        ("chatgroups", {"groupname": f"{MARK}-1u"}),
        ("chatrooms", {"name": f"{MARK}-1u"}),
    ],
)
def test_what_the_ledger_does_not_list_is_not_created(path: str, body: object) -> None:
    with pytest.raises(GuardError, match="which is not in the ledger of this run"):
        guard().check("POST", f"/acme/parlor/{path}", body)
