"""What `--waivers` and `--baseline` accept, read before anything is sent."""

from pathlib import Path

from roamspec.cli.output import complain
from roamspec.contract.requirements import Catalogue
from roamspec.results.waivers import Accepted, read_waivers


def accepted_failures(waivers: Path | None, baseline: Path | None, catalogue: Catalogue) -> Accepted:
    """UsageError for a file that cannot be used. A waiver that matches nothing is reported at once: the run
    is not going to conform, and should not take half an hour to say so."""
    read = read_waivers(waivers) if waivers else ()
    for waiver in read:
        if not any(map(waiver.covers, catalogue.values())):
            complain(
                f"{waiver.place}: the waiver of {waiver.pattern!r} matches no requirement; the run will fail."
            )
    return Accepted(read, _baseline(baseline) if baseline else {})


def _baseline(path: Path) -> dict[str, str]:
    from roamspec.report.reading import read_report

    report = read_report(path)
    failed = [item["id"] for item in report["requirements"] if item["verdict"] in ("fail", "waived")]
    return dict.fromkeys(failed, f"it failed in the baseline too, the run of {report['started_at']}")
