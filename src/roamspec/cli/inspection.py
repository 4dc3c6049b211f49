"""With PYTHONINSPECT in the environment Python opens a prompt at its end, and the status is the prompt's."""

import atexit
import contextlib
import os
import sys


def end_despite_inspection(status: int) -> None:
    """End the process with this status where Python would ask for commands first; else return."""
    if not os.environ.get("PYTHONINSPECT") or sys.flags.interactive:
        return
    # What was registered has to run before `os._exit`, and Python has no public way to run it. Nor can the
    # prompt be left out: Python reads the variable when it starts.
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)
