"""The command line that judges one requirement again, as every format shows it."""

import shlex
from collections.abc import Sequence


def run_again(command: Sequence[str], *, seed: int, requirement: str) -> str:
    """One line for a shell; `command` is the run's command line without seed and selection, and no secret."""
    return shlex.join((*command, "--seed", str(seed), "--req", requirement))
