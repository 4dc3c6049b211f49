"""Whose fault a failure most likely is, told from what was asked and answered alone."""

import pytest

from roamspec.appkey import AppKey
from roamspec.suite.triage_hints import SERVICE, likely_fault
from roamspec.transport.exchange import Exchange

MAIN = AppKey("acme", "parlor")
URL = "https://im.example.test/acme/parlor/rest/message/roaming/user/u/delete/all"
CLOSED = "https://im.example.test/acme/closed/rest/message/roaming/user/u/delete/all"
NOT_OPEN = '{"error":"service open exception","error_description":"this appKey not open message roaming"}'


def told(
    status: int | None, body: str = "", *, url: str = URL, family: str = "effect", error: str = ""
) -> str:
    exchange = Exchange("POST", url, status=status, response_body=body, error=error or None)
    return likely_fault([exchange], family=family, main=MAIN)


@pytest.mark.parametrize("status", [200, 202, 302, 400, 404, 405, 500])
def test_an_answer_that_is_only_wrong_is_the_services(status: int) -> None:
    assert told(status, '{"error":"whatever"}') == SERVICE


def test_nothing_sent_gives_no_hint() -> None:
    assert likely_fault([], family="effect", main=MAIN) == ""


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_or_addresses(status: int) -> None:
    assert "configuration" in told(status)
    assert "allow-list" in told(status)


def test_a_wrong_rejection_of_wrong_credentials_is_the_services() -> None:
    assert told(403, family="auth") == SERVICE


def test_message_roaming_is_not_open() -> None:
    said = told(400, NOT_OPEN)
    assert said.startswith("Likely cause: the configuration. Message roaming is disabled for acme#parlor")


def test_of_the_closed_app_it_was_expected() -> None:
    assert told(400, NOT_OPEN, url=CLOSED) == SERVICE


def test_a_success_may_say_anything() -> None:
    assert told(200, NOT_OPEN) == SERVICE


def test_an_app_that_nobody_knows() -> None:
    said = told(404, '{"error":"organization_application_not_found"}')
    assert "does not know the app acme#parlor; check --org and --app" in said


@pytest.mark.parametrize(("status", "body"), [(429, ""), (400, '{"error":"reach_limit"}')])
def test_too_fast(status: int, body: str) -> None:
    assert "--rate" in told(status, body)


def test_silence() -> None:
    said = told(None, error="ReadTimeout: timed out")
    assert "No complete response arrived (ReadTimeout: timed out)" in said


@pytest.mark.parametrize(("status", "body"), [(415, ""), (400, '{"error":"json_parse"}')])
def test_a_request_that_cannot_be_read_may_be_ours(status: int, body: str) -> None:
    assert told(status, body).startswith("Possible cause: roamspec")


def test_a_gateway() -> None:
    assert "gateway" in told(503)


def test_the_exchange_that_explains_it_is_found_among_others() -> None:
    fine = Exchange("POST", URL, status=200)
    late = Exchange("DELETE", URL, status=429)
    assert "--rate" in likely_fault([fine, late, fine], family="limit", main=MAIN)
