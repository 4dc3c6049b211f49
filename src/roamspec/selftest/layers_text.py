"""What each layer of checks detects alone, as a table for a terminal."""

from collections.abc import Iterator

from roamspec.report.terminal_text import table
from roamspec.selftest.layers import LayerResults
from roamspec.selftest.score import percent


def layers_text(results: LayerResults) -> str:
    """One row for each family of faults; below it the faults that one layer alone detects."""
    layers = list(results.detected)
    families: dict[str, list[str]] = {}
    for fault in results.faults:
        families.setdefault(fault.family, []).append(fault.name)
    every = [fault.name for fault in results.faults]
    rows = [["family", "faults", *layers]]
    for name, faults in [*families.items(), ("all", every)]:
        found = (len(results.detected[layer].intersection(faults)) for layer in layers)
        rows.append([name, str(len(faults)), *map(str, found)])
    shares = (f"{percent(len(results.detected[layer]), len(every))} %" for layer in layers)
    rows.append(["share", "", *shares])
    rows.append(["only this layer", "", *(str(len(results.only(layer))) for layer in layers)])
    rows.append(["requests", "", *(f"{results.requests[layer]:,}" for layer in layers)])
    return "\n".join([*table(rows, gap=2), *_lists(results, layers), ""])


def _lists(results: LayerResults, layers: list[str]) -> Iterator[str]:
    sections = [(f"Only {layer} detect", results.only(layer)) for layer in layers]
    for title, names in [*sections, ("No layer detects alone", results.undetected)]:
        if names:
            yield from ("", f"{title}:", *(f"  {name}" for name in names))
    if results.troubles:
        yield from ("", "Runs without a verdict:", *(f"  {trouble}" for trouble in results.troubles))
