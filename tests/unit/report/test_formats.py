"""Markdown, SARIF and the badge, and what every format does with values that are no plain text."""

import json
import re
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from tests.unit.report.sample_reports import EXCHANGE, failure, item, large_report, report

from roamspec.report.badge import badge
from roamspec.report.formats import FORMATS, rendered
from roamspec.report.markdown import MOST_LINES, markdown
from roamspec.report.sarif import sarif

HOSTILE: Final = (
    "first\n::error file=a::owned\n  ::add-mask::x\n##[error]owned ###[group]x ##vso[task.setvariable]x\n"
    "=cmd|' /C calc'!A0 @octocat #1 <b>bold</b> \x1b[31mred\x1b[0m </text></svg> [a](http://x) `code` | cell"
)


def hostile_report() -> dict[str, Any]:
    bad = item(0, "fail", title=HOSTILE, run_again=HOSTILE)
    bad["checks"][0]["failure"] = failure(expected=HOSTILE, actual=HOSTILE, reproduce=HOSTILE, hint=HOSTILE)
    bad["source"] |= {"page": HOSTILE, "section": HOSTILE, "says": HOSTILE, "url": f"http://x/{HOSTILE}"}
    of = report([bad, item(1, "inconclusive", reason=HOSTILE)], notes=[HOSTILE], because=[HOSTILE])
    of["target"] |= {"app_key": HOSTILE, "base_url": HOSTILE}
    of["tool"]["version"] = HOSTILE
    return of


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_has_a_line_that_a_runner_takes_for_a_command(name: str) -> None:
    text = rendered(hostile_report(), name).decode("utf-8")

    assert "owned" in text or name == "badge"
    assert [line for line in text.splitlines() if re.match(r"\s*::[A-Za-z]", line)] == []
    assert re.findall(r"##[A-Za-z]*\[", text) == []
    assert "\x1b" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert rendered(large_report(80), name) == rendered(large_report(80), name)


@pytest.mark.parametrize(
    "of", [large_report(2000), hostile_report(), report([])], ids=["large", "hostile", "none"]
)
def test_markdown_has_at_most_sixty_lines(of: dict[str, Any]) -> None:
    assert len(markdown(of).splitlines()) <= MOST_LINES


def test_markdown_has_verdict_target_numbers_and_each_failure_with_its_rule() -> None:
    text = markdown(report([item(0, "fail", run_again="roamspec run --req x"), item(5, "pass")]))

    assert text.splitlines()[0] == "### ❌ roamspec: non-conforming"
    assert "emulator `http://127.0.0.1:40123` `acme#parlor`" in text
    assert "| deleteChatMessages | 1 | 1 | 0 | 0 | 0 |" in text
    assert "- **delete-chat-messages.success.rule-0**: Rule 0 holds." in text
    assert "[单向删除漫游消息, 错误码, line 83](<https://doc.example/message_delete.html>)" in text
    assert "expected: status 400; actual: status 200" in text
    assert "`roamspec run --req x`" in text


def test_markdown_says_how_many_failures_it_leaves_out_and_shows_those_that_block_first() -> None:
    failed = [item(number, "fail", decisive=number == 19, level="should") for number in range(20)]

    text = markdown(report(failed))

    assert "- and 12 more failures, in `report.html`" in text
    assert re.findall(r"rule-(\d+)\*\*", text)[0] == "19"


def test_no_value_acts_in_markdown() -> None:
    text = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown(hostile_report()))

    assert "\\<b\\>bold" in text
    assert not re.search(r"(?<!\\)<(?!http)", text)
    assert "@octocat" not in text
    tables = [line for line in text.splitlines() if line.startswith("| d")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {7}


def test_sarif_has_a_rule_and_a_result_for_each_failure() -> None:
    of = report([item(0, "fail"), item(1, "fail", decisive=False), item(2, "pass"), item(3, "inconclusive")])

    (run,) = json.loads(sarif(of))["runs"]

    rules, results = run["tool"]["driver"]["rules"], run["results"]
    assert [rule["id"] for rule in rules] == [result["ruleId"] for result in results]
    assert [(result["level"], result["ruleIndex"]) for result in results] == [("error", 0), ("warning", 1)]
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "operations/deleteChatMessages"
    )
    assert results[0]["message"]["text"] == "Rule 0 holds. expected: status 400; actual: status 200."
    assert rules[0]["helpUri"] == "https://doc.example/message_delete.html"
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_has_what_code_scanning_asks_for() -> None:
    log = json.loads(sarif(large_report(200)))

    assert log["version"] == "2.1.0"
    prints = set()
    for result in log["runs"][0]["results"]:
        assert result["message"]["text"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
        prints.update(result["partialFingerprints"].values())
    assert len(prints) == len(log["runs"][0]["results"])
    for rule in log["runs"][0]["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]


def test_a_waived_failure_is_suppressed_in_sarif() -> None:
    waived = item(0, "waived", reason="waived until 2026-12-31 by the team: known")

    (result,) = json.loads(sarif(report([waived])))["runs"][0]["results"]

    assert result["suppressions"] == [
        {"kind": "external", "justification": "waived until 2026-12-31 by the team: known"}
    ]


def test_a_run_without_a_verdict_is_no_success_in_sarif() -> None:
    of = report([], verdict="incomplete", exit_status=3, because=["The target is unreachable."])

    (invocation,) = json.loads(sarif(of))["runs"][0]["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 3
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "The target is unreachable."


@pytest.mark.parametrize("verdict", ["conforming", "non-conforming", "incomplete"])
def test_the_badge_says_the_verdict_the_version_and_the_day(verdict: str) -> None:
    root = ET.fromstring(badge(report([], verdict=verdict)))  # noqa: S314 - made by this very test

    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert texts == ["roamspec 0.1.0", f"{verdict} · 2026-01-01"]
    colour = root.findall("{http://www.w3.org/2000/svg}rect")[1].get("fill")
    assert (colour == "#1a7f37") == (verdict == "conforming")


IDS: Final = [str(1625540956018693395 + number) for number in range(50)]


@pytest.mark.parametrize("name", ["html", "junit", "markdown", "sarif"])
@pytest.mark.parametrize("separator", [",", ", ", "%2C", '", "'])
def test_a_long_list_of_ids_is_short_wherever_people_read_it(name: str, separator: str) -> None:
    listed = separator.join(IDS)
    exchange = EXCHANGE | {"url": f"http://127.0.0.1/x?msgIdList={listed}", "response_body": f'["{listed}"]'}
    bad = item(0, "fail", reason=listed)
    bad["checks"][0] |= {"reason": listed}
    bad["checks"][0]["failure"] = failure(expected=listed, actual=listed, exchanges=[exchange], reproduce="")
    waived = item(1, "waived", reason=listed)
    of = report([bad, waived, item(2, "inconclusive", reason=listed)], notes=[listed])

    text = rendered(of, name).decode().replace("\\(", "(").replace("\\)", ")")

    assert IDS[0] in text
    assert "… (50)" in text
    assert IDS[9] not in text
