"""JUnit XML, read back by a reader that accepts nothing it does not know."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from roamspec.report.junit import junit_xml, write_junit
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import CheckFinished, Failure, Judgement

Fold = Callable[..., Aggregate]
Verdicts = Mapping[str, Any]

_COUNTS: Final = {"tests", "failures", "errors", "skipped", "time"}
_ALLOWED: Final[dict[str, tuple[set[str], set[str]]]] = {
    # tag: its attributes, its children
    "testsuites": ({"name", *_COUNTS}, {"testsuite"}),
    "testsuite": ({"name", "timestamp", *_COUNTS}, {"testcase"}),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "system-out": (set(), set()),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
}
_COUNTED: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def read_strictly(content: bytes) -> ET.Element:
    """The root; AssertionError for an unknown tag or attribute, a wrong count or a name given twice."""
    root = ET.fromstring(content)  # noqa: S314 - made by this very test
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = _ALLOWED[element.tag]
        assert set(element.keys()) == attributes
        assert {child.tag for child in element} <= children
    for group in (root, *root):
        cases = list(group.iter("testcase"))
        assert int(group.get("tests", "")) == len(cases)
        kinds = [[child.tag for child in case if child.tag != "system-out"] for case in cases]
        assert all(len(tags) <= 1 for tags in kinds)
        messages = [child.get("message", "") for case in cases for child in case]
        assert not [message for message in messages if "\n" in message]
        for attribute, tag in _COUNTED.items():
            assert int(group.get(attribute, "")) == sum(case.find(tag) is not None for case in cases)
        assert float(group.get("time", "")) >= 0
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert not [name for name, count in names.items() if count > 1]
    return root


def only(root: ET.Element, tag: str) -> ET.Element:
    (element,) = root.iter(tag)
    return element


def test_each_requirement_is_one_test_case_of_its_operation(fold: Fold, conforming: Verdicts) -> None:
    root = read_strictly(junit_xml(fold(conforming).report()))

    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("deleteChatMessages", "5"),
        ("clearUser", "3"),
    ]
    assert root[0][0].get("name") == "delete-chat-messages.success.status"
    assert root[0][0].get("classname") == "roamspec.deleteChatMessages"
    assert root[0][0].get("time") == "0.250"


def test_what_was_not_judged_is_skipped_with_its_reason(fold: Fold, conforming: Verdicts) -> None:
    report = fold({**conforming, "clear-user.notify.devices-told": "inconclusive"}).report()

    messages = [s.get("message") for s in read_strictly(junit_xml(report)).iter("skipped")]

    assert messages == [
        "not-run: needs a quiet app",
        "inconclusive: the target shows no online devices: give --observer-url",
    ]


BLOCKS, DOES_NOT = "clear-user.notify.devices-told", "delete-chat-messages.value.odd-ids"


@pytest.mark.parametrize(
    ("name", "strict", "kind"),
    [(BLOCKS, False, "decisive"), (BLOCKS, True, "decisive"), (DOES_NOT, True, "not-decisive")],
)
def test_a_failure_carries_what_a_person_needs(
    fold: Fold, conforming: Verdicts, failure: Failure, name: str, strict: bool, kind: str
) -> None:
    report = fold({**conforming, name: "fail"}, strict=strict).report()

    element = only(read_strictly(junit_xml(report)), "failure")

    assert element.get("type") == kind
    assert element.get("message") == f"expected: {failure.expected}; actual: {failure.actual}"
    text = element.text or ""
    assert text.startswith("The promise ")
    for part in (failure.expected, failure.actual, failure.hint, "run again: roamspec run", "line 83"):
        assert part in text


def test_a_failure_says_what_it_follows_from(fold: Fold, conforming: Verdicts) -> None:
    failed = {**conforming, "clear-user.all.every-kind": "fail"}
    text = only(read_strictly(junit_xml(fold(failed).report())), "failure").text or ""

    assert (
        "must, derived: 单向删除漫游消息, 错误码, line 83 (https://doc.example/message_delete.html): "
        "`400`, `param exception`: more than `50` message IDs.\n"
        "响应状态码, 400 (https://doc.example/error.html): The request is wrong.\n"
        "Thus: Every kind is one of all.\n"
    ) in text


def test_a_failure_that_does_not_block_is_skipped(fold: Fold, conforming: Verdicts, failure: Failure) -> None:
    """A dashboard is not red for a run that ended with 0."""
    report = fold({**conforming, DOES_NOT: "fail"}).report()

    root = read_strictly(junit_xml(report))

    assert (report["exit_status"], root.get("failures"), root.get("errors")) == (0, "0", "0")
    case = next(case for case in root.iter("testcase") if case.get("name") == DOES_NOT)
    [skipped] = case.iter("skipped")
    assert skipped.get("message") == (f"non-blocking: expected: {failure.expected}; actual: {failure.actual}")
    assert "run again: roamspec run" in (only(case, "system-out").text or "")


def test_a_strict_run_that_ends_with_one_is_red(fold: Fold, conforming: Verdicts) -> None:
    report = fold({**conforming, BLOCKS: "inconclusive"}, strict=True).report()

    failure = only(read_strictly(junit_xml(report)), "failure")

    assert report["exit_status"] == 1
    assert failure.get("type") == "inconclusive"
    assert "give --observer-url" in failure.get("message", "")


def test_a_status_that_no_requirement_explains_is_red(fold: Fold, conforming: Verdicts) -> None:
    report = fold(conforming).report()
    report |= {"exit_status": 1, "because": ["The command itself failed, with status 2."]}

    failure = only(read_strictly(junit_xml(report)), "failure")

    assert failure.get("message") == "The command itself failed, with status 2."


def test_several_lines_and_several_checks_are_one_message(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold(conforming)
    for number in (1, 2):
        failure = Failure(f"one\nof {number}", "none\r\nof them")
        aggregate(CheckFinished(f"test_{number}", "fail", 0.1, (Judgement(BLOCKS, "fail", "", failure),)))

    element = only(read_strictly(junit_xml(aggregate.report())), "failure")

    assert element.get("message") == "expected: one of 1; actual: none of them (and 1 more)"


def test_each_check_takes_its_time_once(fold: Fold, conforming: Verdicts) -> None:
    """However many requirements it judges, of one operation or of several."""
    of_chat = [name for name in conforming if name.startswith("delete-chat")]
    aggregate = fold({})
    for check, seconds, judged in (
        ("test_one", 3.0, of_chat[:3]),
        ("test_more", 1.0, of_chat[2:]),
        ("test_all", 2.0, [of_chat[0], BLOCKS]),
    ):
        judgements = tuple(Judgement(name, "pass") for name in judged)
        aggregate(CheckFinished(check, "pass", seconds, judgements))

    root = read_strictly(junit_xml(aggregate.report()))

    times = {suite.get("name"): suite.get("time") for suite in root if suite.get("name") != "run"}
    assert times == {"deleteChatMessages": "5.000", "clearUser": "1.000"}
    for suite in root:
        cases = sum(float(case.get("time", "")) for case in suite.iter("testcase"))
        assert cases == pytest.approx(float(suite.get("time", "")), abs=0.01)


def test_a_failure_without_evidence_still_says_its_reason(fold: Fold, conforming: Verdicts) -> None:
    name = "clear-user.notify.devices-told"
    report = fold({**conforming, name: [Judgement(name, "fail", "no device was told")]}).report()

    assert "no device was told" in (only(read_strictly(junit_xml(report)), "failure").text or "")


def test_a_run_without_a_verdict_is_an_error(fold: Fold, conforming: Verdicts) -> None:
    run = fold(conforming, ending="target-lost", detail="http://127.0.0.1:1 does not answer.")

    root = read_strictly(junit_xml(run.report()))

    assert only(root, "error").get("message") == "http://127.0.0.1:1 does not answer."
    assert root.get("errors") == "1"


def test_a_check_in_which_the_suite_failed_is_an_error(fold: Fold, conforming: Verdicts) -> None:
    run = fold(conforming, errors={"test_x": "KeyError: 'id'"})

    errors = {
        case.get("name"): error.get("message")
        for case in read_strictly(junit_xml(run.report())).iter("testcase")
        for error in case.iter("error")
    }

    assert errors == {"verdict": "The suite itself failed in 1 check.", "test_x": "KeyError: 'id'"}


def test_characters_that_xml_forbids_are_written_out(fold: Fold, conforming: Verdicts) -> None:
    name = "clear-user.notify.devices-told"
    odd = "a\x00b\x1b[31mc\ud800d\ufffee]]>&<f>\u202eg\r\nh\ti"
    judged = [Judgement(name, "fail", "", Failure(expected=odd, actual="漫游 \U0001f600"))]
    report = fold({**conforming, name: judged}).report()

    text = only(read_strictly(junit_xml(report)), "failure").text or ""

    assert "expected: a\\x00b\\x1b[31mc\\ud800d\\ufffee]]>&<f>\\u202eg\nh\ti" in text
    assert "actual: 漫游 \U0001f600" in text


def test_secrets_are_replaced(fold: Fold, conforming: Verdicts, tmp_path: Path) -> None:
    run = fold(conforming, ending="suite-error", detail="the token YWMtSecretToken was refused")

    write_junit(run.report(), tmp_path / "junit.xml", secrets=["YWMtSecretToken"])

    content = (tmp_path / "junit.xml").read_bytes()
    assert b"YWMtSecretToken" not in content
    assert only(read_strictly(content), "error").get("message") == "the token <redacted:secret> was refused"
