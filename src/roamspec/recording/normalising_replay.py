"""The second pass of a recording: the check runs again on the responses, and what is fixed replaces the rest.

What a check sends depends on what it was answered. It is therefore run once more, on the recorded responses
with fixed values, and what it sends then is what the cassette says that it sent. A replay is thus bound to
ask exactly that.
"""

import threading
from dataclasses import replace

import httpx

from roamspec.recording.interactions import Interaction, Sent
from roamspec.recording.normaliser import Normaliser, masked, numbers_of
from roamspec.recording.playback import Playback, RecordingMiss
from roamspec.recording.transports import response_of, sent_of, shown
from roamspec.recording.virtual_clock import VirtualClock


def shape(sent: Sent) -> tuple[object, ...]:
    """What stays the same of a request from one recording to the next."""
    return sent.method, masked(sent.url), masked(sent.body), sorted(sent.headers.items())


class NormalisingTransport(httpx.BaseTransport):
    """Answers from the first pass with fixed values, and keeps both."""

    def __init__(
        self, interactions: list[Interaction], clock: VirtualClock, *, name: str, step_ms: int = 1
    ) -> None:
        self.script = Playback(interactions, name=name, key=shape)
        self._name = name
        self._clock = clock
        self._fixer = Normaliser(step_ms=step_ms)
        self._settled: dict[int, Interaction] = {}
        self._lock = threading.Lock()

    @property
    def now_ms(self) -> int:
        """The virtual time in Unix milliseconds."""
        return round(self._clock.wall() * 1000)

    @property
    def settled(self) -> list[Interaction]:
        """The interactions with fixed values, those that were sent together in an order of their own."""
        found: list[Interaction] = []
        burst: list[Interaction] = []
        for index in sorted(self._settled):
            each = self._settled[index]
            if each.together:
                burst.append(each)
                continue
            found += [*_in_order(burst), each]
            burst = []
        return found + _in_order(burst)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The captured response to this request, with fixed values; RecordingMiss when the check sends
        something else."""
        asked = shown(sent_of(request), {})
        numbers = numbers_of(asked.url + asked.body)
        with self._lock:
            index, raw = self.script.take(
                asked, lambda sent: self._fixer.fits(numbers_of(sent.url + sent.body), numbers)
            )
            now_ms = self._clock.tick(together=raw.together)
            strange = self._fixer.learn(numbers_of(raw.sent.url + raw.sent.body), numbers)
            if strange is not None:
                raise RecordingMiss(
                    f"{self._name}: the check sends an ID in {asked.line} that differs from the recorded one."
                )
            body = self._fixer.answer(raw.received.body, now_ms, asked=raw.sent.body, replayed=asked.body)
            received = replace(raw.received, body=body)
            slept = round(self._clock.slept(), 4)
            self._settled[index] = Interaction(asked, received, raw.together, slept)
        return response_of(received)

    def fix(self, text: str) -> str:
        """Another text of the service's, seen now."""
        with self._lock:
            return self._fixer.notice(text, self.now_ms)


def _in_order(burst: list[Interaction]) -> list[Interaction]:
    """In the order of what they say, because that in which they were sent means nothing."""
    return sorted(
        (replace(each, after_s=0.0) for each in burst),
        key=lambda each: (each.sent.line, each.sent.body, each.received.status, each.received.body),
    )
