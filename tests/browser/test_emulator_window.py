"""The emulator's window in a browser: what a person sees happen, and what the page never does."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_report_page import CONTRASTS

HOSTILE: Final = "</script><img src=x onerror=\"document.title='owned'\">{{ 7 * 7 }} \u202etxt.exe"
REST: Final = "/rest/message/roaming/chat/user/alice?userId=bob"


@dataclass(frozen=True)
class App:
    """One app of a running emulator, called with its token."""

    http: httpx.Client
    base_url: str
    made: dict[str, Any]

    @property
    def path(self) -> str:
        return f"{self.made['org']}/{self.made['app']}"

    @property
    def ids(self) -> list[str]:
        found: list[str] = self.made["scenario"]["messages"]
        return found

    def call(self, method: str, path: str) -> httpx.Response:
        token = self.made["app_token"]
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        return self.http.request(method, f"{self.base_url}/{self.path}{path}", headers=headers)

    def control(self, path: str = "") -> Any:
        return self.http.get(f"{self.base_url}/_emulator/apps/{self.path}{path}").json()

    def observe(self, user: str, device: str) -> Any:
        return self.http.stream(
            "GET", f"{self.base_url}/_emulator/observer/{self.path}/users/{user}/devices/{device}/events"
        )


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """An emulator as the command starts it."""
    command = [sys.executable, "-m", "roamspec", "emulate", "--exit-with-parent"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = str(json.loads(process.stdout.readline())["base_url"])
        assert process.stderr.readline() == f"roamspec: the emulator's window is {url}/_emulator/ui\n"
        yield url
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture
def app(base_url: str) -> Iterator[App]:
    """A fresh app in which alice and bob have three messages, and a group."""
    texts = ["one", HOSTILE, "three"]
    scenario = {
        "users": ["alice", "bob", "carol"],
        "groups": [{"owner": "alice", "members": ["bob", "carol"], "name": "Trip"}],
        "messages": [{"from": "alice", "to": "bob", "text": text, "timestamp": 1} for text in texts],
    }
    with httpx.Client(timeout=10, trust_env=False) as http:
        answer = http.post(f"{base_url}/_emulator/apps", json={"scenario": scenario})
        yield App(http, base_url, answer.json())


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page that must not complain, and must ask nobody but the emulator."""
    heard: list[str] = []
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda each: heard.append(each.url) if not each.url.startswith(base_url) else None)
    yield page
    assert page.title() == "roamspec emulator"
    context.close()
    # A browser tells of every refusal; the page shows it as a sentence.
    assert [line for line in heard if not line.startswith(("data:", "console: Failed to load"))] == []


def opened(page: Page, app: App) -> None:
    page.goto(f"{app.base_url}/_emulator/ui")
    expect(page.locator("#live")).to_have_text("live")
    page.select_option("#app", app.path)


def of(page: Page, owner: str, kind: str = "li:not(.gone)") -> Any:
    return page.locator(f"[data-owner={owner}] {kind}")


def test_a_one_way_deletion_is_a_gap_in_one_column(page: Page, app: App) -> None:
    opened(page, app)
    expect(of(page, "alice")).to_have_count(3)
    expect(of(page, "bob")).to_have_count(3)

    assert app.call("DELETE", f"{REST}&msgIdList={app.ids[0]}").status_code == 200

    expect(of(page, "alice", "li.gone")).to_have_attribute("data-id", app.ids[0])
    expect(of(page, "alice")).to_have_count(2)
    expect(of(page, "bob")).to_have_count(3)
    expect(page.locator("#calls li")).to_have_count(1)
    expect(page.locator("#calls .chip.pass")).to_have_text("passes")


def test_values_are_shown_and_never_run(page: Page, app: App) -> None:
    opened(page, app)
    app.call("DELETE", "/rest/message/roaming/chat/user/%3Cimg%20src=x%3E?userId=%3Cb%3E&msgIdList=1")

    expect(of(page, "bob").nth(1)).to_contain_text("</script><img src=x")
    expect(of(page, "bob").nth(1)).to_contain_text("\\u202etxt.exe")
    page.locator("#calls summary").click()
    expect(page.locator("#calls pre").first).to_contain_text("%3Cimg")
    assert page.locator("img").count() == 0


def test_devices_come_and_go(page: Page, app: App) -> None:
    opened(page, app)
    with app.observe("alice", "ios_1"):
        expect(page.locator("#devices li li")).to_contain_text("ios_1")
        expect(page.locator("#facts")).to_have_text("3 users, 1 device online")
        page.get_by_role("button", name="disconnect ios_1 of alice").click()
        expect(page.locator("#devices li li")).to_have_count(0)
    assert app.control("/devices") == {"devices": {}}


def test_the_journal_shows_what_is_wrong_and_filters(page: Page, app: App) -> None:
    opened(page, app)
    app.call("DELETE", f"{REST}&msgIdList={app.ids[0]}")
    app.call("DELETE", REST)
    app.call("GET", "/nowhere")
    expect(page.locator("#calls li")).to_have_count(3)

    page.select_option("[name=verdict]", "fail")

    expect(page.locator("#count")).to_have_text("1 of 3")
    page.locator("#calls li:not([hidden]) summary").click()
    finding = page.locator("#calls li:not([hidden]) dt")
    expect(finding).to_contain_text("delete-chat-messages.client-request.required-parameters")
    page.keyboard.press("/")
    page.keyboard.type("nowhere")
    expect(page.locator("#no-calls")).to_have_text("No call fits the filters.")
    page.keyboard.press("Escape")
    expect(page.locator("#count")).to_have_text("3 of 3")
    page.select_option("[name=status]", "4")
    expect(page.locator("#count")).to_have_text("2 of 3")


def test_a_fault_that_is_switched_on_shows_in_the_answers(page: Page, app: App) -> None:
    opened(page, app)
    broken = "delete-chat-messages.success.request-status-code-ok"
    faults = app.http.get(f"{app.base_url}/_emulator/faults").json()["faults"]
    name = next(each["name"] for each in faults if broken in each["refutes"])

    page.fill("[name=fault]", name)
    page.click("#faults button[type=submit]")
    expect(page.locator("#faults-on li")).to_have_count(1)
    assert app.control("/faults")["faults"] == [name]
    app.call("DELETE", f"{REST}&msgIdList=1")
    page.locator("#calls summary", has_text="fails").click()
    expect(page.locator("#calls dt")).to_have_text(f"answer {broken}")
    page.get_by_role("button", name=f"switch {name} off").click()
    expect(page.locator("#faults-on li")).to_have_count(0)
    assert app.control("/faults")["faults"] == []

    page.fill("[name=fault]", "no-such-fault")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("no-such-fault")


def test_disturbances_clock_and_reset(page: Page, app: App) -> None:
    opened(page, app)
    page.select_option("[name=kind]", "503")
    page.click("#disturbances button[type=submit]")
    expect(page.locator("#disturbances-on li")).to_have_text("503 on * 1 time")
    assert app.call("DELETE", f"{REST}&msgIdList=1").status_code == 503
    expect(page.locator("#calls .chip.minor")).to_have_text("503")
    page.click("#calm")
    expect(page.locator("#disturbances-on li")).to_have_count(0)

    page.click("#freeze")
    expect(page.locator("#frozen")).to_be_visible()
    before = app.control("/clock")["now"]
    page.click("text=+1 day")
    expect(page.locator("#now")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$"))
    page.click("#freeze")
    expect(page.locator("#frozen")).to_be_hidden()
    assert app.control("/clock")["now"] >= before + 86_400_000

    page.click("#reset")
    page.click("#do-reset")
    expect(page.locator("#facts")).to_have_text("0 users, 0 devices online")
    expect(page.locator("#calls li")).to_have_count(0)
    page.click("#example")
    page.click("#scenario button[type=submit]")
    expect(page.locator("#facts")).to_have_text("3 users, 0 devices online")
    page.click("#scenario button[type=submit]")
    expect(page.locator("#said")).to_be_visible()
    page.fill("[name=scenario]", "{")
    page.click("#scenario button[type=submit]")
    expect(page.locator("#said")).to_contain_text("The scenario is no JSON")


def test_three_people_of_a_group_stand_side_by_side(page: Page, app: App) -> None:
    opened(page, app)
    page.select_option("#conversation", index=1)
    expect(page.locator(".column")).to_have_count(3)
    page.get_by_label("carol").uncheck()
    expect(page.locator(".column")).to_have_count(2)


def test_an_emulator_that_ends_is_reported(browser: Browser) -> None:
    with _emulator() as (process, url):
        page = browser.new_page()
        page.goto(f"{url}/_emulator/ui")
        expect(page.locator("#live")).to_have_text("live")
        process.terminate()
        assert process.wait(10) == 0, "a page that looks keeps nobody from ending"
        expect(page.locator("#live")).to_have_text("no connection")
        page.close()


@contextmanager
def _emulator() -> Iterator[tuple["subprocess.Popen[str]", str]]:
    command = [sys.executable, "-m", "roamspec.faults"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())["base_url"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_is_never_wider_than_the_window(page: Page, app: App, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, app)
    app.call("DELETE", f"{REST}&msgIdList={'1' * 200}")
    page.locator("#calls summary").click()
    expect(page.locator("#calls pre").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_two_views_stand_side_by_side_also_on_a_phone(page: Page, app: App, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, app)
    expect(of(page, "bob")).to_have_count(3)
    tops = page.locator(".column").evaluate_all("all => all.map(each => each.getBoundingClientRect().top)")
    assert len(tops) == 2
    assert tops[0] == tops[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(page: Page, app: App, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    opened(page, app)
    app.call("DELETE", f"{REST}&msgIdList={app.ids[0]}")
    app.call("DELETE", REST)
    page.locator("#calls summary").first.click()
    expect(page.locator("#calls pre").first).to_be_visible()
    assert page.evaluate(f"({CONTRASTS})()") == []


def test_every_field_has_a_label_and_every_button_a_name(page: Page, app: App) -> None:
    opened(page, app)
    fields = page.locator("input, select, textarea")
    assert all(fields.nth(n).evaluate("field => field.labels.length") for n in range(fields.count()))
    buttons = page.locator("button")
    assert all(buttons.nth(n).evaluate("button => button.textContent.trim()") for n in range(buttons.count()))
