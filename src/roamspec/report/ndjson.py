"""The events of a run as NDJSON: one JSON object on each line, written as it happens.

{"event": "run-started", "target": {...}, "profile": ..., "seed": ..., "planned_checks": ...}
{"event": "check-started", "check": ...}
{"event": "check-finished", "check": ..., "outcome": ..., "duration_s": ..., "judgements": [...]}
{"event": "run-finished", "duration_s": ..., "requests": ..., "ending": ...}
{"event": "verdict", "verdict": ..., "exit_status": ..., "because": [...], "totals": {...}}
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, BinaryIO, Final

from roamspec.report.text import scrub
from roamspec.report.workflow_commands import json_without_workflow_commands
from roamspec.results.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted
from roamspec.security.redaction import redacted_tree

_NAMES: Final[dict[type, str]] = {
    RunStarted: "run-started",
    CheckStarted: "check-started",
    CheckFinished: "check-finished",
    RunFinished: "run-finished",
}
_OF_THE_VERDICT: Final = ("verdict", "exit_status", "because", "totals")


class EventLog:
    """A listener that writes to `stream` and flushes each line; `secrets` stand in none of them."""

    def __init__(self, stream: BinaryIO, secrets: Sequence[str] = ()) -> None:
        self._stream = stream
        self._secrets = secrets

    def __call__(self, event: Event, /) -> None:
        """Write one event as a line of JSON."""
        self._write({"event": _NAMES[type(event)], **asdict(event)})

    def conclude(self, report: Mapping[str, Any]) -> None:
        """The last line: what `report.json` says of the run as a whole."""
        self._write({"event": "verdict", **{key: report[key] for key in _OF_THE_VERDICT}})

    def _write(self, content: dict[str, Any]) -> None:
        lists = {key: sorted(value) for key, value in content.items() if isinstance(value, frozenset)}
        clean = redacted_tree(scrub(content | lists, self._secrets))
        line = json_without_workflow_commands(json.dumps(clean, ensure_ascii=False, allow_nan=False))
        self._stream.write(line.encode("utf-8", "backslashreplace") + b"\n")
        self._stream.flush()
