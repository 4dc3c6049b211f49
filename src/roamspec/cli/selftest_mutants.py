"""`roamspec selftest --mutants`: how the suite does on changes of the emulator's code that nobody chose."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from roamspec.cli.output import complain, say
from roamspec.errors import UsageError
from roamspec.interruption import terminated_as_interrupted, time_limit
from roamspec.resources import folder

FILE_NAME: Final = "selftest-mutants.json"


def execute_mutants(arguments: argparse.Namespace, say_progress: Callable[[str], None]) -> int:
    """Measure, and judge by the baseline; 1 when it does not allow what was found."""
    from roamspec.selftest.mutants.baseline import (
        read_mutant_baseline,
        tightened,
        write_mutant_baseline,
    )
    from roamspec.selftest.mutants.measure import measure_mutants
    from roamspec.selftest.mutants.mutant_run import MutantConditions
    from roamspec.selftest.mutants.render import mutant_table

    unfit = [
        option
        for option, given in (
            ("--faults", arguments.faults),
            ("--check", arguments.check),
            ("--no-faults", arguments.no_faults),
            ("--sharing", arguments.sharing),
            ("--once", arguments.once),
        )
        if given
    ]
    if unfit:
        raise UsageError(f"--mutants makes its faults itself; leave out {' and '.join(unfit)}.")
    path: Path = arguments.floor or folder("contracts") / FILE_NAME
    baseline = read_mutant_baseline(path)
    with terminated_as_interrupted(), time_limit(arguments.timeout):
        score = measure_mutants(
            baseline,
            MutantConditions(arguments.profile or "quick", arguments.seed),
            sample=arguments.mutants,
            jobs=arguments.jobs or os.cpu_count() or 1,
            say_progress=say_progress,
        )
    say(mutant_table(score))
    problems = score.problems
    for sentence in problems:
        complain(sentence)
    tighter = tightened(baseline, score.all, score.noticed_sites)
    if tighter != baseline and not problems:
        if arguments.raise_floor:
            write_mutant_baseline(path, tighter)
        say(f"{path} {'has been' if arguments.raise_floor else 'can be'} tightened.\n")
    return int(bool(problems))
