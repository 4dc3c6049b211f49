"""A command that serves the observer protocol for as long as a run needs it."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import IO, Final

from roamspec.errors import SetupFailed, UsageError
from roamspec.processes import OF_ITS_OWN_GROUP, stop_group

READY_WITHIN_S: Final = 60.0
_KEY: Final = "observer_url"


@contextmanager
def observing(
    command: Sequence[str], environment: Mapping[str, str], *, ready_within_s: float = READY_WITHIN_S
) -> Iterator[str]:
    """Start the command, give the address that it announces, and stop it at the end.

    It announces the address by a line of JSON with `observer_url` on its standard output. UsageError when it
    cannot be started, SetupFailed when it announces none in time.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            **OF_ITS_OWN_GROUP,
        )
    except OSError as error:
        raise UsageError(f"observe: {command[0]!r} cannot be started: {error.strerror}.") from error
    assert process.stdout is not None
    found: SimpleQueue[str | None] = SimpleQueue()
    reading = threading.Thread(target=_read, args=(process.stdout, found), daemon=True)
    reading.start()
    try:
        yield _announced(command[0], found, ready_within_s)
    finally:
        stop_group(process)
        reading.join()
        process.stdout.close()


def _read(lines: IO[str], found: "SimpleQueue[str | None]") -> None:
    """Hand on the address once; what else is said is read, so that the command does not wait for a reader."""
    for line in lines:
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and isinstance(said.get(_KEY), str):
            found.put(said[_KEY])
    found.put(None)


def _announced(name: str, found: "SimpleQueue[str | None]", within_s: float) -> str:
    try:
        address = found.get(timeout=within_s)
    except Empty as error:
        raise SetupFailed(
            f"observe: {name!r} printed no JSON line with {_KEY} within {within_s:g} s."
        ) from error
    if address is None:
        raise SetupFailed(f"observe: {name!r} ended before it printed a JSON line with {_KEY}.")
    return address
