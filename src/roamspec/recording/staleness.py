"""How old recordings are: a service changes, so evidence of it wears out."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from roamspec.recording.cassette import Cassette

OLDEST_DAYS: Final = 90
"""After so many days a recording of a service should be made again."""


def old_recordings(cassettes: Iterable[Cassette], oldest_days: int, today: date) -> list[str]:
    """A sentence about the recordings of a service that are older than that; none when none is.

    The emulator is in the same repository as its recordings, and tests notice when they differ; what a
    document shows does not change.
    """
    ages = {
        cassette.provenance.check: (today - date.fromisoformat(cassette.provenance.recorded_on)).days
        for cassette in cassettes
        if cassette.provenance.kind == "service"
    }
    old = {check: days for check, days in ages.items() if days > oldest_days}
    if not old:
        return []
    oldest = max(old, key=lambda check: old[check])
    return [
        f"{len(old)} of {len(ages)} recordings of the service are older than {oldest_days} days (the oldest, "
        f"of {oldest}, {old[oldest]} days); record again."
    ]
