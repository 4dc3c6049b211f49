"""Faults behind conditions, shown to the suite in each profile without any shortened wait.

    python benchmarks/conditional.py [--faults 200] [--seed 0] [--profile quick]... [--jobs 1]

Prints how many were met, shown and noticed, by which layer of checks, and what a run costs; ends with 1 when
a profile misses its bounds.
"""

import argparse
import sys
from typing import Final, TextIO

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.selftest.conditional.draw import drawn
from roamspec.selftest.conditional.measure import measure, unhurried
from roamspec.selftest.conditional.render import table
from roamspec.selftest.conditional.results import ProfileResult

BOUNDS: Final = {"quick": (70.0, 2_000), "standard": (80.0, 3_000), "deep": (95.0, 12_000)}
"""Percent that must be shown to the suite, and requests of a run at most."""
NOTICED: Final = 95.0
"""Percent of these that must be noticed."""


def short_of(result: ProfileResult) -> list[str]:
    """The bounds that a profile misses, each as a sentence."""
    shown, requests = BOUNDS[result.profile]
    most = max(outcome.requests for outcome in result.outcomes)
    found = [
        (result.met_percent < shown, f"{result.met_percent} % shown, fewer than {shown} %"),
        (result.noticed_percent < NOTICED, f"{result.noticed_percent} % noticed, fewer than {NOTICED} %"),
        (most > requests, f"{most} requests, more than {requests}"),
        (bool(result.misattributed), f"{len(result.misattributed)} attributed to another operation"),
    ]
    return [f"{result.profile}: {sentence}" for misses, sentence in found if misses]


def say(text: str, where: TextIO = sys.stdout) -> None:
    where.write(f"{text}\n")
    where.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--profile", action="append", choices=list(BOUNDS))
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    results = measure(
        list(drawn(arguments.faults, arguments.seed)),
        load_catalogue(contract=load_contract()),
        each_under=unhurried(arguments.profile or list(BOUNDS), arguments.seed),
        jobs=arguments.jobs,
        say_progress=lambda line: say(line, sys.stderr),
    )
    say(table(results))
    misses = [sentence for result in results for sentence in short_of(result)]
    say("\n".join(misses))
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main())
