"""The HTML page, read as text; `tests/browser` looks at it in a browser."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from tests.unit.report.sample_reports import EXCHANGE, failure, item, report

from roamspec.errors import SuiteError
from roamspec.report.html.exchange_reading import read_exchange
from roamspec.report.html.findings import finding_of
from roamspec.report.html.matrix import matrix_of
from roamspec.report.html.renderer import Renderer, write_html
from roamspec.report.html.sequence import diagram_of
from roamspec.report.markdown import markdown
from roamspec.report.translation import translation
from roamspec.results.aggregate import Aggregate
from roamspec.wire.message import PulledMessage, encode_message

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]
TEXTS: Final = translation()
_VOID: Final = {"meta", "link", "br", "input"}


class Balanced(HTMLParser):
    """Collects the tags that are not closed in the order in which they were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


def pulled(*ids: str) -> str:
    messages = (
        encode_message(PulledMessage(i, "u1", "u2", "chat", 1710309184114, "hi"), "acme#parlor") for i in ids
    )
    listed = ",".join(f'{{"msg":"{text}"}}' for text in messages)
    return f'{{"data":{{"msgs":[{listed}]}}}}'


def deletion(user: str, peer: str, *ids: str) -> dict[str, Any]:
    path = f"acme/parlor/rest/message/roaming/chat/user/{user}"
    url = f"http://127.0.0.1:40123/{path}?userId={peer}&msgIdList={','.join(ids)}"
    return EXCHANGE | {"url": url}


def history_query(user: str, body: str) -> dict[str, Any]:
    url = f"http://127.0.0.1:40123/acme/parlor/users/{user}/messageroaming"
    return EXCHANGE | {"method": "POST", "url": url, "request_body": "{}", "response_body": body}


def test_a_report_of_a_run_becomes_a_page_that_is_well_formed(fold: Fold, conforming: Verdicts) -> None:
    verdicts = {
        **conforming,
        "clear-user.all.every-kind": "fail",
        "clear-user.notify.devices-told": "inconclusive",
    }
    reader = Balanced()

    reader.feed(Renderer().html(fold(verdicts, errors={"test_x": "it broke"}).report()))

    assert reader.wrong == []
    assert reader.open == []


def test_the_verdict_and_the_target_come_before_the_matrix_and_failures_before_the_rest() -> None:
    text = Renderer().html(report([item(0, "pass"), item(1, "inconclusive"), item(2, "fail")]))

    places = [
        text.index(part)
        for part in ("<h1>Non-conforming", "acme#parlor</b>", 'id="matrix"', 'id="clear-user.success.rule-2"')
    ]
    places += [
        text.index(f'id="{name}.success.rule-') for name in ("delete-group-messages", "delete-chat-messages")
    ]
    assert places == sorted(places)


def test_a_failure_has_its_citation_its_run_again_line_and_its_curl_line() -> None:
    text = Renderer().html(report([item(0, "fail", run_again="roamspec run --req x --seed 7")]))

    assert '<a href="https://doc.example/message_delete.html" rel="noreferrer">单向删除漫游消息</a>' in text
    assert "错误码, line 83" in text
    assert "<code>400</code>: more than <code>50</code> message IDs." in text
    assert "roamspec run --req x --seed 7</pre>" in text
    assert "curl -sS http://127.0.0.1:40123/</pre>" in text


def test_a_failure_that_does_not_block_comes_after_those_that_do() -> None:
    of = report([item(0, "fail", decisive=False, level="should"), item(1, "fail")])

    text = Renderer().html(of)

    assert text.index('id="delete-group-messages.success.rule-1"') < text.index(
        'id="delete-chat-messages.success'
    )
    assert "Failures that do not block" in text


def test_the_page_runs_its_own_script_alone() -> None:
    text = Renderer().html(report([item(0, "fail")]))

    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text.replace("&#39;", "'")
    assert "default-src 'none'" in text.replace("&#39;", "'")


def test_the_matrix_shows_the_worst_of_each_cell() -> None:
    items = [item(0, "pass"), item(40, "fail"), item(1, "inconclusive"), item(41, "pass"), item(2, "pass")]
    items += [item(3, "fail", decisive=False), item(4, "not-run"), item(5, "waived")]

    matrix = matrix_of(items, strict=False)

    tones = {
        cell.operation: cell.tone for _, cells in matrix.rows for cell in cells if cell.family == "success"
    }
    assert tones == {
        "deleteChatMessages": "fail",
        "deleteGroupMessages": "inconclusive",
        "clearUser": "pass",
        "clearChatBefore": "minor",
        "clearGroupBefore": "not-run",
    }
    assert matrix.rows[0][1][1].tone == "waived"
    assert matrix.rows[1][1][1].tone == "none"
    assert matrix.rows[0][1][0].shown == [("fail", 1), ("pass", 1)]


def test_with_strict_a_failure_that_does_not_block_is_as_bad_as_one_that_does() -> None:
    assert matrix_of([item(0, "fail", decisive=False)], strict=True).rows[0][1][0].tone == "fail"


def test_the_diagram_has_owner_peer_service_and_devices() -> None:
    exchanges = [EXCHANGE, history_query("u1", pulled("2", "3")), history_query("u2", pulled("1", "2", "3"))]
    heard = [{"operation": "delete_messages", "conversation": "chat u2", "message_ids": ["1", "2"]}]
    devices: list[dict[str, Any]] = [
        {"user": "u1", "device": "d1", "notifications": heard},
        {"user": "u2", "device": "d1", "notifications": []},
    ]

    diagram = diagram_of(exchanges, devices, TEXTS)

    assert [(lane.role, lane.name) for lane in diagram.lanes] == [
        ("Owner", "u1"),
        ("Peer", "u2"),
        ("Service", ""),
        ("Devices", ""),
    ]
    assert [(arrow.kind, arrow.detail) for arrow in diagram.arrows][3:] == [
        ("success", "2 messages, 1 of the 2 specified for deletion"),
        ("request", "{}"),
        ("success", "3 messages, 2 of the 2 specified for deletion"),
        ("notification", "delete_messages chat u2 1,2"),
        ("silence", "no notification"),
    ]
    assert {arrow.x1 for arrow in diagram.arrows[4:5]} == {diagram.lanes[1].x}


def test_a_response_that_is_cut_says_how_many_messages_it_has_at_least() -> None:
    cut = pulled("1", "2", "3")[:-40] + "… (9999 bytes)"

    diagram = diagram_of([history_query("u1", cut)], [], TEXTS)

    assert diagram.arrows[1].detail == "2+ messages"
    assert [lane.role for lane in diagram.lanes] == ["Other user", "Service"]


def test_a_message_that_may_be_in_the_rest_of_a_cut_response_is_not_called_deleted() -> None:
    cut = pulled("1", "2", "3")[:-40] + "… (9999 bytes)"

    def detail(*ids: str) -> str:
        return diagram_of([deletion("u1", "u2", *ids), history_query("u1", cut)], [], TEXTS).arrows[3].detail

    assert detail("3") == "2+ messages"
    assert detail("1", "3") == "2+ messages, 1+ of the 2 specified for deletion"


def test_many_exchanges_are_drawn_up_to_a_number_that_is_said() -> None:
    of = report([item(0, "fail")])
    of["requirements"][0]["checks"][0]["failure"] = failure(exchanges=[EXCHANGE] * 30)

    text = Renderer().html(of)

    assert "6 further exchanges are not drawn." in text


@pytest.mark.parametrize(
    "url",
    ["", "http://[", "not a url", "http://h/rest/message/roaming/user/%FF/delete/all", "http://h/users/"],
)
def test_no_url_keeps_the_page_from_being_made(url: str) -> None:
    exchange = EXCHANGE | {"url": url, "status": None, "error": "no answer", "response_body": "[" * 5000}

    assert read_exchange(exchange, frozenset()).response == "no answer"
    assert diagram_of([exchange], [], TEXTS).arrows[1].kind == "error"


def test_a_long_list_of_ids_is_short_in_the_diagram_and_whole_in_the_curl_line() -> None:
    ids = ",".join(str(number) for number in range(50))
    exchange = EXCHANGE | {"url": f"http://h/o/a/rest/message/roaming/chat/user/u1?userId=u2&msgIdList={ids}"}
    failed = item(0, "fail")
    failed["checks"][0]["failure"] = failure(exchanges=[exchange], reproduce=f"curl '{ids}'")

    found = finding_of(failed, TEXTS)

    assert found.evidence.diagram is not None
    assert found.evidence.diagram.arrows[0].detail == "userId=u2 msgIdList=0,1 … (+48)"
    assert ids in found.evidence.curl


def test_a_secret_of_the_run_is_replaced_and_a_redacted_one_is_none(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    body = '{"access_token":"<redacted:token>","x":"s3cr3t-of-this-run"}'
    of = report([item(0, "fail")])
    of["requirements"][0]["checks"][0]["failure"] = failure(exchanges=[EXCHANGE | {"response_body": body}])

    write_html(of, path, secrets=("s3cr3t-of-this-run",))

    text = path.read_text(encoding="utf-8")
    assert "s3cr3t-of-this-run" not in text
    assert "&lt;redacted:secret&gt;" in text


def test_a_value_that_looks_like_a_secret_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    token = "YWMt" + "kQ2vR9xLw7ZpBn3cT1uJ5hGfDs8aEy6o" * 3

    with pytest.raises(SuiteError, match="was not written"):
        write_html(report([item(0, "pass")], notes=[f"Authorization: Bearer {token}"]), path)
    assert not path.exists()


def test_a_page_that_cannot_be_made_is_reported_in_one_sentence(tmp_path: Path) -> None:
    of = report([item(0, "fail")])
    del of["requirements"][0]["source"]

    with pytest.raises(SuiteError, match=r"report.html could not be made: KeyError"):
        write_html(of, tmp_path / "report.html")


def test_a_long_list_of_ids_in_what_came_is_short(tmp_path: Path) -> None:
    ids = ", ".join(str(1625537541519712426 + number) for number in range(50))
    of = report([item(0, "fail")])
    of["requirements"][0]["checks"][0]["failure"] = failure(actual=f"50 messages still in the history: {ids}")

    write_html(of, tmp_path / "report.html")

    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1625537541519712426, 1625537541519712427, … (50)" in text
    assert "1625537541519712475" not in text
    assert "1625537541519712475" not in markdown(of)
