"""Translates between a recording and a target that answers now: names, addresses, secrets, IDs, times.

What a recording calls an ID is another number there. The two are learnt from the responses, in pairs, and
a pair once learnt holds: the same ID again must be the same ID again.
"""

import re
from bisect import bisect_right, insort
from collections.abc import Mapping
from typing import Any, Final

from roamspec.recording.interactions import CUT_TOKEN, LONGER_TOKEN, REDACTED
from roamspec.recording.normaliser import VALUE, changed_message, is_time

_MESSAGE: Final = re.compile(r'("msg"\s*:\s*")([A-Za-z0-9+/]{16,}={0,2})(")')


class ValueMapping:
    """Pairs of a recorded and a present value; texts as `(recorded, present)` are known from the start."""

    def __init__(self, texts: Mapping[str, str], *, shift_ms: int) -> None:
        """`shift_ms` is how much later a time that the check chose is now."""
        self._texts = sorted(texts.items(), key=lambda pair: -len(pair[0]))
        self._shift_ms = shift_ms
        self._there: dict[str, str] = {}
        self._back: dict[str, str] = {}
        self._anchors: list[tuple[int, int]] = []
        self.secrets: dict[str, str] = {}
        """What stands in place of each secret, with the secret."""

    # --- from the recording to the target

    def outward(self, text: str) -> str:
        """A text of the recording as the target should get it."""
        for recorded, present in (*self._texts, *self.secrets.items()):
            text = text.replace(recorded, present)
        return VALUE.sub(lambda match: self.present(match[0]), text)

    def present(self, value: str) -> str:
        """A number or UUID of the recording as it is now."""
        if value in self._there:
            return self._there[value]
        return str(self._time(int(value))) if is_time(value) else value

    def _time(self, recorded: int) -> int:
        """Between two times that the target gave, as far from each as it was recorded; else shifted."""
        at = bisect_right(self._anchors, (recorded, 1 << 62))
        before = self._anchors[at - 1] if at else None
        after = self._anchors[at] if at < len(self._anchors) else None
        if before and after and after[0] - before[0] < 1000:
            part = (recorded - before[0]) * (after[1] - before[1]) // (after[0] - before[0])
            return before[1] + part
        if before and recorded - before[0] < 5000:
            return before[1] + recorded - before[0]
        return recorded + self._shift_ms

    def authorization(self, header: str) -> str:
        """The header with the target's own token in place of the recorded one; a token that was cut or made
        longer stays so."""
        scheme, _, token = header.partition(" ")
        whole = self.secrets.get("<redacted:token>", "no-token-yet")
        made_up = {CUT_TOKEN: whole[: len(whole) // 2], LONGER_TOKEN: f"{whole}x"}
        present = made_up.get(token) or self.secrets.get(token, token)
        return f"{scheme} {present}" if token else self.secrets.get(scheme, scheme)

    # --- from the target to the recording

    def inward(self, text: str) -> str:
        """A text of the target's in the recording's terms; what is new to it stays as it is."""

        def of_message(match: re.Match[str]) -> str:
            return match[1] + changed_message(match[2], self._inward_envelope, self._inward_text) + match[3]

        return _MESSAGE.sub(of_message, self._inward_text(text))

    def _inward_text(self, text: str) -> str:
        for placeholder, secret in self.secrets.items():
            text = text.replace(secret, placeholder)
        for recorded, present in self._texts:
            text = text.replace(present, recorded)
        return VALUE.sub(lambda match: self.recorded(match[0]), text)

    def _inward_envelope(self, meta: Any) -> None:
        identifier, time_ms = self.recorded(str(meta.id)), self.recorded(str(meta.timestamp))
        meta.id, meta.timestamp = int(identifier), int(time_ms)

    def recorded(self, value: str) -> str:
        """The recorded value that stands for one of the target's."""
        if value in self._back:
            return self._back[value]
        return str(int(value) - self._shift_ms) if is_time(value) else value

    # --- learning

    def agree(self, recorded: str, present: str) -> bool:
        """Whether two values may stand for each other; if nothing is known of either, they do from now on."""
        if REDACTED.fullmatch(recorded):
            return self.secrets.setdefault(recorded, present) == present
        if is_time(recorded):
            # When a service says that something happened is its own affair, if the check has not chosen it.
            return is_time(present) and self._there.get(recorded, present) == present
        if recorded in self._there or present in self._back:
            return self._there.get(recorded) == present
        self._there[recorded], self._back[present] = present, recorded
        return True

    def chose(self, recorded: str, present: str) -> None:
        """A time that the check chose: it must come back as it was sent."""
        self._there[recorded], self._back[present] = present, recorded

    def anchor(self, recorded: int, present: int) -> None:
        """The time of a message, or of a response: what is sent later may be said in relation to it."""
        self._back.setdefault(str(present), str(recorded))
        insort(self._anchors, (recorded, present))
