"""The plan of a run for a terminal: what would be judged, with how many calls, in what time."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from roamspec.report.terminal_text import table, wrap
from roamspec.report.text import visible

if TYPE_CHECKING:
    from roamspec.runner.dry_run import DryRun


def plan_text(rehearsal: "DryRun", *, target: str, profile: str, width: int = 80, verbose: bool) -> str:
    """The text; `verbose` lists every requirement."""
    blocks = [
        list(_head(rehearsal, target, profile, width)),
        list(_operations(rehearsal)),
        list(_open(rehearsal, width)),
        list(_requirements(rehearsal)) if verbose else [],
        list(_calls(rehearsal)),
        list(_time(rehearsal, width)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(rehearsal: "DryRun", target: str, profile: str, width: int) -> Iterator[str]:
    yield from wrap(visible(f"Plan for {target}, profile {profile}: {rehearsal.checks} checks."), width)
    yield from wrap(
        "Nothing was sent to the target. The calls were counted in one run of the checks on an "
        "embedded emulator; a target that offers less, or has pages of another size, gets fewer or more "
        "calls.",
        width,
    )


def _operations(rehearsal: "DryRun") -> Iterator[str]:
    every = Counter(one.operation for one in rehearsal.requirements)
    judged = Counter(one.operation for one in rehearsal.requirements if one.id not in rehearsal.reasons)
    rows = [[name, str(judged[name]), str(every[name] - judged[name])] for name in every]
    total = [str(judged.total()), str(every.total() - judged.total())]
    yield from table([["requirements of", "judged", "open"], *rows, ["all", *total]])


def _open(rehearsal: "DryRun", width: int) -> Iterator[str]:
    for reason, number in Counter(rehearsal.reasons.values()).most_common():
        yield from wrap(visible(reason), width, first=f"{number:>5}  ")


def _requirements(rehearsal: "DryRun") -> Iterator[str]:
    for one in rehearsal.requirements:
        yield f"{'open  ' if one.id in rehearsal.reasons else 'judge '}  {one.id}"


def _calls(rehearsal: "DryRun") -> Iterator[str]:
    rows = [["calls against the limit of", "calls", "per second"]]
    for bucket, number in sorted(rehearsal.calls.items(), key=lambda item: -item[1]):
        limit = rehearsal.limits[bucket]
        rows.append([bucket, str(number), f"{limit:g}" if limit else "no limit"])
    yield from table([*rows, ["all", str(rehearsal.requests)]])


def _time(rehearsal: "DryRun", width: int) -> Iterator[str]:
    yield from wrap(
        f"About {_duration(rehearsal.duration_s)} in one process at these rates, plus the additional "
        "response times "
        "of the target.",
        width,
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes"
