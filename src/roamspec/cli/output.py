"""The command's two streams, which may be closed, full, or have lost their reader."""

import contextlib
import errno
import os
import sys
from io import TextIOWrapper
from typing import IO, Final, TextIO

from roamspec.cli.language import texts
from roamspec.errors import SuiteError
from roamspec.report.text import visible
from roamspec.report.workflow_commands import without_workflow_commands

_STREAMS: Final = (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w"))


class OutputLost(SuiteError):  # noqa: N818 - what happened
    """Standard output cannot be written: what it was to say is lost."""


def prepare_streams() -> None:
    """Let a character that the terminal cannot show be written as an escape, instead of ending the run.

    A stream that is closed becomes the null device: otherwise the next file or connection that is opened gets
    its number, and whatever a child process prints goes into it.
    """
    for name, number, mode in _STREAMS:
        if getattr(sys, name) is None:
            setattr(sys, name, _null_device(number, mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def settle_streams() -> None:
    """Leave nothing that the interpreter would try to write on its way out: that would change the status."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _divert(stream)


def say(text: str) -> None:
    """Write to standard output; OutputLost when that fails. A reader that has gone (`| head`) is not an
    error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _divert(sys.stdout)
    except OSError as error:
        _divert(sys.stdout)
        raise OutputLost(f"standard output cannot be written: {error.strerror}.") from error


def say_text(text: str) -> None:
    """`say` text for people: nothing in it acts on a terminal or on the runner of a pipeline."""
    say(without_workflow_commands(visible(text)))


def complain(sentence: str) -> None:
    """Write one sentence to standard error; where that cannot be written, nobody can be notified."""
    try:
        sys.stderr.write(without_workflow_commands(f"roamspec: {visible(texts().sentence(sentence))}\n"))
        sys.stderr.flush()
    except (OSError, ValueError):
        _divert(sys.stderr)


def _divert(stream: TextIO) -> None:
    """Send to the null device what is left in `stream`, and whatever else will be written to it."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        stream.flush()


def _null_device(number: int, mode: str) -> IO[str]:
    handle = os.open(os.devnull, os.O_RDWR)
    try:
        os.fstat(number)
    except OSError as error:
        if error.errno != errno.EBADF:
            raise
        os.dup2(handle, number)
    if handle > 2:
        os.close(handle)
        handle = number
    return open(handle, mode, encoding="utf-8", closefd=False)
