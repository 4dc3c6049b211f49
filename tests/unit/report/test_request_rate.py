"""Requests over time, from the events of checks, and the charts of them and of the observed lag."""

from typing import Any

import pytest
from tests.unit.report.conftest import Fold, Verdicts
from tests.unit.report.sample_reports import item, report

from roamspec.report.formats import rendered
from roamspec.report.html.charts import lag_bars, rate_curve
from roamspec.report.json_report import validate
from roamspec.results.events import CheckFinished
from roamspec.results.request_rate import Sent, request_rate, sent_by


def test_nothing_was_sent() -> None:
    assert request_rate([]) == {}
    assert sent_by(CheckFinished("a", "pass", 1.0, began_at=7.0)) is None
    assert sent_by(CheckFinished("a", "pass", 1.0, requests=3)) is None


def test_requests_are_spread_over_the_time_of_their_check() -> None:
    found = request_rate([Sent(100.0, 60.0, 60), Sent(130.0, 30.0, 300)])

    assert found["step_s"] == 1.0
    assert found["requests"] == [1.0] * 30 + [11.0] * 30


@pytest.mark.parametrize(
    "sent",
    [
        [Sent(5.0, 0.0, 7)],
        [Sent(5.0, 0.1, 7), Sent(5.05, 0.0, 3)],
        [Sent(1.0, 3.33, 100), Sent(2.5, 1000.0, 17), Sent(999.0, 4.0, 8)],
    ],
)
def test_no_request_is_lost(sent: list[Sent]) -> None:
    found = request_rate(sent)

    assert sum(found["requests"]) == pytest.approx(sum(each.requests for each in sent), abs=0.5)
    assert len(found["requests"]) <= 60


def test_a_run_reports_its_requests_over_time(fold: Fold, conforming: Verdicts) -> None:
    aggregate = fold(conforming)
    assert "request_rate" not in aggregate.report()

    aggregate(CheckFinished("further", "pass", 2.0, requests=40, began_at=1000.0))

    found = aggregate.report()
    validate(found)
    assert sum(found["request_rate"]["requests"]) == pytest.approx(40)


def test_the_page_has_charts_of_what_a_report_says_and_no_empty_ones() -> None:
    plain = report([item(0, "pass")])
    full: dict[str, Any] = plain | {
        "request_rate": {"step_s": 0.5, "requests": [10, 40, 0]},
        "lags_s": {"deletions": 0.0, "lists": 1.5},
    }
    validate(full)

    curve = rate_curve(full)
    assert curve is not None
    assert (curve.most, curve.seconds) == (80.0, 1.5)
    assert curve.points.startswith("0,100 0.00,75.00 33.33,75.00 33.33,0.00")
    bars = lag_bars(full, {"deletions": "d", "lists": "l"})
    assert [(bar.label, bar.seconds, bar.share) for bar in bars] == [("d", 0.0, 0.0), ("l", 1.5, 1.0)]
    page = rendered(full, "html").decode()
    assert "at most 80 per second" in page
    assert "A change in the conversation list" in page
    assert "<polygon" not in rendered(plain, "html").decode()
