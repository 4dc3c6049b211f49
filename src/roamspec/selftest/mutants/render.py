"""The table of mutants, for a terminal."""

from roamspec.selftest.mutants.measure import MutantScore, shown


def mutant_table(score: MutantScore) -> str:
    """Counts of each class, then each mutant that is not noticed."""
    classes = ("noticed", "not blocking", "unnoticed", "equivalent", "not runnable")
    counts = {name: len(score.of(name)) for name in classes}
    judged = counts["noticed"] + counts["unnoticed"]
    percent = f" ({100 * counts['noticed'] / judged:.1f} %)" if judged else ""
    rows = [
        ("mutants of the deletion code", f"{len(score.all)}"),
        ("of these not reached by the suite", f"{score.unreachable}"),
        ("tried", f"{score.tried}"),
        *((f"  {name}", f"{count}") for name, count in counts.items()),
        ("noticed, of noticed and unnoticed ones", f"{counts['noticed']} of {judged}{percent}"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value}" for name, value in rows]
    for outcome in ("unnoticed", "not blocking", "equivalent", "not runnable"):
        found = score.of(outcome)
        lines += ["", f"{outcome}:"] if found else []
        for mutant, run in found:
            reason = score.baseline.equivalent.get(mutant.site) if outcome == "equivalent" else run.detail
            place = f"{mutant.site.file.removeprefix('roamspec.')}:{mutant.line} {mutant.site.function}"
            lines.append(f"  {place} ({mutant.site.operator}): {shown(mutant)}")
            lines += [f"    {reason}"] if reason else []
    return "\n".join(lines) + "\n"
