"""Requests to the five operations as the documentation writes them."""

import pytest

from roamspec.api.deletions import deletion, escaped, id_list
from roamspec.appkey import AppKey
from roamspec.contract.load import load_contract

KEY = AppKey("acme", "parlor")
ROAMING = "/acme/parlor/rest/message/roaming"


@pytest.mark.parametrize(
    ("name", "query", "request_line"),
    [
        (
            "deleteChatMessages",
            [("userId", "peer"), ("msgIdList", "1,2"), ("isNotify", "false")],
            f"DELETE {ROAMING}/chat/user/owner?userId=peer&msgIdList=1,2&isNotify=false",
        ),
        (
            "deleteGroupMessages",
            [("groupId", "77"), ("msgIdList", "1")],
            f"DELETE {ROAMING}/group/user/owner?groupId=77&msgIdList=1",
        ),
        ("clearUser", [], f"POST {ROAMING}/user/owner/delete/all"),
        (
            "clearChatBefore",
            [("userId", "peer"), ("delTime", "1659014868000")],
            f"DELETE {ROAMING}/chat/user/owner/time?userId=peer&delTime=1659014868000",
        ),
        (
            "clearGroupBefore",
            [("groupId", "77"), ("delTime", "1659014868000"), ("isNotify", "true")],
            f"DELETE {ROAMING}/group/user/owner/time?groupId=77&delTime=1659014868000&isNotify=true",
        ),
    ],
)
def test_each_operation(name: str, query: list[tuple[str, str]], request_line: str) -> None:
    request = deletion(load_contract().operation(name), KEY, "owner", query, token="YWMt1")

    assert f"{request.method} {request.target}" == request_line
    assert request.all_headers() == {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Authorization": "Bearer YWMt1",
    }
    assert (request.bucket, request.content()) == (name, None)


def test_owner_and_peer_are_escaped_each_in_its_place() -> None:
    operation = load_contract().operation("deleteChatMessages")
    request = deletion(operation, KEY, "o/1 ?", [("userId", "p&2=#"), ("msgIdList", "1")], token=None)
    assert request.target == f"{ROAMING}/chat/user/o%2F1%20%3F?userId=p%262%3D%23&msgIdList=1"


def test_a_name_that_looks_like_a_placeholder_stays_a_name() -> None:
    operation = load_contract().operation("clearUser")
    assert deletion(operation, KEY, "{userId}", token=None).target.endswith("/user/%7BuserId%7D/delete/all")


def test_raw_values_are_sent_untouched() -> None:
    operation = load_contract().operation("deleteChatMessages")
    request = deletion(operation, KEY, "o", [("msgIdList", "1%2C2")], token=None, raw=True)
    assert request.target.endswith("?msgIdList=1%2C2")


def test_another_method_and_other_headers() -> None:
    operation = load_contract().operation("clearUser")
    request = deletion(operation, KEY, "o", token=None, method="PUT", headers={"Accept": "*/*"})
    assert (request.method, request.all_headers()) == ("PUT", {"Accept": "*/*"})


def test_commas_separate_ids_and_are_not_escaped() -> None:
    assert id_list(["1", "2", "3"]) == "1,2,3"
    assert escaped("1,a/b,2") == "1,a%2Fb,2"
