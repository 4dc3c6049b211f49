"""`parity`: the requests of recordings, sent to an emulator, and its answers compared with the recorded.

Differences are then judged by the check of the recording. As long as it finds no documented requirement
broken, the documentation leaves open what differs.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from roamspec.errors import ConfigurationError, TargetError
from roamspec.recording.normaliser import masked
from roamspec.recording.parity_client import ParityClient, ParityExchange
from roamspec.recording.parity_verdict import BrokenRequirements, broken_requirements
from roamspec.recording.replay import Replay
from roamspec.recording.response_diff import ResponseDifference
from roamspec.runner.live_run import target_of
from roamspec.runner.settings import RunSettings

Class = Literal["open", "differs"]


@dataclass(frozen=True, slots=True)
class ParityDifference:
    """One difference: in which answer of which recording, and what it means.

    `place` counts the recording's requests from 0. `because` names the broken requirements of a difference
    that the documentation do not leave open.
    """

    check: str
    place: int
    request: str
    difference: ResponseDifference
    meaning: Class
    because: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The difference as `parity.json` has it."""
        return {
            "check": self.check,
            "request": self.place + 1,
            "line": self.request,
            "where": self.difference.where,
            "recorded": self.difference.recorded,
            "answered": self.difference.present,
            "meaning": self.meaning,
            "because": list(self.because),
        }


@dataclass
class Parity:
    """What became of all responses: each is equal, open or different; notifications of devices count as
    answers."""

    recordings: int = 0
    answers: int = 0
    findings: list[ParityDifference] = field(default_factory=list)

    def counted(self) -> Counter[str]:
        """How many answers are `equal`, `open` and `differs`; the worst of a response counts."""
        worst: dict[tuple[str, int], Class] = {}
        for finding in self.findings:
            key = finding.check, finding.place
            worst[key] = "differs" if "differs" in (worst.get(key), finding.meaning) else "open"
        counts = Counter(worst.values())
        return Counter(equal=self.answers - len(worst), open=counts["open"], differs=counts["differs"])

    @property
    def score(self) -> float:
        """The share of responses that do not differ beyond what is open; 1 when none does."""
        return 1 - self.counted()["differs"] / self.answers if self.answers else 0.0

    def alike(self) -> dict[tuple[str, str, str, str, str], list[ParityDifference]]:
        """The findings of each recording that are the same but for IDs and times."""
        found: dict[tuple[str, str, str, str, str], list[ParityDifference]] = {}
        for finding in self.findings:
            difference = finding.difference
            method = finding.request.partition(" ")[0]
            values = (
                f"{masked(difference.recorded)} {masked(difference.present)}"
                if difference.where != "$.uri"
                else ""
            )
            key = finding.check, finding.meaning, method, difference.where, values
            found.setdefault(key, []).append(finding)
        return found

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON has it."""
        counts = self.counted()
        return {
            "schema": "roamspec.parity/1",
            "recordings": self.recordings,
            "answers": {"all": self.answers, **{name: counts[name] for name in ("equal", "open", "differs")}},
            "score": round(self.score, 4),
            "differences": [finding.as_dict() for finding in self.findings],
        }

    @property
    def exit_status(self) -> int:
        """1 when an answer differs, else 0."""
        return 1 if self.counted()["differs"] else 0


def compare_with(settings: RunSettings, recordings: Replay) -> Parity:
    """Send what `recordings` hold to the target of `settings`, an emulator on this machine."""
    if not settings.config.loopback:
        raise ConfigurationError(
            "parity sends what was recorded to an emulator on this machine; leave out --base-url, or give "
            "one of 127.0.0.1."
        )
    result = Parity()
    delivered: dict[str, ParityExchange] = {}
    with target_of(settings) as (config, _):
        for check, (_, cassette) in recordings.recorded.items():
            try:
                delivered[check] = ParityClient(config, cassette).deliver()
            except TargetError as error:
                raise type(error)(f"{check}: {error}") from error
        differing = {check: each for check, each in delivered.items() if each.differences}
        broken = broken_requirements(config, recordings, differing, settings.report_dir)
    for each in delivered.values():
        result.recordings += 1
        result.answers += len(each.cassette.interactions) + len(each.cassette.devices)
    for check, each in differing.items():
        result.findings += _findings(check, each, broken[check])
    return result


def _findings(check: str, delivered: ParityExchange, broken: BrokenRequirements) -> list[ParityDifference]:
    because = (*broken.promises, *([broken.problem] if broken.problem else []))
    attributed = broken.places & set(delivered.differences)
    found = []
    for place, differences in sorted(delivered.differences.items()):
        # Where the check accuses no response that differs, any of them may have led it astray.
        meaning: Class = "differs" if because and (place in attributed or not attributed) else "open"
        line = delivered.line(place)
        found += [
            ParityDifference(check, place, line, each, meaning, because if meaning == "differs" else ())
            for each in differences
        ]
    return found
