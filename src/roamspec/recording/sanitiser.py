"""What a run knows by heart is taken out of what it sent and heard: secrets, its mark, the address."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from roamspec.recording.cassette import DeviceLog, RecordedNotification
from roamspec.recording.interactions import Interaction, Received
from roamspec.recording.normaliser import Normaliser
from roamspec.recording.transports import shown
from roamspec.security.redaction import redacted

MARK: Final = "rs0000000000"
"""With which every name in a recording begins; as long as the mark of a run."""
LOOPBACK_NAME: Final = "http://emulator.test"


class Sanitiser:
    """Replaces the secrets of one session, its mark and the address of its target, each by one fixed text.

    `secrets` maps them to their kinds; the second token of a kind gets a number.
    """

    def __init__(self, secrets: Mapping[str, str], *, mark: str, base_url: str, shown_url: str) -> None:
        self.known = _numbered(secrets)
        self._changes = [
            *sorted(self.known.items(), key=lambda pair: -len(pair[0])),
            (mark, MARK),
            (base_url, shown_url),
        ]

    def text(self, text: str) -> str:
        """A text with the run's secrets, mark and address replaced."""
        for value, instead in self._changes:
            text = text.replace(value, instead)
        return redacted(text)

    def interaction(self, each: Interaction) -> Interaction:
        """The same for one exchange."""
        received = each.received
        return replace(
            each,
            sent=shown(each.sent, self.known, self.text),
            received=Received(
                received.status, received.reason, received.headers, self._answer(received.body)
            ),
        )

    def device(self, log: DeviceLog) -> DeviceLog:
        """The same for what a device heard."""
        return replace(
            log,
            user=self.text(log.user),
            refused=self.text(log.refused),
            notices=tuple(RecordedNotification(each.after, self.text(each.data)) for each in log.notices),
        )

    def _answer(self, body: str) -> str:
        """Also inside pulled messages, whose people carry the mark."""
        return Normaliser.renamed(self.text(body), self.text)


def _numbered(secrets: Mapping[str, str]) -> dict[str, str]:
    seen: Counter[str] = Counter()
    found = {}
    for value, kind in secrets.items():
        seen[kind] += 1
        number = f"-{seen[kind]}" if seen[kind] > 1 else ""
        found[value] = f"<redacted:{kind}{number}>"
    return found
