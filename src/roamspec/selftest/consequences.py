"""`python -m roamspec.selftest.consequences MATRIX...`: bring `consequences.json` up to what was measured.

For whoever changes checks or faults: what it prints is to be read as a change of what the suite blames,
and only then to be committed. Promises that a fault breaks stay where they are, with the fault. What is
red in some of the matrices alone depends on chance.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from roamspec.emulator.faults.registry import BY_CHANCE, CONSEQUENCES

Table = dict[str, dict[str, list[str]]]


def measured(faults: Iterable[Mapping[str, Any]], before: Mapping[str, Mapping[str, list[str]]]) -> Table:
    """By fault and slug, what is red besides what the fault breaks; faults not measured stay as they were.

    A fault that is measured again, in another matrix, adds what it shows there.
    """
    trials: dict[tuple[str, str], list[set[str]]] = {}
    for fault in faults:
        slug, _, name = fault["name"].partition(".")
        breaks = {each.partition(".")[2] for each in fault["breaks"]}
        red = {each.partition(".")[2] for each in fault["red"]} - breaks
        trials.setdefault((name, slug), []).append(red)
    names = {name for name, _ in trials}
    table: Table = {name: dict(entry) for name, entry in before.items() if name not in names}
    for name in names:
        by_slug = {slug: _settled(found) for (each, slug), found in trials.items() if each == name}
        common = set.intersection(*by_slug.values())
        entry = {"*": sorted(common)} | {slug: sorted(own - common) for slug, own in sorted(by_slug.items())}
        kept = {slug: own for slug, own in entry.items() if own}
        if kept:
            table[name] = kept
    return dict(sorted(table.items()))


def _settled(found: list[set[str]]) -> set[str]:
    always, ever = set.intersection(*found), set.union(*found)
    return always | {name + BY_CHANCE for name in ever - always}


def main(paths: list[str]) -> int:
    before = json.loads(CONSEQUENCES.read_text(encoding="utf-8"))
    matrices = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    after = measured((fault for matrix in matrices for fault in matrix["faults"]), before)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            sys.stdout.write(f"{name}\n  was {before.get(name, {})}\n  is  {after.get(name, {})}\n")
    CONSEQUENCES.write_text(json.dumps(after, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
