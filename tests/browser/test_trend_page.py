"""The page of `roamspec trend` in a browser: filters, width, contrast, and no request to anywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.test_report_page import CONTRASTS, shown_ids
from tests.unit.report.sample_reports import item, report

from roamspec.report.trend.history import trend_of
from roamspec.report.trend.page import trend_html


@pytest.fixture(params=["light", "dark"])
def page(request: Any, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Of thirty runs: requirement 0 flips, 1 fails, 2 is inconclusive now and then, the others pass."""
    runs: list[tuple[str, dict[str, Any]]] = []
    for day in range(1, 31):
        verdicts = [
            "fail" if day % 2 else "pass",
            "fail",
            "inconclusive" if day % 3 else "pass",
            *["pass"] * 60,
        ]
        items = [item(number, verdict) for number, verdict in enumerate(verdicts)]
        runs.append((f"{day}/report.json", report(items, started_at=f"2026-01-{day:02}T00:00:00Z")))
    file = tmp_path / "trend.html"
    file.write_text(trend_html(trend_of(runs)), encoding="utf-8")
    context = browser.new_context(color_scheme=request.param)
    opened, heard = context.new_page(), []
    opened.on("console", lambda message: heard.append(message.text))
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("request", lambda each: heard.append(each.url))
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert [line for line in heard if line.partition("#")[0] != file.as_uri()] == []


def test_the_filters_work_as_on_the_page_of_a_run(page: Page) -> None:
    page.select_option("[name=verdict]", "fail")

    assert shown_ids(page) == ["delete-group-messages.success.rule-1"]
    assert page.evaluate("location.hash") == "#verdict=fail"
    page.select_option("[name=verdict]", "")
    page.fill("[name=q]", "rule-22")
    assert len(shown_ids(page)) == 1
    assert page.inner_text("#shown") == "1 of 63 requirements"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_fits_and_every_text_has_enough_contrast(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRASTS) == []
    assert page.locator("svg.columns").count() == 4
