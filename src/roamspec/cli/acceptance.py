"""What `--waivers` and `--baseline` accept, read before anything is sent."""

from collections.abc import Mapping
from pathlib import Path

from roamspec.cli.output import complain
from roamspec.contract.requirements import Requirement
from roamspec.results.waivers import Accepted


def accepted_failures(
    waivers: Path | None, baseline: Path | None, catalogue: Mapping[str, Requirement]
) -> Accepted:
    """UsageError for a file that cannot be used. A waiver that matches nothing is reported at once: the run
    is not going to conform, and should not take half an hour to say so."""
    if not waivers and not baseline:
        return Accepted()
    from roamspec.report.acceptance import read_accepted

    accepted = read_accepted(waivers, baseline)
    for waiver in accepted.waivers:
        if not any(map(waiver.covers, catalogue.values())):
            complain(
                f"{waiver.place}: the waiver of {waiver.pattern!r} matches no requirement; the run will fail."
            )
    return accepted
