"""The progress on standard error of a command that judges."""

import sys

from roamspec.cli.language import texts
from roamspec.report.progress import Progress
from roamspec.report.terminal import Color, Terminal
from roamspec.results.aggregate import Aggregate
from roamspec.results.safe_listener import SafeListener


def progress_line(aggregate: Aggregate, *, color: Color) -> SafeListener:
    """A listener that shows how far the run is; where it breaks, the run goes on and says so at its end."""
    progress = Progress(
        sys.stderr,
        Terminal.of(sys.stderr, color=color),
        failures=lambda: aggregate.failures,
        counts=aggregate.counts,
        lang=texts().lang,
    )
    return SafeListener(progress, "progress line")
