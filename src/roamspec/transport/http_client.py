"""The one HTTP client: every request to a target is guarded, paced, timed, bounded and recorded here."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import httpx

from roamspec import __version__
from roamspec.errors import Unreachable
from roamspec.security.redactor import Redactor
from roamspec.transport.client_settings import NO_STAND_INS, SendingLimits, StandIns
from roamspec.transport.connection_errors import (
    PROXY_REFUSES,
    refused_by_proxy,
    refused_without_certificate,
    unreachable,
)
from roamspec.transport.deadline import Deadline, DeadlineTransport
from roamspec.transport.exchange import Exchange
from roamspec.transport.guard import Guard
from roamspec.transport.http_messages import Request, Response
from roamspec.transport.network_settings import Network
from roamspec.transport.rate_limiter import ARRANGING_BUCKETS
from roamspec.transport.retry_pause import LONGEST_PAUSE_S, PAUSE_S, pause_before_retry, requested_pause
from roamspec.transport.trace import Trace

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
KEPT_BODY_BYTES = 4000
_CONNECT_S = 5.0
_LEAST_DEADLINE_S = 0.5
_HOPELESS, _HOPELESS_DEADLINE_S = 10, 0.1
_MOST_PATIENCE_S = 70.0
_ARRANGING_PATIENCE_S = 5.0
_SHORTEST_PAUSE_S = 1.0
_HEADERS = {
    "User-Agent": f"roamspec/{__version__}",
    "Accept-Encoding": "identity",
    "Connection": "keep-alive",
}
"""What stands on every request beside its own headers and what HTTP asks for."""
_READ_BUCKETS = ("pull", "lists", "token")
_CONNECTION_LOST = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)

Recorder = Callable[[Exchange], None]


@dataclass(frozen=True, slots=True)
class _Received:
    """What came back; without a status where no whole response came, and then with the error."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: str | None = None


class TargetClient:
    """Sends requests to one base URL and keeps a redacted record of each exchange.

    A response that does not come, or not whole, is a `Response` without a status. Raises Unreachable
    when nobody accepts a connection, and GuardError for a request that must not leave.
    """

    def __init__(
        self,
        base_url: str,
        *,
        guard: Guard,
        limits: SendingLimits,
        redactor: Redactor,
        network: Network | None = None,
        stand_ins: StandIns = NO_STAND_INS,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.redactor = redactor
        self.requests = 0
        self.calls: Counter[str] = Counter()
        """The same, by bucket."""
        self.throttled: dict[str, int] = {}
        """How often each bucket was rejected for its rate, or answered 503 with Retry-After."""
        self.postponed = 0
        """How often that was a 503."""
        self.messages_lag_s = 0.0
        """How long a message takes to be there; no deletion is sent before the last one of the thread is."""
        self._said_at = 0.0
        self._answering_s = 0.0
        self.changed_at = 0.0
        """When the last request was answered that may have changed something (on the session's clock)."""
        self._of_thread = threading.local()
        self.recorder: Recorder | None = None
        self.trace = Trace()
        """What was sent that changed something."""
        self._guard = guard
        self._rate_limiter = limits.rate_limiter
        self._allow_burst = limits.allow_burst
        self.allowance = limits.budget
        self._deadline_s = limits.deadline_s
        self._clock = stand_ins.clock
        self._sleep = stand_ins.sleep
        self._started = self._clock()
        self._count = threading.Lock()
        self._hung: dict[str, int] = {}
        self._deadline = Deadline()
        self._network = network or Network()
        self._transport = stand_ins.around(
            stand_ins.transport or DeadlineTransport(self._deadline, self.base_url, self._network)
        )

    def close(self) -> None:
        """Close the connections, and the file that requests are counted in."""
        self._transport.close()
        self.allowance.close()

    def start_thread(self) -> None:
        """This thread begins with something new: what all of them did so far may matter to it."""
        self._of_thread.changed_at, self._of_thread.said_at = self.changed_at, self._said_at

    @property
    def requests_here(self) -> int:
        """How many requests this thread has sent."""
        return getattr(self._of_thread, "requests", 0)

    @property
    def changed_in_thread_at(self) -> float:
        """When the last request that may have changed something was answered, of those of this thread and of
        all before it began with what it does."""
        return getattr(self._of_thread, "changed_at", 0.0)

    def await_messages(self) -> None:
        """Wait until the last message is there that was sent or imported by this thread, or by any before it
        began with what it does, as far as messages are known to lag."""
        if self.messages_lag_s:
            said_at = getattr(self._of_thread, "said_at", self._said_at)
            self._sleep(max(0.0, said_at + self.messages_lag_s - self._clock()))

    @property
    def mean_response_s(self) -> float:
        """Seconds that a response took in the mean."""
        return self._answering_s / self.requests if self.requests else 0.0

    def calls_per_second(self, bucket: str) -> float:
        """How many calls to a bucket may be sent within a second; 0 for any number."""
        return self._rate_limiter.limit(bucket)

    @property
    def unanswered(self) -> int:
        """How many calls were never answered as a whole."""
        return sum(self._hung.values())

    def send(self, request: Request) -> Response:
        """Send one request; repeat it after a pause when it is rejected for its rate (a deletion once)."""
        answer = self._attempt(request)
        if request.retried and answer.postponed:
            return self._after_a_break(request, answer)
        waited = 0.0
        while request.retried and answer.throttled and waited < self._retry_window_s(request):
            pause = pause_before_retry(answer, waited)
            self._sleep(pause)
            waited += pause
            answer = self._attempt(request)
        return answer

    def _after_a_break(self, request: Request, postponed: Response) -> Response:
        """Come back once, when the service asked for it; not after a longer time than a run can wait."""
        asked = requested_pause(postponed)
        if asked is not None and asked > LONGEST_PAUSE_S:
            return postponed
        self._sleep(asked or PAUSE_S)
        # Nobody says whether the first try had an effect.
        return replace(self._attempt(request), repeated=True)

    @property
    def notes(self) -> list[str]:
        """What a report says of the calls as a whole."""
        if not self.postponed:
            return []
        return [
            f"The service answered 503 with Retry-After {self.postponed} times; outside of bursts such a "
            "call is repeated after the pause, if that is at most a minute."
        ]

    def _deadline_for(self, request: Request) -> float:
        """Seconds for a whole response; shorter where answers never came, so that a run comes to an end."""
        hung = self._hung.get(request.bucket, 0)
        # Where another operation hangs, this one gets a fair chance, but not the same long one.
        shorter = max(hung, 1) if self._hung else 0
        least = _LEAST_DEADLINE_S if hung < _HOPELESS else _HOPELESS_DEADLINE_S
        return max(least, min(self._deadline_s, 8 * self.mean_response_s), self._deadline_s * 0.25**shorter)

    @staticmethod
    def _retry_window_s(request: Request) -> float:
        """Seconds after which no further try is begun."""
        if request.bucket in ("lists", "users", "token"):
            return _MOST_PATIENCE_S
        return _ARRANGING_PATIENCE_S if request.bucket in ARRANGING_BUCKETS else _SHORTEST_PAUSE_S

    def _attempt(self, request: Request) -> Response:
        timeout = httpx.Timeout(self._deadline_for(request), connect=_CONNECT_S)
        # Not by a client, whose own headers and cookies are not ours, at a tenth of a call's cost.
        built = httpx.Request(
            request.method,
            self.base_url + request.target,
            headers=_HEADERS | request.all_headers(),
            content=request.content(),
            extensions={"timeout": timeout.as_dict()},
        )
        self._guard.check(request.method, built.url.raw_path.decode("ascii"), request.json)
        if request.bucket not in ARRANGING_BUCKETS:
            self.await_messages()
        sent_at = self._clock()
        try:
            answer = self._try_once(built, request, sent_at)
        except _CONNECTION_LOST:
            # A kept connection may have been closed by the other side at any time; once, on a new
            # one, tells that apart from a service that breaks off.
            try:
                answer = replace(self._try_once(built, request, sent_at), repeated=True)
            except _CONNECTION_LOST as error:
                answer = replace(self._unanswered(built, request, sent_at, error), repeated=True)
        if request.method != "GET" and request.bucket not in _READ_BUCKETS:
            self.changed_at = self._of_thread.changed_at = self._clock()
            if request.bucket.startswith(("send", "import")):
                self._said_at = self._of_thread.said_at = self.changed_at
        if answer.status is not None:
            self._answering_s += answer.elapsed_s
        self.postponed += answer.postponed
        if answer.throttled or answer.postponed:
            self.throttled[request.bucket] = self.throttled.get(request.bucket, 0) + 1
        self.trace(answer.exchange)
        if self.recorder:
            self.recorder(answer.exchange)
        return answer

    def _try_once(self, built: httpx.Request, request: Request, sent_at: float) -> Response:
        """One try; raises only what breaking off raises, and Unreachable."""
        self.allowance.take(request)
        if request.retried or not self._allow_burst:
            self._rate_limiter.wait(request.bucket)
        self._count_request(request.bucket)
        try:
            with self._deadline.within(self._deadline_for(request)):
                answer = self._exchange(built, request, sent_at)
        except _CONNECTION_LOST as error:
            turned_away = refused_without_certificate(error, self.base_url, self._network)
            if turned_away:
                raise Unreachable(turned_away) from None
            raise
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            why = unreachable(error, self._describe_error(error), self.base_url, self._network)
            raise Unreachable(why) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            return self._unanswered(built, request, sent_at, error)
        if answer.status == PROXY_REFUSES and self._network.proxy_for(self.base_url):
            raise Unreachable(refused_by_proxy(answer.summary(), self.base_url, self._network))
        return answer

    def _count_request(self, bucket: str) -> None:
        with self._count:
            self.requests += 1
            self.calls[bucket] += 1
        self._of_thread.requests = self.requests_here + 1

    def _exchange(self, built: httpx.Request, request: Request, sent_at: float) -> Response:
        response = self._transport.handle_request(built)
        try:
            body, error = self._bounded_body(response, sent_at, self._deadline_for(request))
            if error:
                # Also what never ends shall not cost the whole deadline again and again.
                self._note_timeout(request.bucket)
        finally:
            response.close()
        headers = {name.lower(): value for name, value in response.headers.items()}
        if request.bucket == "token":
            self._learn_token(body)
        status = None if error else response.status_code
        return self._response(built, request, sent_at, _Received(status, headers, body, error))

    def _bounded_body(
        self, response: httpx.Response, sent_at: float, deadline_s: float
    ) -> tuple[bytes, str | None]:
        chunks = bytearray()
        for chunk in response.iter_bytes():
            chunks += chunk
            if len(chunks) > MAX_RESPONSE_BYTES:
                return bytes(
                    chunks[:KEPT_BODY_BYTES]
                ), f"the response is larger than {MAX_RESPONSE_BYTES} bytes"
            if self._clock() - sent_at > deadline_s:
                return bytes(chunks), f"the response was not complete after {deadline_s:g} s"
        return bytes(chunks), None

    def _unanswered(
        self, built: httpx.Request, request: Request, sent_at: float, error: Exception
    ) -> Response:
        if isinstance(error, httpx.TimeoutException):
            self._note_timeout(request.bucket)
        received = _Received(error=self._describe_error(error))
        return self._response(built, request, sent_at, received)

    def _note_timeout(self, bucket: str) -> None:
        with self._count:
            self._hung[bucket] = self._hung.get(bucket, 0) + 1

    def _describe_error(self, error: Exception) -> str:
        return self.redactor.text(f"{type(error).__name__}: {error}".rstrip(": "))

    def _learn_token(self, body: bytes) -> None:
        self.redactor.learn_from(Response(None, {}, body, 0.0, Exchange("", "")).json)

    def _response(
        self, built: httpx.Request, request: Request, sent_at: float, received: _Received
    ) -> Response:
        """What came back, with the record of the exchange."""
        redact, elapsed_s = self.redactor, self._clock() - sent_at
        exchange = Exchange(
            method=request.method,
            url=redact.text(str(built.url)),
            request_headers=redact.headers(request.all_headers().items()),
            request_body=redact.text(_readable(request.content() or b"")),
            status=received.status,
            response_headers=redact.headers(received.headers.items()),
            response_body=redact.text(_readable(received.body)),
            sent_at=sent_at - self._started,
            elapsed_s=elapsed_s,
            error=received.error,
        )
        return Response(received.status, received.headers, received.body, elapsed_s, exchange, received.error)


def _readable(body: bytes) -> str:
    text = body[:KEPT_BODY_BYTES].decode("utf-8", "replace")
    return text + (f"… ({len(body)} bytes)" if len(body) > KEPT_BODY_BYTES else "")
