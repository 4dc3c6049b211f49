"""What changed from one report to the next."""

from typing import Any

import pytest
from tests.unit.report.sample_reports import item, report

from roamspec.report.comparison import Comparison, compare
from roamspec.report.comparison_text import comparison_text


def ids(items: Any) -> list[str]:
    return [each["id"].rpartition("-")[2] for each in items]


def compared(old: list[str], new: list[str]) -> Comparison:
    return compare(
        report([item(number, verdict) for number, verdict in enumerate(old)]),
        report([item(number, verdict) for number, verdict in enumerate(new)]),
    )


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("pass", "fail", "new_failures"),
        ("inconclusive", "fail", "new_failures"),
        ("not-run", "fail", "new_failures"),
        ("fail", "pass", "fixed"),
        ("waived", "pass", "fixed"),
        ("fail", "fail", "still_failing"),
        ("waived", "fail", "still_failing"),
        ("fail", "waived", "still_failing"),
        ("pass", "inconclusive", "no_longer_judged"),
        ("fail", "not-run", "no_longer_judged"),
        ("pass", "pass", ""),
        ("inconclusive", "pass", ""),
        ("inconclusive", "not-run", ""),
    ],
)
def test_each_pair_of_verdicts_has_its_place(old: str, new: str, where: str) -> None:
    found = compared([old], [new])

    places = ("new_failures", "fixed", "still_failing", "no_longer_judged")
    assert [name for name in places if getattr(found, name)] == ([where] if where else [])


def test_a_new_requirement_can_fail_and_a_removed_one_is_no_longer_judged() -> None:
    assert ids(compared(["pass"], ["pass", "fail"]).new_failures) == ["1"]
    gone = compared(["pass", "fail"], ["pass"])
    assert ids(gone.no_longer_judged) == ["1"]
    assert "rule-1: it is not in the new report" in comparison_text(gone)


def test_a_citation_has_changed_when_another_page_section_or_statement_stands_there() -> None:
    old, new = report([item(0, "pass"), item(1, "pass")]), report([item(0, "pass"), item(1, "pass")])
    new["requirements"][0]["source"] |= {"line": 99}
    new["requirements"][1]["source"] |= {"says": "`400`: more than `60` message IDs."}

    assert ids(compare(old, new).changed_citations) == ["1"]


def timed(*seconds: float) -> dict[str, Any]:
    items = [item(number, "pass") for number in range(len(seconds))]
    for each, value in zip(items, seconds, strict=True):
        each["checks"][0]["duration_s"] = value
    return report(items)


def test_a_time_beyond_noise_is_reported_and_a_slower_machine_is_none() -> None:
    found = compare(timed(1, 1, 1, 1, 0.01), timed(3, 3, 3, 9, 0.9))

    assert [(timing.old, timing.new) for timing in found.timings] == [(1, 9)]
    assert "1.00 s, now 9.00 s  test_success[clearChatBefore]" in comparison_text(found)


def test_what_makes_two_reports_differ_is_remarked() -> None:
    old, new = report([]), report([], verdict="incomplete", because=["It was interrupted."])
    new["contract"] = {"sha256": "0a" * 32}
    new["target"] = {"kind": "emulator", "base_url": "http://127.0.0.1:1", "app_key": "acme#parlor"}

    assert compare(old, new).remarks == [
        "The contract is not the same: 3f3f3f3f3f3f, now 0a0a0a0a0a0a.",
        "The new run gave no verdict: It was interrupted.",
    ]
    service = new | {"target": new["target"] | {"kind": "service"}}
    assert (
        compare(old, service).remarks[0].startswith("The target is not the same: emulator acme#parlor, now")
    )


def test_the_text_has_each_new_failure_with_what_was_expected_and_what_came() -> None:
    text = comparison_text(compared(["pass", "fail", "fail"], ["fail", "pass", "waived"]))

    assert text == (
        "New failures: 1\n"
        "  delete-chat-messages.success.rule-0\n"
        "    Rule 0 holds.\n"
        "    expected: status 400; actual: status 200\n"
        "\n"
        "Fixed: 1\n"
        "  delete-group-messages.success.rule-1\n"
        "\n"
        "Still failing: 1\n"
        "  clear-user.success.rule-2  (waived)\n"
    )
    assert comparison_text(compared(["pass"], ["pass"])) == "New failures: 0\n"
