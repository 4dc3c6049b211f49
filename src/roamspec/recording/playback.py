"""The recorded interactions of one check, handed out in order, and what is said when one is missing."""

import threading
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from roamspec.errors import SuiteError
from roamspec.recording.interactions import Interaction, Sent, differences

Key = Callable[[Sent], object]


class RecordingMiss(SuiteError):  # noqa: N818 - what happened
    """A check asks something that its recording does not answer."""


class Playback:
    """Which interaction answers a request: the next one, if it is the same request.

    Interactions that were sent together may be asked for in any order among themselves, but all of them
    before anything that follows. Two requests are the same when `key` is. If it `repeats`, the last request
    is answered again as it was: nothing was sent since that could have changed the response.
    """

    def __init__(
        self, interactions: Sequence[Interaction], *, name: str, key: Key, repeats: bool = False
    ) -> None:
        self._interactions = list(interactions)
        self._name = name
        self._key = key
        self._unused = list(range(len(interactions)))
        self._repeats = repeats
        self._last: int | None = None
        self._lock = threading.Lock()
        self.served = 0

    def take(
        self,
        asked: Sent,
        prefer: Callable[[Sent], bool] = lambda sent: True,  # noqa: ARG005
    ) -> tuple[int, Interaction]:
        """The place and the interaction that answers; RecordingMiss when there is none.

        Of several that could, the first that is preferred, or else the first.
        """
        with self._lock:
            key = self._key(asked)
            able = [index for index in self._open() if self._key(self._interactions[index].sent) == key]
            if not able and self._repeats and self._is_last(key):
                assert self._last is not None
                return self._last, self._interactions[self._last]
            if not able:
                raise RecordingMiss(self._missing(asked))
            preferred = (index for index in able if prefer(self._interactions[index].sent))
            index = next(preferred, able[0])
            self._unused.remove(index)
            self.served += 1
            self._last = index
            return index, self._interactions[index]

    def _is_last(self, key: object) -> bool:
        return self._last is not None and self._key(self._interactions[self._last].sent) == key

    def _open(self) -> list[int]:
        """The places that may be asked for now."""
        open_now: list[int] = []
        for index in self._unused:
            if open_now and not (
                self._interactions[index].together and self._interactions[open_now[-1]].together
            ):
                break
            open_now.append(index)
        return open_now

    def left_over(self) -> str:
        """A sentence about interactions that nobody asked for; empty when all were."""
        if not self._unused:
            return ""
        first = self._interactions[self._unused[0]].sent
        return (
            f"{self._name}: {len(self._unused)} of {len(self._interactions)} recorded requests were not "
            f"sent, first {first.line}; record again."
        )

    def _missing(self, asked: Sent) -> str:
        place = f"request {self.served + 1} of {len(self._interactions)}"
        if not self._unused:
            return (
                f"{self._name}: the check sends {asked.line}, but the recording ends after "
                f"{len(self._interactions)} requests; record again."
            )
        index = self._closest(asked)
        closest = self._interactions[index].sent
        where = "" if index == self._unused[0] else f", recorded as request {index + 1}"
        what = "; ".join(differences(closest, asked)) or "only its position"
        return (
            f"{self._name}: the check sends {asked.line}, and {place} is different; the most similar is "
            f"{closest.line}{where}, which differs in {what}; record again."
        )

    def _closest(self, asked: Sent) -> int:
        path = urlsplit(asked.url).path

        def likeness(index: int) -> tuple[bool, bool, float]:
            sent = self._interactions[index].sent
            alike = SequenceMatcher(None, sent.url + sent.body, asked.url + asked.body, autojunk=False)
            return sent.method == asked.method, urlsplit(sent.url).path == path, alike.quick_ratio()

        # What comes much later is hardly meant.
        return max(self._unused[:50], key=likeness)
