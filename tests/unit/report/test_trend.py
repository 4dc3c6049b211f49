"""Verdicts over time: what flips, what fails since when, and what is not taken for a flip."""

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.unit.report.sample_reports import item, report

from roamspec.errors import UsageError
from roamspec.report.trend.collecting import Refused, collect
from roamspec.report.trend.document import trend_document
from roamspec.report.trend.history import Flip, Trend, trend_of
from roamspec.report.trend.page import trend_html, trend_page
from roamspec.report.trend.text import trend_text
from roamspec.resources import folder

HOSTILE = "<script>alert(1)</script>\x1b[31m\n::error::x"


def trend(rows: Sequence[Sequence[str]], **changes: Any) -> Trend:
    """Of runs on succeeding days; each row has the verdicts of the requirements 0, 1, ..."""
    return trend_of([(f"{day}/report.json", of(day, row, **changes)) for day, row in enumerate(rows, 1)])


def of(day: int, row: Sequence[str], **changes: Any) -> dict[str, Any]:
    items = [item(number, verdict) for number, verdict in enumerate(row)]
    return report(items, started_at=f"2026-01-{day:02}T02:00:00Z", **changes)


def put(where: Path, name: str, content: dict[str, Any] | str) -> None:
    path = where / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")


def test_a_requirement_that_goes_there_and_back_flips_twice() -> None:
    found = trend([("pass", "pass"), ("fail", "pass"), ("pass", "pass")])

    assert [history.id for history in found.flipping] == ["delete-chat-messages.success.rule-0"]
    assert found.flipping[0].flips == [Flip(0, 1, "fail"), Flip(1, 2, "pass")]


def test_the_most_flips_come_first() -> None:
    found = trend([("pass", "fail"), ("fail", "pass"), ("fail", "fail")])

    assert [len(history.flips) for history in found.flipping] == [2, 1]


@pytest.mark.parametrize("between", ["inconclusive", "not-run"])
def test_what_was_not_judged_is_no_flip_and_hides_none(between: str) -> None:
    assert trend([("pass",), (between,), ("pass",)]).flipping == []
    assert trend([("pass",), (between,), ("fail",)]).flipping[0].flips == [Flip(0, 2, "fail")]


def test_a_waived_failure_is_a_failure() -> None:
    assert trend([("fail",), ("waived",), ("fail",)]).flipping == []
    assert trend([("pass",), ("waived",)]).flipping[0].flips == [Flip(0, 1, "fail")]


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": {"sha256": "ab" * 32}},
        {"catalogue": {"revision": 3}},
        {"target": {"kind": "service", "base_url": "https://a1.example.com", "app_key": "acme#parlor"}},
        {"target": {"kind": "emulator", "base_url": "http://127.0.0.1:1", "app_key": "acme#other"}},
    ],
    ids=["contract", "requirements", "service", "app"],
)
def test_another_verdict_of_another_contract_or_target_is_no_flip(changes: dict[str, Any]) -> None:
    found = trend_of([("a", of(1, ["pass"])), ("b", of(2, ["fail"], **changes)), ("c", of(3, ["pass"]))])

    assert [run.series for run in found.runs] == [0, 1, 0]
    assert found.flipping == []


def test_emulators_with_other_faults_are_other_targets_and_their_ports_do_not_matter() -> None:
    broken = of(2, ["fail"])
    broken["requirements"][0]["run_again"] = "roamspec run --fault a.b.c --seed 1 --req x"
    moved = of(3, ["fail"])
    moved["target"]["base_url"] = "http://127.0.0.1:9"

    found = trend_of([("a", of(1, ["pass"])), ("b", broken), ("c", moved)])

    assert found.runs[1].faults == ("a.b.c",)
    assert found.flipping[0].flips == [Flip(0, 2, "fail")]


def test_what_fails_says_since_when() -> None:
    found = trend([("fail",), ("pass",), ("fail",), ("inconclusive",), ("fail",)])

    assert [history.id for history in found.failing] == ["delete-chat-messages.success.rule-0"]
    assert found.failing_since(found.failing[0]) == 2


def test_what_only_some_reports_have_is_there_with_gaps() -> None:
    found = trend_of([("a", of(1, ["pass", "fail"])), ("b", of(2, ["pass"]))])

    assert found.histories[1].verdicts == ["fail", None]
    assert found.histories[1].latest == "fail"


def test_json_is_of_its_schema_and_has_whole_requirements() -> None:
    found = trend([("pass", "fail", "waived"), ("fail", "fail", "inconclusive")])
    schema = json.loads((folder("contracts") / "trend.schema.json").read_text(encoding="utf-8"))

    document = trend_document(found, [Refused("x/report.json", "it is cut off")])

    jsonschema_rs.validator_for(schema).validate(json.loads(json.dumps(document)))
    assert document["requirements"][0]["title"] == "Rule 0 holds."
    assert document["requirements"][0]["verdicts"] == ["pass", "fail"]
    assert document["flipping"] == ["delete-chat-messages.success.rule-0"]


def test_the_text_has_runs_flips_and_failures() -> None:
    text = trend_text(trend([("pass", "fail"), ("fail", "fail"), ("pass", "fail")]), [])

    assert text.count("report.json") == 3
    assert "✓✗✓  delete-chat-messages.success.rule-0\n    changed 2 times, last to pass" in text
    assert "delete-group-messages.success.rule-1, since 2026-01-01" in text


def test_the_text_says_that_nothing_changed() -> None:
    assert "No requirement changed its verdict" in trend_text(trend([("pass",), ("pass",)]), [])


def test_the_page_has_what_flips_first_then_what_fails_then_the_rest() -> None:
    page = trend_page(trend([("pass", "fail", "pass"), ("fail", "fail", "pass")]), [])

    names = [[row.history.id[-1] for row in rows] for rows in (page.flipping, page.failing, page.others)]
    assert names == [["0"], ["1"], ["2"]]


def test_the_columns_of_a_run_are_its_numbers() -> None:
    page = trend_page(trend([("pass", "fail"), ("pass", "pass")]), [])

    assert [[(part.tone, part.height) for part in column.parts] for column in page.verdicts] == [
        [("fail", 50.0), ("pass", 50.0)],
        [("pass", 100.0)],
    ]
    assert [column.value for column in page.failures] == ["1", "0"]


def test_no_value_acts_in_the_page_or_in_the_text() -> None:
    bad = of(1, ["fail"])
    bad["requirements"][0] |= {"title": HOSTILE, "run_again": f"roamspec run --fault '{HOSTILE}'"}
    bad["target"]["app_key"] = HOSTILE
    found, refused = trend_of([(HOSTILE, bad)]), [Refused(HOSTILE, HOSTILE)]

    page, text = trend_html(found, refused), trend_text(found, refused)

    assert _Scripts.number(page) == 1
    assert "\x1b" not in page + text
    assert not [line for line in (page + text).splitlines() if line.lstrip().startswith("::")]


class _Scripts(HTMLParser):
    found = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.found += tag == "script"

    @classmethod
    def number(cls, page: str) -> int:
        parser = cls()
        parser.feed(page)
        return parser.found


def test_reports_are_found_at_any_depth_in_the_order_of_their_time(tmp_path: Path) -> None:
    put(tmp_path, "new/report.json", of(3, ["pass"]))
    put(tmp_path, "b/c/report.json", of(1, ["fail"]))
    put(tmp_path, "nightly-2.json", of(2, ["pass"]))
    put(tmp_path, "latest/report.json", of(3, ["pass"]))
    put(tmp_path, "b/selftest.json", '{"schema": "other"}')

    found, refused = collect(tmp_path)

    assert [each.file for each in found] == ["b/c/report.json", "nightly-2.json", "latest/report.json"]
    assert refused == []


@pytest.mark.parametrize(
    "content", ['{"schema": "roamspec.report/1", ', '{"schema": "roamspec.report/9"}', "[]"]
)
def test_a_report_that_cannot_be_used_is_not_left_out_without_a_word(tmp_path: Path, content: str) -> None:
    put(tmp_path, "1/report.json", of(1, ["pass"]))
    put(tmp_path, "2/report.json", content)

    found, refused = collect(tmp_path)

    assert len(found) == 1
    assert [each.file for each in refused] == ["2/report.json"]
    assert "2/report.json" in refused[0].reason


def test_a_folder_without_reports_is_rejected(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match=r"no report\.json|is no folder"):
            collect(place)
