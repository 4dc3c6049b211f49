"""What the values say: how many IDs, which time, whether to notify."""

import re
from collections.abc import Iterable
from typing import Final

from roamspec.contract.limits import most_message_ids
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.finding import ClientFinding, IntendedValues, finding_about

SECONDS_BELOW: Final = 10**11
"""As milliseconds the year 1973, as seconds the year 5138: a lower number is taken for seconds."""
MICROSECONDS_FROM: Final = 10**15
"""As microseconds the year 2001, as milliseconds the year 33658."""
_MICROSECONDS_TO: Final = 10**16
_WHOLE: Final = re.compile(r"-?[0-9]{1,19}")
_LONGEST: Final = 2**63


def at_most_fifty_ids(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """A call lists no more IDs than the contract allows."""
    lists = [pair.value for pair in call.values("msgIdList")]
    number = sum(1 for text in lists for item in text.split(",") if item.strip())
    if number:
        most = most_message_ids()
        yield finding_about(
            call,
            "client-limit.at-most-fifty-ids",
            wrong=f"{number} IDs in one call" if number > most else "",
            expected=f"at most {most} IDs; send more in further calls",
            hint="If a test expects an error response, send X-Roamspec-Expect: refusal.",
        )


def whole_number(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """`delTime` is a whole number."""
    for pair in call.values("delTime")[:1]:
        if pair.value.strip():
            yield finding_about(
                call,
                "client-time.whole-number",
                wrong="" if _time(pair.value) is not None else f"delTime={pair.raw_value}",
                expected="a whole number such as 1710309184114",
            )


def milliseconds(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """Zero is the same moment in every unit, and a negative number none at all: neither tells."""
    for pair in call.values("delTime")[:1]:
        time = _time(pair.value)
        if time is not None and time > 0:
            unit = (
                "seconds"
                if time < SECONDS_BELOW
                else "microseconds"
                if MICROSECONDS_FROM <= time < _MICROSECONDS_TO
                else ""
            )
            yield finding_about(
                call,
                "client-time.milliseconds",
                wrong=f"delTime={time}, which is read as {unit}" if unit else "",
                expected="a Unix time in milliseconds, 13 digits today",
            )


def spelled_as_documented(call: ObservedCall, _meant: IntendedValues) -> Iterable[ClientFinding]:
    """`isNotify` is spelled so, and is `true` or `false`."""
    if call.deletion == "clearUser":
        return
    for pair in call.query:
        if pair.key.lower().replace("_", "").replace("-", "") in ("isnotify", "notify"):
            right = pair.key == "isNotify" and pair.value in ("true", "false")
            yield finding_about(
                call,
                "client-notify.spelled-as-documented",
                wrong="" if right else f"{pair.raw_key}={pair.raw_value}",
                expected="isNotify=true, isNotify=false, or no isNotify, which means true",
            )


def _time(text: str) -> int | None:
    if not _WHOLE.fullmatch(text):
        return None
    return int(text) if -_LONGEST <= int(text) < _LONGEST else None
