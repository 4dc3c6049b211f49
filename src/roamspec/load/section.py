"""The part of the report about the load itself, in the form of `load` in `contracts/report.schema.json`."""

from typing import Any

from roamspec.load.latencies import PERCENTILES
from roamspec.load.plan import LoadPlan
from roamspec.load.tally import CallCounts, Tally


def load_section(plan: LoadPlan, tally: Tally) -> dict[str, Any]:
    """What was asked for, and what came of it; latencies are in milliseconds."""
    # The last call of each worker takes its place in time as the others do.
    measured_s = tally.measured_s + plan.workers / plan.rate if tally.measured_s else 0.0
    calls = sum(counts.latencies.calls for counts in tally.calls.values())
    return {
        "rate": plan.rate,
        "users": plan.users,
        "workers": plan.workers,
        "duration_s": round(tally.measured_s, 4),
        "calls": calls,
        "calls_per_s": round(calls / measured_s, 2) if measured_s else 0.0,
        "read_back": dict(sorted(tally.read_back.items())),
        "operations": [_operation(name, tally.calls[name]) for name in sorted(tally.calls)],
        "judgements": [
            {"requirement": name, "passed": counts.passed, "failed": counts.failed}
            for name, counts in sorted(tally.judged.items())
        ],
    }


def _operation(name: str, counts: CallCounts) -> dict[str, Any]:
    latencies = counts.latencies
    return {
        "operation": name,
        "calls": latencies.calls,
        "failed": counts.failed,
        "throttled": counts.throttled,
        "latency_ms": {
            **{f"p{percent}": latencies.percentile(percent) for percent in PERCENTILES},
            "max": round(latencies.longest_ms, 1),
        },
    }
