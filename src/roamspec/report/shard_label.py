"""What a report of one shard says in the place of a verdict."""

from collections.abc import Mapping
from typing import Any

from roamspec.report.translation import Translation


def shard_label(report: Mapping[str, Any], texts: Translation) -> str:
    """`shard 3 of 8`; empty for the report of a whole run."""
    shard = report.get("shard")
    if not shard:
        return ""
    return texts.gettext("shard {index} of {count}").format(index=shard["index"], count=shard["count"])


def has_ended_well(report: Mapping[str, Any]) -> bool:
    """Whether a shard came to its end: what else may be missing, other shards have judged."""
    return "shard" in report and report["exit_status"] in (0, 1)
