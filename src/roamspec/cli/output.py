"""The command's two streams."""

import os
import sys
from io import TextIOWrapper

from roamspec.report.text import visible


def prepare_streams() -> None:
    """Let a character that the terminal cannot show be written as an escape, instead of ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write to standard output; a reader that has gone (`| head`) is no error."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Otherwise the interpreter tries to flush once more on its way out, and complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(sentence: str) -> None:
    """Write one sentence to standard error."""
    sys.stderr.write(f"roamspec: {visible(sentence)}\n")
