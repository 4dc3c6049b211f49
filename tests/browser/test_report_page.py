"""`report.html` in a browser: what a person sees, and what the page never does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page
from tests.unit.report.sample_reports import EXCHANGE, failure, item, large_report, report

from roamspec.report.html.renderer import write_html

Open = Callable[..., Page]
HOSTILE: Final = (
    "</script><script>document.title='owned'</script>"
    "<img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">"
    "{{ 7 * 7 }} \x1b[31mred\x1b[0m \u202etxt.exe"
)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of a report from disk; at the end, it must have been quiet and off line."""
    heard: list[str] = []
    context = browser.new_context()

    def open_page(of: dict[str, Any], hash_: str = "", **viewport: int) -> Page:
        path = tmp_path / "report.html"
        write_html(of, path)
        page = context.new_page()
        if viewport:
            page.set_viewport_size({"width": viewport["width"], "height": 800})
        page.on("console", lambda message: heard.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.append(f"request: {request.url}"))
        page.goto(path.as_uri() + hash_)
        return page

    yield open_page
    context.close()
    page_itself = f"request: {(tmp_path / 'report.html').as_uri()}"
    assert [line for line in heard if line.partition("#")[0] != page_itself] == []


def shown_ids(page: Page) -> list[str]:
    script = "[...document.querySelectorAll('[data-item]:not([hidden])')].map((node) => node.dataset.id)"
    found: list[str] = page.evaluate(script)
    return found


def test_two_thousand_requirements_take_less_than_a_second_of_script(opened: Open) -> None:
    page = opened(large_report(2000))

    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.reload()
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}

    assert len(shown_ids(page)) == 2000
    assert 0 < metrics["ScriptDuration"] < 1


def test_the_filters_show_what_fits_and_are_kept_in_the_address(opened: Open) -> None:
    of = large_report(400)
    page = opened(of)

    page.select_option("[name=verdict]", "fail")
    page.select_option("[name=operation]", "clearUser")

    wanted = [
        each["id"]
        for each in of["requirements"]
        if each["verdict"] == "fail" and each["operations"] == ["clearUser"]
    ]
    assert shown_ids(page) == wanted
    assert page.evaluate("location.hash") == "#verdict=fail&operation=clearUser"
    assert page.inner_text("#shown") == f"{len(wanted)} of 400 requirements"


def test_an_address_with_filters_opens_filtered(opened: Open) -> None:
    page = opened(large_report(400), "#q=rule-24&family=effect&verdict=pass")

    assert page.input_value("[name=q]") == "rule-24"
    assert page.input_value("[name=family]") == "effect"
    found = shown_ids(page)
    assert found
    assert all(".effect.rule-24" in name for name in found)


def test_the_search_finds_the_text_of_a_finding(opened: Open) -> None:
    of = report([item(0, "fail"), item(1, "pass"), item(2, "inconclusive")])
    of["requirements"][0]["checks"][0]["failure"]["actual"] = "the peer lost 3 messages"
    page = opened(of)

    page.fill("[name=q]", "PEER lost")

    assert shown_ids(page) == ["delete-chat-messages.success.rule-0"]
    page.fill("[name=q]", "nothing has this")
    assert page.is_visible("#nothing")
    page.click("button[type=reset]")
    page.wait_for_function("document.querySelectorAll('[data-item]:not([hidden])').length === 3")
    assert page.evaluate("location.hash") == ""


def test_a_cell_of_the_matrix_filters_by_operation_and_family(opened: Open) -> None:
    page = opened(large_report(400))

    page.click("table.matrix a.fail >> nth=0")

    page.wait_for_function("document.querySelector('[name=operation]').value !== ''")
    operation, family = page.input_value("[name=operation]"), page.input_value("[name=family]")
    assert all(f".{family}." in name for name in shown_ids(page))
    assert (operation, family) == ("deleteChatMessages", "success")


def test_an_address_that_names_a_requirement_opens_it(opened: Open) -> None:
    name = "clear-group-before.success.rule-4"
    of = report([item(number, "fail") for number in range(5)])

    page = opened(of, f"#{name}")

    assert page.get_attribute(f"[id='{name}']", "open") is not None
    assert page.is_visible(f"[id='{name}'] .actual")


def test_what_a_service_answered_is_shown_and_never_run(opened: Open) -> None:
    exchange = EXCHANGE | {"response_body": HOSTILE, "url": f"javascript:{HOSTILE}", "note": HOSTILE}
    found = failure(actual=HOSTILE, expected=HOSTILE, reproduce=HOSTILE, hint=HOSTILE, exchanges=[exchange])
    bad = item(0, "fail", title=HOSTILE, run_again=HOSTILE)
    bad["checks"][0]["failure"] = found
    bad["source"] |= {"url": "javascript:document.title='owned'", "says": HOSTILE}
    of = report([bad, item(1, "inconclusive", reason=HOSTILE)], notes=[HOSTILE])
    of["target"]["app_key"] = HOSTILE

    page = opened(of)

    assert "</script>" in page.inner_text(".actual")
    assert "{{ 7 * 7 }} \\x1b[31mred" in page.inner_text(".actual")
    assert "\\u202etxt.exe" in page.inner_text(".actual")
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert page.locator("a[href^=javascript]").count() == 0
    assert page.title() != "owned"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_is_never_wider_than_the_window(opened: Open, width: int) -> None:
    page = opened(large_report(100), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(opened: Open, scheme: Any) -> None:
    page = opened(large_report(40))
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")

    assert page.evaluate(CONTRASTS) == []


CONTRASTS: Final = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const back = (node) => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const low = new Set();
  for (const node of document.querySelectorAll("body *:not(script):not(svg *)")) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [one, two] = [light(channels(getComputedStyle(node).color).slice(0, 3)), light(back(node))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) low.add(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return [...low];
}"""


def test_the_keyboard_reaches_every_finding_and_every_field_has_a_label(opened: Open) -> None:
    page = opened(report([item(0, "fail"), item(1, "fail")]))

    page.focus("[id='delete-group-messages.success.rule-1'] > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    assert page.get_attribute("[id='delete-group-messages.success.rule-1']", "open") is not None
    fields = page.locator("input, select")
    assert all(
        fields.nth(number).evaluate("field => field.labels.length") for number in range(fields.count())
    )


def test_printing_shows_every_finding(opened: Open) -> None:
    page = opened(report([item(number, "fail") for number in range(5)]))

    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert page.locator(".card[open]").count() == 5
    assert not page.is_visible("#filters")
