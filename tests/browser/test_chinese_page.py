"""`report.html` in Chinese, in a browser: it says its language, fits a phone, and filters as in English."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page
from tests.unit.report.sample_reports import item, report

from roamspec.report.html.renderer import write_html

TITLE: Final = "A request with 51 IDs returns HTTP `400`."
PHONE: Final = 390


def opened(browser: Browser, folder: Path, *, width: int = 1280) -> Page:
    of = report([item(1, "fail", title=TITLE), item(2, "pass"), item(3, "inconclusive"), item(4, "not-run")])
    path = folder / "report.html"
    write_html(of, path, lang="zh")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    return page


def test_the_page_is_in_chinese(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path)

    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.inner_text("h1") == "不符合"
    assert "传入 51 个 ID 的请求返回 HTTP 400。" in page.inner_text("#findings")
    assert page.inner_text("#shown") == "显示 4 项，共 4 项要求"
    page.close()


def test_filters_work_by_what_they_mean(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path)

    page.select_option("[name=verdict]", label="失败")

    assert page.evaluate("location.hash") == "#verdict=fail"
    assert page.inner_text("#shown") == "显示 1 项，共 4 项要求"
    page.close()


def test_nothing_is_wider_than_a_phone(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, width=PHONE)

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.close()
