"""What became of each requirement from run to run: pure functions over reports in the order of their time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.report.comparison import FAILING, JUDGED
from roamspec.report.run_identity import seeded_faults, target_name

_OF_A_RUN: Final = (
    "started_at",
    "duration_s",
    "requests",
    "profile",
    "seed",
    "verdict",
    "exit_status",
    "totals",
)
_OF_ONE_RUN_ALONE: Final = (
    "verdict",
    "reason",
    "checks",
    "run_again",
    "source",
    "derived_from",
    "derivation",
)


@dataclass(frozen=True, slots=True)
class Run:
    """`series`: runs with the same number had the same target, contract, requirements and seeded faults."""

    file: str
    series: int
    target: str
    faults: Sequence[str]
    contract: str
    revision: int
    version: str
    started_at: str
    duration_s: float
    requests: int
    profile: str
    seed: int
    verdict: str
    exit_status: int
    totals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Flip:
    """Between two runs of one series, by their numbers from 0, between which nothing else was judged."""

    before: int
    after: int
    verdict: str
    """What it became: `pass` or `fail`; a waived failure is a failure."""


@dataclass(frozen=True, slots=True)
class History:
    """`requirement` is what the latest report says of it that holds for every run. `verdicts` has one for
    each run, None where a report lacks the requirement."""

    requirement: Mapping[str, Any]
    verdicts: Sequence[str | None]
    flips: Sequence[Flip]

    @property
    def id(self) -> str:
        """The requirement's ID."""
        return str(self.requirement["id"])

    @property
    def latest(self) -> str | None:
        """The verdict of the last run that has the requirement."""
        return next((verdict for verdict in reversed(self.verdicts) if verdict is not None), None)


@dataclass(frozen=True, slots=True)
class Trend:
    """The runs in the order of their time, and what became of each requirement."""

    runs: Sequence[Run]
    histories: Sequence[History]
    """In the order of the catalogue of the latest run; what only earlier runs have comes last."""

    @property
    def flipping(self) -> Sequence[History]:
        """Those with a flip, the most flips first."""
        return sorted((each for each in self.histories if each.flips), key=lambda each: -len(each.flips))

    @property
    def failing(self) -> Sequence[History]:
        """Those that fail in the latest run that has them."""
        return [each for each in self.histories if each.latest in FAILING]

    def failing_since(self, history: History) -> int:
        """The number of the first run of those since which it has not passed."""
        since = len(self.runs) - 1
        for number in range(len(self.runs) - 1, -1, -1):
            verdict = history.verdicts[number]
            if verdict == "pass":
                break
            since = number if verdict in FAILING else since
        return since


def trend_of(reports: Sequence[tuple[str, Mapping[str, Any]]]) -> Trend:
    """`reports` are pairs of a file's name and a report, the earliest first."""
    series: dict[tuple[Any, ...], int] = {}
    runs = [_run(file, report, series) for file, report in reports]
    named = [{item["id"]: item for item in report["requirements"]} for _, report in reports]
    latest: dict[str, Mapping[str, Any]] = {}
    for items in reversed(named):
        for name, item in items.items():
            latest.setdefault(name, item)
    histories = []
    for name, item in latest.items():
        verdicts = [items[name]["verdict"] if name in items else None for items in named]
        lasting = {key: value for key, value in item.items() if key not in _OF_ONE_RUN_ALONE}
        histories.append(History(lasting, verdicts, _flips(verdicts, runs)))
    return Trend(runs, histories)


def _run(file: str, report: Mapping[str, Any], series: dict[tuple[Any, ...], int]) -> Run:
    target, faults = target_name(report), seeded_faults(report)
    contract, revision = report["contract"]["sha256"], report["catalogue"]["revision"]
    number = series.setdefault((target, faults, contract, revision), len(series))
    facts = {key: report[key] for key in _OF_A_RUN}
    return Run(file, number, target, faults, contract, revision, report["tool"]["version"], **facts)


def _flips(verdicts: Sequence[str | None], runs: Sequence[Run]) -> Sequence[Flip]:
    """Between neighbours that judged it in one series; runs that did not judge it say nothing."""
    last: dict[int, tuple[int, bool]] = {}
    flips = []
    for number, verdict in enumerate(verdicts):
        if verdict not in JUDGED:
            continue
        fails = verdict in FAILING
        before = last.get(runs[number].series)
        if before is not None and before[1] != fails:
            flips.append(Flip(before[0], number, "fail" if fails else "pass"))
        last[runs[number].series] = number, fails
    return flips
