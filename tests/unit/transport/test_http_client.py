"""The HTTP client: what goes out, what is made of what comes back, and what it does when nothing does."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from tests.unit.conftest import BASE_URL, SECRET, TOKEN, Clock, MakeSite, ok

from roamspec.errors import GuardError, Unreachable
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_client import KEPT_BODY_BYTES, MAX_RESPONSE_BYTES
from roamspec.transport.http_messages import Request

GET = Request("GET", "/acme/parlor/users/u1", "users")
DELETION = "/acme/parlor/rest/message/roaming/chat/user/u1?userId=u2&msgIdList=1,2%2C3&isNotify=true"


def test_a_request_leaves_as_it_is_written(site: MakeSite) -> None:
    target = site(ok())
    target.knows("u1", "u2")

    answer = target.client.send(Request("DELETE", DELETION, "deleteChatMessages", token=TOKEN))

    [sent] = target.script.requests
    assert (sent.method, sent.url.raw_path.decode()) == ("DELETE", DELETION)
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["content-type"] == sent.headers["accept"] == "application/json"
    assert sent.content == b""
    assert answer.ok


def test_no_header_is_added_that_the_caller_left_out(site: MakeSite) -> None:
    target = site(ok())

    target.client.send(Request("GET", "/acme/parlor/users/u1", "users", headers={}))

    assert set(target.script.requests[0].headers) == {"host", "connection", "user-agent", "accept-encoding"}


def test_json_is_sent_as_utf_8(site: MakeSite) -> None:
    target = site(ok())
    message = Request("POST", "/acme/parlor/messages/users", "send-users", json={"msg": "漫游"})

    target.client.send(message)

    assert target.script.requests[0].content == '{"msg":"漫游"}'.encode()


def test_an_answer_holds_what_came(site: MakeSite) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        target.clock.now += 0.25
        return httpx.Response(404, headers={"X-Odd": "1"}, json={"error": "gone"})

    target = site(slow)
    target.clock.now = 1010.0

    answer = target.client.send(GET)

    assert (answer.status, answer.object, answer.error) == (404, {"error": "gone"}, None)
    assert answer.headers["x-odd"] == "1"
    assert answer.elapsed_s == 0.25
    assert (answer.exchange.sent_at, answer.exchange.elapsed_s) == (10.0, 0.25)
    assert answer.exchange.url == f"{BASE_URL}/acme/parlor/users/u1"


def test_a_deletion_of_what_this_run_did_not_make_never_leaves(site: MakeSite) -> None:
    target = site(ok())
    target.knows("u1")

    with pytest.raises(GuardError):
        target.client.send(Request("DELETE", DELETION, "deleteChatMessages", token=TOKEN))

    assert (target.script.requests, target.client.requests) == ([], 0)


def test_the_guard_reads_the_target_as_it_goes_out(site: MakeSite) -> None:
    """Dots are resolved on the way out: what they hide is seen."""
    target = site(ok())
    target.knows("u1")

    with pytest.raises(GuardError, match="'someone'"):
        target.client.send(Request("DELETE", "/acme/parlor/users/u1/../someone", "users"))

    assert target.script.requests == []


def test_every_attempt_is_paced(site: MakeSite) -> None:
    target = site(httpx.Response(429), httpx.ReadError("dropped"), ok())

    target.client.send(GET)

    assert len(target.script.requests) == 3
    assert target.pacer.asked == ["users"] * 3
    assert target.client.requests == 3


@pytest.mark.parametrize("allowed", [True, False])
def test_a_burst_is_paced_unless_it_is_allowed(site: MakeSite, allowed: bool) -> None:
    target = site(ok(), ok(), allow_burst=allowed)

    target.client.send(replace(GET, retried=False))
    target.client.send(GET)

    assert target.pacer.asked == ["users"] * (1 if allowed else 2)


def test_redirects_are_not_followed(site: MakeSite) -> None:
    target = site(httpx.Response(307, headers={"Location": "http://elsewhere.test/"}))

    assert target.client.send(GET).status == 307
    assert len(target.script.requests) == 1


# Bounds


def _chunks(clock: Clock, size: int, pause_s: float) -> Iterator[bytes]:
    while True:
        clock.now += pause_s
        yield b"x" * size


def test_a_dribbling_answer_ends_at_the_deadline(site: MakeSite) -> None:
    target = site(ok(), deadline_s=3.0)
    target.script.replies = [httpx.Response(200, content=_chunks(target.clock, 1, 0.5))]

    answer = target.client.send(GET)

    assert (answer.status, answer.incomplete) == (None, True)
    assert answer.error == "the response was not complete after 3 s"
    assert answer.exchange.error == answer.error
    assert answer.elapsed_s < 4


def test_an_endless_answer_ends_at_the_limit(site: MakeSite) -> None:
    target = site(httpx.Response(200, content=_chunks(Clock(), 1 << 20, 0.0)))

    answer = target.client.send(GET)

    assert answer.status is None
    assert answer.error == f"the response is larger than {MAX_RESPONSE_BYTES} bytes"
    assert len(answer.body) <= MAX_RESPONSE_BYTES


def test_the_record_of_a_long_body_is_cut(site: MakeSite) -> None:
    answer = site(httpx.Response(200, content=b"y" * (KEPT_BODY_BYTES + 1))).client.send(GET)

    assert len(answer.body) == KEPT_BODY_BYTES + 1
    assert answer.exchange.response_body == "y" * KEPT_BODY_BYTES + f"… ({KEPT_BODY_BYTES + 1} bytes)"


# Nothing comes


def test_a_service_that_stopped_answering_long_ago_still_gets_the_least_time(site: MakeSite) -> None:
    target = site(ok())
    target.client._hung[GET.bucket] = 10_000

    assert target.client.send(GET).ok


@pytest.mark.parametrize(
    "dropped", [httpx.RemoteProtocolError("disconnected"), httpx.ReadError("reset"), httpx.WriteError("pipe")]
)
def test_a_dropped_connection_is_tried_once_more(site: MakeSite, dropped: Exception) -> None:
    target = site(dropped, ok(data="here"))

    assert target.client.send(GET).object == {"data": "here"}
    assert target.client.requests == 2


def test_a_service_that_always_breaks_off_is_no_answer(site: MakeSite) -> None:
    target = site(httpx.RemoteProtocolError("server disconnected"))

    answer = target.client.send(GET)

    assert answer.status is None
    assert answer.error == "RemoteProtocolError: server disconnected"
    assert answer.summary() == f"no complete response ({answer.error})"
    assert target.client.requests == 2


def test_silence_is_not_tried_again(site: MakeSite) -> None:
    target = site(httpx.ReadTimeout("silence"))

    answer = target.client.send(GET)

    assert (answer.status, target.client.requests) == (None, 1)
    assert answer.error == "ReadTimeout: silence"


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("silence")])
def test_nobody_who_accepts_a_connection(site: MakeSite, error: Exception) -> None:
    target = site(error)

    with pytest.raises(Unreachable, match=rf"cannot be reached .{type(error).__name__}: {error}"):
        target.client.send(GET)

    assert target.client.requests == 1


def test_a_body_that_breaks_off_is_tried_once_more(site: MakeSite) -> None:
    def broken() -> Iterator[bytes]:
        yield b'{"half":'
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    target = site(lambda _: httpx.Response(200, content=broken()))

    answer = target.client.send(GET)

    assert (answer.status, target.client.requests) == (None, 2)
    assert "peer closed" in str(answer.error)


# Too fast


def test_429_is_waited_out(site: MakeSite) -> None:
    target = site(httpx.Response(429), httpx.Response(429), ok())

    assert target.client.send(GET).ok
    assert len(target.clock.slept) == 2
    assert all(1 < pause < 10 for pause in target.clock.slept)
    assert target.client.throttled == {"users": 2}


def test_the_pause_is_as_long_as_the_service_asks(site: MakeSite) -> None:
    target = site(httpx.Response(429, headers={"Retry-After": "7"}), ok())

    assert target.client.send(GET).ok
    assert target.clock.slept == [7.0]


@pytest.mark.parametrize("asked", ["soon", "-5", "0", "Wed, 21 Oct 2026 07:28:00 GMT", "²", "9" * 400])
def test_an_odd_retry_after_makes_a_bounded_pause(site: MakeSite, asked: str) -> None:
    refused = httpx.Response(429, headers=[(b"Retry-After", asked.encode("latin-1"))])
    target = site(refused, ok())

    assert target.client.send(GET).ok
    [pause] = target.clock.slept
    assert 1 <= pause <= 61


def test_patience_ends(site: MakeSite) -> None:
    target = site(httpx.Response(429))

    assert target.client.send(GET).status == 429
    assert sum(target.clock.slept) < 200


@pytest.mark.parametrize("asked", [{}, {"Retry-After": "1"}, {"Retry-After": "5"}])
def test_a_deletion_is_repeated_once(site: MakeSite, asked: dict[str, str]) -> None:
    target = site(httpx.Response(429, headers=asked))
    target.knows("u1", "u2")

    answer = target.client.send(Request("DELETE", DELETION, "deleteChatMessages", token=TOKEN))

    assert answer.status == 429
    assert len(target.script.requests) == 2


def test_who_is_impatient_gets_the_first_answer(site: MakeSite) -> None:
    target = site(httpx.Response(429), ok())

    assert target.client.send(Request("GET", "/acme/parlor/users/u1", "users", retried=False)).status == 429
    assert target.clock.slept == []


# Asked to come back


def postponed(asked: str, **headers: str) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": asked, **headers}, json={"error": "maintenance"})


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("7", 7.0), ("61", 61.0), ("0", 1.1), ("soon", 1.1), ("Wed, 21 Oct 2026 07:28:05 GMT", 5.0)],
)
def test_503_with_retry_after_is_tried_once_more(site: MakeSite, asked: str, pause: float) -> None:
    target = site(postponed(asked, Date="Wed, 21 Oct 2026 07:28:00 GMT"), ok())

    answer = target.client.send(GET)

    assert (answer.ok, answer.repeated) == (True, True)
    assert target.clock.slept == [pause]
    assert target.client.throttled == {"users": 1}
    [note] = target.client.notes
    assert "503 with Retry-After 1 times" in note


@pytest.mark.parametrize("request_", [GET, Request("DELETE", DELETION, "deleteChatMessages", token=TOKEN)])
def test_503_again_is_the_failure_that_it_is(site: MakeSite, request_: Request) -> None:
    target = site(postponed("2"))
    target.knows("u1", "u2")

    answer = target.client.send(request_)

    assert (answer.status, answer.incomplete) == (503, True)
    assert len(target.script.requests) == 2


@pytest.mark.parametrize("asked", ["62", "3600", "Wed, 21 Oct 2026 09:28:05 GMT"])
def test_nobody_waits_longer_than_a_minute(site: MakeSite, asked: str) -> None:
    target = site(postponed(asked, Date="Wed, 21 Oct 2026 07:28:00 GMT"), ok())

    assert target.client.send(GET).status == 503
    assert target.clock.slept == []


def test_503_without_retry_after_is_a_failure(site: MakeSite) -> None:
    target = site(httpx.Response(503), ok())

    assert target.client.send(GET).status == 503
    assert (target.clock.slept, target.client.throttled, target.client.notes) == ([], {}, [])


def test_a_burst_does_not_come_back(site: MakeSite) -> None:
    target = site(postponed("1"), ok())

    answer = target.client.send(replace(GET, retried=False))

    assert (answer.status, answer.postponed) == (503, True)


# The record


def test_the_recorder_gets_every_attempt_without_secrets(site: MakeSite) -> None:
    target = site(httpx.Response(429), httpx.Response(401, json={"error_description": f"bad {TOKEN}"}))
    seen: list[Exchange] = []
    target.client.recorder = seen.append

    target.client.send(
        Request("POST", "/acme/parlor/token", "users", token=TOKEN, json={"password": "open sesame"})
    )

    assert [exchange.status for exchange in seen] == [429, 401]
    assert ("Authorization", "Bearer <redacted:token>") in seen[0].request_headers
    assert seen[0].request_body == '{"password":"<redacted:password>"}'
    assert seen[1].response_body == '{"error_description":"bad <redacted:token>"}'
    assert not any(secret in repr(seen) for secret in (TOKEN, SECRET, "open sesame"))


def test_a_granted_token_is_known_before_the_answer_is_kept(site: MakeSite) -> None:
    target = site(
        ok(access_token="YWMtGranted", expires_in=60),
        lambda request: httpx.Response(200, text=f"you sent {request.headers['authorization']}"),
        httpx.Response(500, text="trace: token=YWMtGranted"),
    )
    seen: list[Exchange] = []
    target.client.recorder = seen.append

    token = target.app.new_token().token
    target.client.send(Request("GET", "/acme/parlor/users/u1", "users", token=token))
    target.client.send(GET)

    assert token == "YWMtGranted"
    assert "YWMtGranted" not in repr(seen)
    assert seen[2].response_body == "trace: token=<redacted:token>"


def test_an_error_text_is_redacted(site: MakeSite) -> None:
    target = site(httpx.ReadTimeout(f"proxy said {TOKEN}"))

    answer = target.client.send(GET)

    assert answer.error == "ReadTimeout: proxy said <redacted:token>"
