"""The note about calls that keep to no contract and were served all the same."""

from collections.abc import Sequence

from roamspec.results.verdict import RequirementResult


def served_note(results: Sequence[RequirementResult]) -> tuple[str, ...]:
    """One sentence, or none. It is made of the verdicts, so that it cannot contradict them: a requirement
    that failed is shown as a failure and nowhere else."""
    operations: dict[str, list[str]] = {}
    for result in results:
        if result.verdict == "pass" and any(check.served for check in result.checks):
            name = result.requirement.id.rpartition(".")[2]
            operations.setdefault(name, []).append(result.requirement.operation)
    if not operations:
        return ()
    kinds = "; ".join(f"{name} ({', '.join(sorted(each))})" for name, each in sorted(operations.items()))
    return (
        "Calls outside of the contract that were accepted (the documentation does not say how to "
        f"respond to them): {kinds}.",
    )
