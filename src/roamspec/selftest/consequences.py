"""`python -m roamspec.selftest.consequences MATRIX...`: bring `consequences.json` up to what was measured.

For whoever changes checks or faults: what it prints is to be read as a change of what the suite blames,
and only then to be committed. Promises that a fault breaks stay where they are, with the fault.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from roamspec.emulator.faults.registry import CONSEQUENCES

Table = dict[str, dict[str, list[str]]]


def measured(faults: Iterable[Mapping[str, Any]], before: Mapping[str, Mapping[str, Any]]) -> Table:
    """By fault and slug, what is red besides what the fault breaks; faults not measured stay as they were."""
    red: dict[str, dict[str, set[str]]] = {}
    for fault in faults:
        slug, _, name = fault["name"].partition(".")
        names = {each.partition(".")[2] for each in fault["red"]}
        red.setdefault(name, {})[slug] = names - {each.partition(".")[2] for each in fault["breaks"]}
    table: Table = {name: dict(entry) for name, entry in before.items() if name not in red}
    for name, by_slug in red.items():
        common = set.intersection(*by_slug.values())
        entry = {"*": sorted(common)} | {slug: sorted(names - common) for slug, names in by_slug.items()}
        kept = {slug: names for slug, names in entry.items() if names}
        if kept:
            table[name] = kept
    return dict(sorted(table.items()))


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
