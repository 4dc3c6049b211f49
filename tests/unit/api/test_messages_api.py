"""Sending, importing and pulling."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from tests.unit.conftest import MakeSite, ok

from roamspec.api import messages_api
from roamspec.api.messages_api import ConversationKind, HistoryQuery, PullStyle
from roamspec.errors import SetupFailed
from roamspec.transport.http_messages import Response
from roamspec.wire import PulledMessage, encode_message

STYLE = PullStyle()
THEIR_CHAT = HistoryQuery("u1", "chat", "u2")


def pulled(*identifiers: int) -> list[dict[str, str]]:
    """Items of `data.msgs`."""
    messages = [PulledMessage(str(i), "u1", "u2", "chat", 1000 + i, "hi", "txt") for i in identifiers]
    return [{"msg_id": message.id, "msg": encode_message(message, "acme#parlor")} for message in messages]


def page(*identifiers: int, **fields: Any) -> httpx.Response:
    return ok(data={"msgs": pulled(*identifiers), **fields})


@pytest.mark.parametrize(
    ("kind", "path"),
    [("chat", "messages/users"), ("group", "messages/chatgroups"), ("room", "messages/chatrooms")],
)
@pytest.mark.parametrize("identifier", ["1623022678929637383", 1623022678929637383])
def test_sending(site: MakeSite, kind: ConversationKind, path: str, identifier: object) -> None:
    target = site(ok(data={"u2": identifier}))

    assert messages_api.send(target.app, kind, "u1", "u2", "hi") == "1623022678929637383"

    assert target.script.targets == [f"POST /acme/parlor/{path}"]
    sent = json.loads(target.script.requests[0].content)
    assert (sent["from"], sent["to"], sent["body"]) == ("u1", ["u2"], {"msg": "hi"})


@pytest.mark.parametrize(
    "data", [None, {}, [], {"u2": "success"}, {"u2": ""}, {"u2": True}, {"u2": {"id": 1}}, {"u3": 1, "u4": 2}]
)
def test_a_send_that_names_no_message(site: MakeSite, data: object) -> None:
    with pytest.raises(SetupFailed, match="has no message ID"):
        messages_api.send(site(ok(data=data)).app, "chat", "u1", "u2", "hi")


@pytest.mark.parametrize("time_ms", [None, 1710309184114])
def test_importing(site: MakeSite, time_ms: int | None) -> None:
    target = site(ok(data={"msg_id": "5"}))

    answer = messages_api.try_import(target.app, "group", "u1", "77", "hi", time_ms)

    assert messages_api.imported_id(answer, "importing") == "5"
    assert target.script.targets == ["POST /acme/parlor/messages/chatgroups/import"]
    sent = json.loads(target.script.requests[0].content)
    assert (sent["from"], sent["target"], sent.get("msg_timestamp")) == ("u1", "77", time_ms)


@pytest.mark.parametrize(
    "answer", [httpx.Response(403, json={}), ok(data=None), ok(data={}), ok(data={"msg_id": None})]
)
def test_an_import_that_names_no_message(site: MakeSite, answer: httpx.Response) -> None:
    came = messages_api.try_import(site(answer).app, "chat", "u1", "u2", "hi", None)
    with pytest.raises(SetupFailed, match=r"^importing"):
        messages_api.imported_id(came, "importing")


def test_all_pages_are_pulled(site: MakeSite) -> None:
    target = site(page(1, 2, next_key="a"), page(3, next_key="b"), page(4, is_last=True, next_key="c"))
    seen: list[Response] = []

    messages = messages_api.pull_all(target.app, THEIR_CHAT, STYLE, on_page=seen.append)

    assert [message.id for message in messages] == ["1", "2", "3", "4"]
    assert [json.loads(r.content)["start"] for r in target.script.requests] == [-1, "a", "b"]
    assert target.script.targets[0] == "POST /acme/parlor/users/u1/messageroaming"
    assert len(seen) == 3


@pytest.mark.parametrize("last", [None, "", "undefined", "null"])
def test_every_way_to_say_that_it_was_the_last_page(site: MakeSite, last: str | None) -> None:
    target = site(page(1, next_key=last), page(2))
    assert len(messages_api.pull_all(target.app, THEIR_CHAT, STYLE)) == 1


def test_a_page_without_a_cursor_is_the_last(site: MakeSite) -> None:
    assert messages_api.pull_all(site(page()).app, THEIR_CHAT, STYLE) == []


def test_an_empty_page_need_not_be_the_last(site: MakeSite) -> None:
    target = site(page(next_key="a"), page(9, is_last=True))
    assert [m.id for m in messages_api.pull_all(target.app, THEIR_CHAT, STYLE)] == ["9"]


def test_cursors_that_run_in_a_circle_end(site: MakeSite) -> None:
    replies = [page(1, next_key="a"), page(2, next_key="b"), page(3, next_key="a")]
    target = site(*replies, httpx.Response(500))

    messages = messages_api.pull_all(target.app, THEIR_CHAT, STYLE)

    assert [message.id for message in messages] == ["1", "2", "3"]


def test_pages_without_an_end_stop_the_pull(site: MakeSite) -> None:
    count = iter(range(10**6))
    target = site(lambda _: page(next_key=f"k{next(count)}"))

    with pytest.raises(SetupFailed, match="does not end"):
        messages_api.pull_all(target.app, THEIR_CHAT, STYLE)


def test_the_targets_own_style_of_pulling(site: MakeSite) -> None:
    target = site(page(is_last=True))
    style = PullStyle(first_cursor="", page_size=20, with_user_token=True)

    query = HistoryQuery("u1", "group", "77", newer=True, token="YWMtOwn")
    messages_api.pull_all(target.app, query, style)

    [request] = target.script.requests
    assert request.headers["authorization"] == "Bearer YWMtOwn"
    assert json.loads(request.content) == {
        "queue": "77@conference.easemob.com",
        "start": "",
        "end": -1,
        "pull_number": 20,
        "is_positive": True,
    }


def test_types_are_named_when_some_are_asked_for(site: MakeSite) -> None:
    target = site(page(is_last=True))

    messages_api.pull_all(target.app, replace(THEIR_CHAT, types=("txt", "img")), STYLE)

    [request] = target.script.requests
    assert json.loads(request.content)["msgType"] == "txt,img"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(403, json={"error": "forbidden"}), "failed: 403"),
        (httpx.Response(200, text="<html>"), "failed: 200"),
        (ok(), "no data.msgs"),
        (ok(data=[]), "no data.msgs"),
        (ok(data={"msgs": {}}), "no data.msgs"),
        (ok(data={"msgs": ["text"]}), "has no msg"),
        (ok(data={"msgs": [{"msg": 5}]}), "has no msg"),
        (ok(data={"msgs": [{"msg": "no base64 at all"}]}), "cannot be decoded"),
        (ok(data={"msgs": [{"msg": "//////"}]}), "cannot be decoded"),
        (ok(data={"msgs": [], "next_key": {"a": 1}}), "next_key"),
        (ok(data={"msgs": [], "next_key": [1]}), "next_key"),
    ],
)
def test_a_pull_in_an_odd_shape(site: MakeSite, answer: httpx.Response, why: str) -> None:
    with pytest.raises(SetupFailed) as failed:
        messages_api.pull_all(site(answer).app, THEIR_CHAT, STYLE)
    assert str(failed.value).startswith("querying the history of the chat u2 as u1")
    assert why in str(failed.value)
