"""`python -m roamspec.selftest.mutants.emulator`: an emulator whose deletion code is changed, or watched."""

import argparse
import sys
from functools import partial
from pathlib import Path

from roamspec.selftest.mutants.loading import PROBE, TreeFinder
from roamspec.selftest.mutants.sites import TARGETS, instrumented, mutants_of, mutated, source_of


def main() -> int:
    """Serve an emulator with one change, or one that notes which statements run."""
    parser = argparse.ArgumentParser(prog="python -m roamspec.selftest.mutants.emulator", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--mutant", metavar="NAME", help="the change to make")
    which.add_argument("--reached", type=Path, metavar="FILE", help="where each statement that runs is noted")
    own, others = parser.parse_known_args()
    if own.mutant:
        _change(own.mutant)
    else:
        _watch(own.reached)
    sys.argv[1:] = others
    from roamspec.faults.__main__ import main as serve

    return serve()


def _change(name: str) -> None:
    module = name.partition(":")[0]
    source = source_of(module)
    mutant = next(each for each in mutants_of(module, source, TARGETS[module]) if each.site.name == name)
    TreeFinder({module: partial(mutated, source, mutant)}).install()


def _watch(file: Path) -> None:
    seen: set[tuple[str, int]] = set()
    out = file.open("a", encoding="utf-8")

    def reached(module: str, number: int) -> None:
        if (module, number) not in seen:
            seen.add((module, number))
            out.write(f"{module} {number}\n")
            out.flush()

    TreeFinder({each: partial(instrumented, source_of(each), PROBE) for each in TARGETS}, reached).install()


if __name__ == "__main__":
    sys.exit(main())
