"""How long to pause before a request is repeated that was rejected for its rate."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Final

from roamspec.transport.http_messages import Response

PAUSE_S: Final = 1.1
"""Where the service asks for no pause."""
LONGEST_PAUSE_S: Final = 61.0
_WHOLE_SECONDS: Final = re.compile(r"0*[1-9][0-9]{0,8}")


def pause_before_retry(answer: Response, waited: float) -> float:
    """Seconds until the next try: what the service asks for, else ever longer."""
    asked = requested_pause(answer)
    return max(PAUSE_S, waited) if asked is None else min(asked, LONGEST_PAUSE_S)


def requested_pause(answer: Response) -> float | None:
    """The seconds of a Retry-After header, which may also name a time; None for what is neither."""
    asked = answer.headers.get("retry-after", "")
    if _WHOLE_SECONDS.fullmatch(asked):
        return float(asked)
    at, now = _http_date(asked), _http_date(answer.headers.get("date", "")) or time.time()
    return at - now if at is not None and at > now else None


def _http_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
