"""The part of a load in the summary for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from roamspec.report.terminal_text import table, wrap
from roamspec.report.translation import Translation


def load_lines(load: Mapping[str, Any], texts: Translation, width: int) -> Sequence[str]:
    """`load` of a report as lines, none wider than `width` columns."""
    _ = texts.gettext
    said = _(
        "{calls} calls in {seconds} s: {achieved} per second of {rate} allowed, {users} users, {workers} "
        "workers, {read_back} deletions read back"
    ).format(
        calls=f"{load['calls']:,}",
        seconds=f"{load['duration_s']:.0f}",
        achieved=f"{load['calls_per_s']:.1f}",
        rate=f"{load['rate']:g}",
        users=load["users"],
        workers=load["workers"],
        read_back=f"{sum(load['read_back'].values()):,}",
    )
    head = [_("milliseconds"), _("calls"), _("failed"), "429", "p50", "p90", "p95", "p99", _("max")]
    rows = [head]
    for one in load["operations"]:
        latency = [f"{one['latency_ms'][key]:g}" for key in ("p50", "p90", "p95", "p99", "max")]
        numbers = [f"{one[key]:,}" for key in ("calls", "failed", "throttled")]
        rows.append([one["operation"], *numbers, *latency])
    return (*wrap(said, width), *table(rows, gap=2))
