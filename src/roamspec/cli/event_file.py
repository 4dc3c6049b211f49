"""`--events FILE`: the events of a run, written while it runs."""

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from roamspec.cli.report_files import prove_output
from roamspec.errors import UsageError
from roamspec.output_files import open_output
from roamspec.report.ndjson import EventLog
from roamspec.results.events import Listener
from roamspec.results.safe_listener import SafeListener


class EventFile:
    """Nothing without a path. What breaks the file while the run goes on is in `broken`."""

    def __init__(self, path: Path | None, secrets: Sequence[str] = ()) -> None:
        """UsageError when cannot write to `path`."""
        self._resources = contextlib.ExitStack()
        self._log: EventLog | None = None
        self._safe_log: SafeListener | None = None
        if path is None:
            return
        prove_output("--events", path)
        try:
            stream = self._resources.enter_context(open_output(path))
        except OSError as error:
            raise UsageError(f"--events: cannot write to {path} ({error.strerror}).") from error
        self._log = EventLog(stream, secrets)
        self._safe_log = SafeListener(self._log, f"file of events {path}")

    @property
    def listeners(self) -> list[Listener]:
        return [self._safe_log] if self._safe_log else []

    @property
    def broken(self) -> str | None:
        return self._safe_log.broken if self._safe_log else None

    def conclude(self, report: Mapping[str, Any]) -> None:
        """Write the verdict as the last line."""
        if self._log is not None and self.broken is None:
            with contextlib.suppress(OSError):
                self._log.conclude(report)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._resources.close()
