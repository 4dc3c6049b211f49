"""What changed from one report to the next: pure functions over two reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from roamspec.report.run_identity import target_name

FAILING: Final = ("fail", "waived")
JUDGED: Final = ("pass", *FAILING)
_TIMES_NOISE: Final = 2.0
_SECONDS_NOISE: Final = 1.0
"""A check's time has changed when it is more than twice as long and more than a second longer, or shorter,
than that of the same check, after the speed of the machines is taken out."""

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one check, in seconds."""

    check: str
    old: float
    new: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Requirements as the new report has them, in its order; those that it lacks as the old one has them."""

    new_failures: Sequence[Item]
    fixed: Sequence[Item]
    still_failing: Sequence[Item]
    no_longer_judged: Sequence[Item]
    changed_citations: Sequence[Item]
    timings: Sequence[Timing]
    remarks: Sequence[str]
    """What makes the two reports differ for other reasons than the service."""


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """What changed between two reports, by requirement ID."""
    before = {item["id"]: item for item in old["requirements"]}
    now = {item["id"]: item for item in new["requirements"]}
    failed_before = {name for name, item in before.items() if item["verdict"] in FAILING}
    judged_before = {name for name, item in before.items() if item["verdict"] in JUDGED}
    items = list(now.values())
    return Comparison(
        new_failures=[i for i in items if i["verdict"] == "fail" and i["id"] not in failed_before],
        fixed=[i for i in items if i["verdict"] == "pass" and i["id"] in failed_before],
        still_failing=[i for i in items if i["verdict"] in FAILING and i["id"] in failed_before],
        no_longer_judged=[
            now.get(name, before[name])
            for name in before
            if name in judged_before and (name not in now or now[name]["verdict"] not in JUDGED)
        ],
        changed_citations=[i for i in items if i["id"] in before and _cited(i) != _cited(before[i["id"]])],
        timings=_timings(old, new),
        remarks=_remarks(old, new),
    )


def _cited(item: Item) -> list[tuple[str, str, str]]:
    sources = item.get("derived_from") or [item["source"]]
    return [(source["url"], source["section"], source["says"]) for source in sources]


def _timings(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Timing]:
    before, now = _seconds(old), _seconds(new)
    both = [name for name in now if before.get(name, 0.0) > 0 and now[name] > 0]
    if not both:
        return []
    # Most checks do the same: how much slower they are is the machine's doing, or the network's.
    speed = median(now[name] / before[name] for name in both)
    changed = []
    for name in both:
        expected = before[name] * speed
        low, high = sorted((expected, now[name]))
        if high > low * _TIMES_NOISE and high - low > _SECONDS_NOISE:
            changed.append(Timing(name, before[name], now[name]))
    return sorted(changed, key=lambda timing: -abs(timing.new - timing.old * speed))


def _seconds(report: Mapping[str, Any]) -> dict[str, float]:
    return {check["id"]: check["duration_s"] for item in report["requirements"] for check in item["checks"]}


def _remarks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    remarks = []
    for name, one, other in (
        ("target", target_name(old), target_name(new)),
        ("contract", old["contract"]["sha256"][:12], new["contract"]["sha256"][:12]),
        ("revision of the requirements", old["catalogue"]["revision"], new["catalogue"]["revision"]),
        ("profile", old["profile"], new["profile"]),
        ("version of roamspec", old["tool"]["version"], new["tool"]["version"]),
    ):
        if one != other:
            remarks.append(f"The {name} is not the same: {one}, now {other}.")
    for which, report in (("old", old), ("new", new)):
        if report["verdict"] == "incomplete":
            remarks.append(f"The {which} run gave no verdict: {' '.join(report['because'])}")
    return remarks
