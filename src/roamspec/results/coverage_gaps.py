"""What a run did not judge although somebody asked for it: pure functions over the verdicts."""

from collections.abc import Iterator, Mapping, Sequence

from roamspec.results.verdict import RequirementResult


def coverage_gaps(
    results: Sequence[RequirementResult], asked: Mapping[str, str], max_inconclusive: int | None
) -> tuple[str, ...]:
    """One sentence for each gap in the results of the selected requirements.

    `asked` maps a capability to the option that asks for it: of the requirements that need it one at least
    must have been judged. `max_inconclusive` is how many requirements may be inconclusive, None for any
    number.
    """
    return (*_unjudged(results, asked), *_too_many(results, max_inconclusive))


def _unjudged(results: Sequence[RequirementResult], asked: Mapping[str, str]) -> Iterator[str]:
    for capability, where in asked.items():
        needing = [result for result in results if capability in result.requirement.capabilities]
        open_ones = [result for result in needing if result.verdict == "inconclusive"]
        if open_ones and not any(result.verdict in ("pass", "fail") for result in needing):
            reason = open_ones[0].reason or "no reason is known"
            yield (
                f"{where} was given, but none of the {len(open_ones)} requirements that need it could be "
                f"judged: {reason.rstrip('.')}."
            )


def _too_many(results: Sequence[RequirementResult], most: int | None) -> Iterator[str]:
    number = sum(result.verdict == "inconclusive" for result in results)
    if most is not None and number > most:
        are = "requirement is" if number == 1 else "requirements are"
        yield f"{number} {are} inconclusive, and --max-inconclusive allows {most}."
