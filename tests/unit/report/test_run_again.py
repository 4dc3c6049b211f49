"""The line that judges a requirement again stands in every format, whole; lists of IDs are cut for people."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

from roamspec.report.console import summary
from roamspec.report.junit import junit_xml
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Failure, Judgement
from roamspec.shortening import short_lists

Fold = Callable[..., Aggregate]
NAME = "delete-chat-messages.limit.fifty-one-refused"
LINE = f"roamspec run --base-url http://127.0.0.1:40123 --seed 7 --req {NAME}"
IDS = [str(1625540956018693395 + number) for number in range(50)]


def report_of(fold: Fold, conforming: Mapping[str, Any], failure: Failure, **options: Any) -> dict[str, Any]:
    return fold({**conforming, NAME: [Judgement(NAME, "fail", "", failure)]}, **options).report()


def test_every_requirement_says_how_it_is_judged_again(
    fold: Fold, conforming: Mapping[str, Any], failure: Failure
) -> None:
    items = report_of(fold, conforming, failure)["requirements"]

    assert all(item["run_again"].endswith(f"--req {item['id']}") for item in items)
    assert next(item["run_again"] for item in items if item["id"] == NAME) == LINE


def test_the_line_is_whole_on_a_narrow_terminal(
    fold: Fold, conforming: Mapping[str, Any], failure: Failure
) -> None:
    lines = summary(report_of(fold, conforming, failure), path="my dir/report.json", width=40).splitlines()

    assert f"    {LINE}" in lines
    assert f"    roamspec reproduce 'my dir/report.json' {NAME}" in lines
    assert not any("curl" in line for line in lines), "the run has removed whom a curl line names"


def test_where_no_run_can_judge_again_there_is_no_line(
    fold: Fold, conforming: Mapping[str, Any], failure: Failure
) -> None:
    report = report_of(fold, conforming, failure, command=())

    assert all("run_again" not in item for item in report["requirements"])
    assert "curl -sS -X DELETE" in summary(report, path="r"), "of calls that a client made"


def test_junit_has_the_line_too(fold: Fold, conforming: Mapping[str, Any], failure: Failure) -> None:
    root = ET.fromstring(junit_xml(report_of(fold, conforming, failure)))  # noqa: S314 - made by this very test

    [text] = [element.text for element in root.iter("failure")]
    assert text is not None
    assert f"run again: {LINE}" in text.splitlines()


def test_long_lists_are_cut_for_people_and_whole_in_json(
    fold: Fold, conforming: Mapping[str, Any], failure: Failure
) -> None:
    long = replace(failure, actual=f"50 messages gone: {', '.join(IDS)}")

    report = report_of(fold, conforming, long)

    texts = (summary(report, path="r"), junit_xml(report).decode())
    assert all(IDS[1] in text and IDS[2] not in text and "(50)" in text for text in texts)
    assert ", ".join(IDS) in json.dumps(report)


def test_short_lists_and_sentences_stay() -> None:
    assert short_lists("1625540956018693395, 1625540956018693396 gone") == (
        "1625540956018693395, 1625540956018693396 gone"
    )
    assert short_lists("the chat, the group, the room, the list, and more") == (
        "the chat, the group, the room, the list, and more"
    )
    of_five = "for clearUser, clearChatBefore, clearGroupBefore, deleteChatMessages, deleteGroupMessages"
    assert short_lists(of_five) == of_five
    assert short_lists(f"?msgIdList={'%2C'.join(IDS)}&x") == f"?msgIdList={IDS[0]}, {IDS[1]}, … (50)&x"
