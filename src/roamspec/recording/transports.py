"""Transports of the HTTP client: one records what it sends, the others answer from recordings."""

import threading
from collections.abc import Callable, Mapping

import httpx

from roamspec.errors import SuiteError
from roamspec.recording.interactions import (
    KEPT_ANSWER_HEADERS,
    Interaction,
    Received,
    Sent,
    kept_headers,
    shown_authorization,
)
from roamspec.recording.playback import Playback
from roamspec.recording.virtual_clock import VirtualClock
from roamspec.transport.http_client import MAX_RESPONSE_BYTES


class Capturing(httpx.BaseTransport):
    """Passes requests on and keeps them with their responses, secrets and all, in memory.

    What is sent by another thread than the check's own counts as sent together with its neighbours.
    """

    def __init__(self, inner: httpx.BaseTransport, clock: VirtualClock) -> None:
        self._inner = inner
        self._clock = clock
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self.interactions: list[Interaction] = []
        self.unusable = ""
        """Why this cannot be replayed, if so."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and write it down with its response; `unusable` says why what was captured cannot be
        replayed."""
        together = threading.get_ident() != self._thread
        sent = sent_of(request)
        try:
            response = self._inner.handle_request(request)
            try:
                body = _whole(response)
            finally:
                response.close()
        except httpx.HTTPError as error:
            self.unusable = f"{sent.method} got no complete response ({type(error).__name__})"
            raise
        if len(body) > MAX_RESPONSE_BYTES:
            self.unusable = f"a response is larger than {MAX_RESPONSE_BYTES} bytes"
        whole = httpx.Response(response.status_code, headers=response.headers, content=body)
        reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
        headers = {n: whole.headers[n] for n in KEPT_ANSWER_HEADERS if n in whole.headers}
        received = Received(response.status_code, reason, headers, whole.content.decode("utf-8", "replace"))
        with self._lock:
            self.interactions.append(Interaction(sent, received, together))
        self._clock.tick()
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(body),
            extensions={k: v for k, v in response.extensions.items() if k == "reason_phrase"},
        )

    def close(self) -> None:
        """Close the transport that sends."""
        self._inner.close()


def _whole(response: httpx.Response) -> bytes:
    assert isinstance(response.stream, httpx.SyncByteStream)
    body = bytearray()
    for chunk in response.stream:
        body += chunk
        if len(body) > MAX_RESPONSE_BYTES:
            break
    return bytes(body)


class Replaying(httpx.BaseTransport):
    """Answers from a script; nothing is sent anywhere."""

    def __init__(self, script: Playback, clock: VirtualClock) -> None:
        self.script = script
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The recorded response to this request; RecordingMiss when it is not the next one."""
        sent = shown(sent_of(request), {})
        _, interaction = self.script.take(sent)
        self._clock.tick(together=interaction.together)
        return response_of(interaction.received)


class Refusing(httpx.BaseTransport):
    """Answers nothing: there is no recording."""

    def __init__(self, sentence: str) -> None:
        self._sentence = sentence

    def handle_request(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        """Always SuiteError: nothing was recorded for this check."""
        raise SuiteError(self._sentence)


def response_of(received: Received) -> httpx.Response:
    """A recorded response as httpx has it."""
    return httpx.Response(
        received.status, headers=dict(received.headers), content=received.body.encode("utf-8")
    )


def sent_of(request: httpx.Request) -> Sent:
    """A request as it is sent, secrets and all."""
    body = request.read().decode("utf-8", "replace")
    return Sent(request.method, str(request.url), kept_headers(dict(request.headers)), body)


def shown(sent: Sent, known: Mapping[str, str], change: Callable[[str], str] = lambda text: text) -> Sent:
    """A request without its secrets, URL and body changed by `change`."""
    headers = dict(sent.headers)
    if "authorization" in headers:
        headers["authorization"] = shown_authorization(headers["authorization"], known)
    return Sent(sent.method, change(sent.url), headers, change(sent.body))
