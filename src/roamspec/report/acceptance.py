"""Which failures a run accepts: those that a file of waivers names, and those of an earlier report."""

from pathlib import Path

from roamspec.report.reading import read_whole_report
from roamspec.results.waivers import Accepted, read_waivers


def read_accepted(waivers: Path | None, baseline: Path | None) -> Accepted:
    """UsageError for a file that cannot be used; without files, nothing is accepted."""
    read = read_waivers(waivers) if waivers else ()
    return Accepted(read, _failures(baseline) if baseline else {})


def _failures(path: Path) -> dict[str, str]:
    report = read_whole_report(path)
    failed = [item["id"] for item in report["requirements"] if item["verdict"] in ("fail", "waived")]
    return dict.fromkeys(failed, f"it failed in the baseline too, the run of {report['started_at']}")
