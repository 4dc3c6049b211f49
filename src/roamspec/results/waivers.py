"""Failures that are accepted for a while: what a waiver says, and when it no longer holds.

[[waiver]]
requirement = "clear-user.notify.*"   # an ID (with * and ?), an operation or a family, as for --req
reason = "fixed in the next release"
owner = "messaging team"
until = 2026-12-31                    # the last day on which it holds
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from roamspec.errors import UsageError
from roamspec.results.verdict import NOT_SELECTED, RequirementResult
from roamspec.spelling import did_you_mean

if TYPE_CHECKING:
    from roamspec.contract.requirements import Requirement

_KEYS: Final = ("requirement", "reason", "owner", "until")
_TABLE: Final = "waiver"


@dataclass(frozen=True, slots=True)
class Waiver:
    """`pattern` selects requirements as `--req` does; `until` is the last day; `place` is where it stands."""

    pattern: str
    reason: str
    owner: str
    until: date
    place: str

    def covers(self, requirement: "Requirement") -> bool:
        """Whether it is about this requirement."""
        return requirement.answers_to(self.pattern)

    def holds_on(self, day: date) -> bool:
        """Whether it still holds on a day."""
        return day <= self.until

    @property
    def sentence(self) -> str:
        """What a report says of a waived failure."""
        return f"waived until {self.until} by {self.owner}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which failures do not count: those that a waiver covers, and those of a baseline.

    `baseline` has the IDs that failed in an earlier report, each with the words that name that report.
    """

    waivers: tuple[Waiver, ...] = ()
    baseline: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def reason_for(self, requirement: "Requirement", day: date) -> str:
        """Why a failure of `requirement` does not count on `day`; empty when it counts."""
        for waiver in self.waivers:
            if waiver.holds_on(day) and waiver.covers(requirement):
                return waiver.sentence
        return self.baseline.get(requirement.id, "")

    def reasons(self, catalogue: Mapping[str, "Requirement"], day: date) -> Mapping[str, str]:
        """The IDs whose failures do not count on `day`, each with the reason."""
        found = {name: self.reason_for(each, day) for name, each in catalogue.items()}
        return {name: reason for name, reason in found.items() if reason}

    def without_accepted(self, result: RequirementResult, day: date) -> RequirementResult:
        """`result`, or `waived` where it is a failure that does not count."""
        if result.verdict != "fail":
            return result
        reason = self.reason_for(result.requirement, day)
        return RequirementResult(result.requirement, "waived", reason, result.checks) if reason else result

    def problems(self, results: Sequence[RequirementResult], day: date) -> tuple[str, ...]:
        """One sentence for each waiver that no longer holds; `results` are those of every requirement, with
        failures as they were found."""
        return tuple(self._problems(results, day))

    def _problems(self, results: Sequence[RequirementResult], day: date) -> Iterator[str]:
        for waiver in self.waivers:
            named = f"{waiver.place}: the waiver of {waiver.pattern!r}"
            covered = [result for result in results if waiver.covers(result.requirement)]
            selected = [result for result in covered if result.reason != NOT_SELECTED]
            if not covered:
                yield f"{named} matches no requirement; remove it, or correct the pattern."
            elif not waiver.holds_on(day):
                yield f"{named} expired on {waiver.until}; remove it, or set a later day."
            elif selected and all(result.verdict == "pass" for result in selected):
                yield f"{named} is no longer needed, because its requirements pass; remove it."


NOTHING: Final = Accepted()


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """The waivers of a TOML file; UsageError, naming the file and the entry, for one that cannot be used."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--waivers: {path} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"--waivers: {path} is not valid TOML: {error}.") from error
    for key in content:
        if key != _TABLE:
            raise UsageError(
                f"--waivers: {path}: the key {key!r} is not known; {did_you_mean(key, [_TABLE])}"
            )
    entries = content.get(_TABLE, [])
    if not isinstance(entries, list):
        raise UsageError(f"--waivers: {path}: write each waiver below [[{_TABLE}]], with two brackets.")
    return tuple(_waiver(entry, f"{path}, waiver {number}") for number, entry in enumerate(entries, 1))


def _waiver(entry: Any, place: str) -> Waiver:
    if not isinstance(entry, dict):
        raise UsageError(f"--waivers: {place}: write it below [[{_TABLE}]].")
    for key in entry:
        if key not in _KEYS:
            raise UsageError(f"--waivers: {place}: the key {key!r} is not known; {did_you_mean(key, _KEYS)}")
    texts = {}
    for key in _KEYS[:-1]:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            raise UsageError(f"--waivers: {place}: {key!r} is missing or empty; give it a text in quotes.")
        texts[key] = value.strip()
    return Waiver(
        texts["requirement"], texts["reason"], texts["owner"], _day(entry.get("until"), place), place
    )


def _day(value: Any, place: str) -> date:
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        value = None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise UsageError(f"--waivers: {place}: 'until' is not a date; write the last day as 2026-12-31.")


def waivers_text(report: Mapping[str, Any], *, reason: str, owner: str, until: date) -> str:
    """A file for `--waivers` that covers each failure of a report, blocking ones first."""
    failed = [item for item in report["requirements"] if item["verdict"] == "fail"]
    failed.sort(key=lambda item: not (item["decisive"] or report["strict"]))
    head = f"# Failures of the run of {_comment(report['started_at'])} that are accepted.\n"
    blocks = [
        f"# {_comment(item['title'])}\n[[{_TABLE}]]\nrequirement = {_quoted(item['id'])}\n"
        f"reason = {_quoted(reason)}\nowner = {_quoted(owner)}\nuntil = {until}\n"
        for item in failed
    ]
    return "\n".join([head, *blocks])


def _comment(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _quoted(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in escaped) + '"'
