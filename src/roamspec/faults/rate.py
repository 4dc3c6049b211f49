"""Faults of the rate: calls below the documented limit are rejected."""

from collections import deque

from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.limits import monotonic_ms
from roamspec.faults.registry import EVERY, Step, Wrapper, fault


def _at_most(most: int, span_ms: int, reason: str) -> Wrapper:
    """A limit of its own, in a window that slides."""

    def wrap(step: Step) -> Step:
        moments: deque[int] = deque(maxlen=most)

        def admit(request: IncomingRequest) -> None:
            now = monotonic_ms()
            if len(moments) == most and now - moments[0] < span_ms:
                raise ApiError(reason)
            moments.append(now)
            step(request)

        return admit

    return wrap


for most, span_ms in ((30, 1000), (60, 1000), (90, 2000)):
    fault(
        f"rate.{most}-in-{span_ms}-ms",
        at="admit",
        operations=EVERY,
        refutes=("rate.below-the-limit-served",),
        sentence=f"More than {most} calls in {span_ms} milliseconds are rejected with 429.",
    )(_at_most(most, span_ms, "over-rate"))
fault(
    "rate.30-in-1000-ms-with-403",
    at="admit",
    operations=EVERY,
    refutes=("rate.below-the-limit-served",),
    sentence="More than 30 calls in a second are rejected with 403.",
)(_at_most(30, 1000, "over-rate-403"))
