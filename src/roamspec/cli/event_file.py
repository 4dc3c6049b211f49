"""`--events FILE`, and the log of a shard: the events of a run, written while it runs."""

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
    """Nothing without a path. What breaks a file while the run goes on is in `broken`."""

    def __init__(
        self, path: Path | None, secrets: Sequence[str] = (), *, of_shard: Path | None = None
    ) -> None:
        """`path` as `--events` has it; `of_shard` is where a shard keeps its own log for the merge.
        UsageError when one of them cannot be written to."""
        self._resources = contextlib.ExitStack()
        self._logs: list[tuple[EventLog, SafeListener]] = []
        same = path is not None and of_shard is not None and path.resolve() == of_shard.resolve()
        for option, file in (("--events", path), ("--report-dir", None if same else of_shard)):
            if file is not None:
                self._open(option, file, secrets)

    def _open(self, option: str, file: Path, secrets: Sequence[str]) -> None:
        prove_output(option, file)
        try:
            stream = self._resources.enter_context(open_output(file))
        except OSError as error:
            raise UsageError(f"{option}: cannot write to {file} ({error.strerror}).") from error
        log = EventLog(stream, secrets)
        self._logs.append((log, SafeListener(log, f"file of events {file}")))

    @property
    def listeners(self) -> list[Listener]:
        """What hears the events of the run."""
        return [safe_log for _, safe_log in self._logs]

    @property
    def broken(self) -> str | None:
        """Why events could not be written, if so."""
        return next((safe_log.broken for _, safe_log in self._logs if safe_log.broken), None)

    def conclude(self, report: Mapping[str, Any]) -> None:
        """Write the verdict as the last line."""
        for log, safe_log in self._logs:
            if safe_log.broken is None:
                with contextlib.suppress(OSError):
                    log.conclude(report)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._resources.close()
