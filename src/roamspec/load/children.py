"""The processes of a load, as the command that starts them sees them."""

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import IO, Any, Final

from roamspec.errors import SuiteError, UsageError
from roamspec.load.tally import Tally
from roamspec.load.task import LoadTask
from roamspec.processes import OF_ITS_OWN_GROUP, neutral, stop_group, wait_until_ended

_MODULE: Final = "roamspec.load.process"
_END_S: Final = 30.0

Progress = Callable[[Mapping[str, Any]], None]


def require_locust() -> None:
    """UsageError where this Python has no Locust; nothing of it is imported."""
    if importlib.util.find_spec("locust") is None:
        raise UsageError(
            f"load: {sys.executable} has no Locust; install it, best in an environment of its own: "
            "python -m pip install 'roamspec[load]'."
        )


class LoadProcesses:
    """The processes of one load; `tally` has what they counted, once they have ended."""

    def __init__(self, task: LoadTask, workers: int, progress: Progress) -> None:
        """`workers` are those of this machine: more than one of them get a master of their own."""
        self._task = task
        self._workers = workers
        self._progress = progress
        self.tally = Tally()

    def run(self) -> None:
        """Run the load to its end; an interrupt lets the processes clean up, and is raised again then."""
        task = self._task if self._workers == 1 else replace(self._task, role="master", port=0)
        with ExitStack() as ended:
            lead = ended.enter_context(_process(task))
            try:
                self._follow(lead, ended)
            except KeyboardInterrupt:
                lead.ask_to_end()
                self._follow(lead, ended)
                raise

    def _follow(self, lead: "_Lead", ended: ExitStack) -> None:
        for line in lead.lines():
            if "tally" in line:
                self.tally = Tally.from_dict(line["tally"])
                return
            if "port" in line and self._workers > 1:
                for number in range(self._workers):
                    worker = replace(
                        self._task, role="worker", plan=None, port=line["port"], number=number + 1
                    )
                    ended.enter_context(_process(worker))
            elif "elapsed_s" in line:
                self._progress(line)
        raise SuiteError(f"The process of the load ended before its end: {lead.complaint}.")


class _Lead:
    """A process whose lines are read."""

    def __init__(self, process: "subprocess.Popen[bytes]", errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors

    def lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield json.loads(line)

    def ask_to_end(self) -> None:
        """It removes what was made, and tells what it counted so far."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    @property
    def complaint(self) -> str:
        """The last thing that it said of an error."""
        self._errors.seek(0)
        said = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return said[-1].strip() if said else "it printed nothing"


@contextmanager
def _process(task: LoadTask) -> Iterator[_Lead]:
    """A process that has got its task; it has ended when the block ends."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(os.environ),
            # Ctrl-C is for us: what was made must be removed.
            **OF_ITS_OWN_GROUP,
        )
        try:
            assert process.stdin is not None
            process.stdin.write(pickle.dumps(task))
            process.stdin.flush()
            yield _Lead(process, errors)
        finally:
            _end(process)


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Without what changes how Locust works, and without what a run of ours reads."""
    return {
        name: value
        for name, value in neutral(environ).items()
        if not name.startswith(("LOCUST_", "ROAMSPEC_", "GEVENT_"))
    }


def _end(process: "subprocess.Popen[bytes]") -> None:
    streams: Sequence[IO[bytes] | None] = (process.stdin, process.stdout)
    for stream in streams:
        if stream and not stream.closed:
            stream.close()
    try:
        wait_until_ended(process, _END_S)
    except subprocess.TimeoutExpired:
        stop_group(process)
