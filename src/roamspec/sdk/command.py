"""Running the command that tests the SDK."""

import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from roamspec.errors import UsageError
from roamspec.interruption import why_interrupted
from roamspec.processes import OF_ITS_OWN_GROUP, stop_group, wait_until_ended
from roamspec.sdk.verdict import CommandEnd


def check_command(words: Sequence[str], path: str | None) -> None:
    """UsageError when nothing of that name can be started; `path` is where it is looked for."""
    if not words:
        raise UsageError("sdk: give the command after --, as in: roamspec sdk -- make test.")
    if shutil.which(words[0], path=path) is None:
        raise UsageError(f"The command {words[0]!r} cannot be started: there is no such program.")


def run_command(
    words: Sequence[str],
    environment: Mapping[str, str],
    timeout_s: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> CommandEnd:
    """Run it to its end, its output shown as it comes; whatever it started is stopped with it when it must.

    `meanwhile` is done while it runs.

    UsageError when it cannot be started.
    """
    began = time.monotonic()
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command
            list(words), env=dict(environment), stdin=subprocess.DEVNULL, **OF_ITS_OWN_GROUP
        )
    except OSError as error:
        raise UsageError(f"The command {words[0]!r} cannot be started: {error.strerror}.") from error
    try:
        meanwhile()
        status = wait_until_ended(process, max(0.0, timeout_s - (time.monotonic() - began)))
    except subprocess.TimeoutExpired:
        stop_group(process)
        return CommandEnd(None, time.monotonic() - began, "timeout")
    except KeyboardInterrupt as error:
        stop_group(process)
        return CommandEnd(None, time.monotonic() - began, "interrupted", why_interrupted(error))
    return CommandEnd(status, time.monotonic() - began)
