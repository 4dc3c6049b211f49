"""All mutants or a sample of them against the suite, side by side, and what they were sorted into."""

import hashlib
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from roamspec.errors import SuiteError
from roamspec.selftest.mutants.baseline import MutantBaseline
from roamspec.selftest.mutants.mutant_run import MutantConditions, MutantRun, statements_reached, try_mutant
from roamspec.selftest.mutants.sites import Mutant, Site, all_mutants


@dataclass(frozen=True, slots=True)
class MutantScore:
    """`all` are the mutants of the code, `reached` those that a run on the unchanged code gets to; `runs` are
    of the ones that were tried."""

    all: tuple[Mutant, ...]
    reached: tuple[Mutant, ...]
    runs: tuple[tuple[Mutant, MutantRun], ...]
    baseline: MutantBaseline

    @property
    def tried(self) -> int:
        """How many mutants the suite was shown."""
        return len(self.runs)

    @property
    def unreachable(self) -> int:
        """How many are in code that no check runs."""
        return len(self.all) - len(self.reached)

    def of(self, outcome: str) -> list[tuple[Mutant, MutantRun]]:
        """Those that were sorted into this class; an equivalent one is in no other."""
        if outcome == "equivalent":
            return [each for each in self.runs if self._is_equivalent(each)]
        return [each for each in self.runs if each[1].outcome == outcome and not self._is_equivalent(each)]

    @property
    def noticed_sites(self) -> set[Site]:
        """Those that make a requirement fail, whether it blocks or not."""
        return {mutant.site for mutant, run in self.runs if run.outcome in ("noticed", "not blocking")}

    @property
    def problems(self) -> list[str]:
        """One sentence for each mutant that the baseline does not allow."""
        found = [
            f"{_place(mutant)}: goes unnoticed, and the baseline does not have it: {shown(mutant)}"
            for mutant, _ in self.of("unnoticed")
            if mutant.site not in self.baseline.unnoticed
        ]
        return found + [
            f"{_place(mutant)}: the baseline calls it equivalent, but {run.detail} fails: {shown(mutant)}"
            for mutant, run in self.runs
            if run.outcome == "noticed" and mutant.site in self.baseline.equivalent
        ]

    def _is_equivalent(self, each: tuple[Mutant, MutantRun]) -> bool:
        mutant, run = each
        return run.outcome == "unnoticed" and mutant.site in self.baseline.equivalent


def shown(mutant: Mutant) -> str:
    """The change in one line."""
    before, after = (text.splitlines() for text in (mutant.before, mutant.after))
    pairs = [(one, other) for one, other in zip(before, after, strict=False) if one != other]
    one, other = pairs[0] if pairs else (before[0], after[0])
    return f"{one.strip()}  ->  {other.strip()}"


def _place(mutant: Mutant) -> str:
    return (
        f"{mutant.site.file}, line {mutant.line}, {mutant.site.function or 'module'} ({mutant.site.operator})"
    )


def measure_mutants(
    baseline: MutantBaseline,
    conditions: MutantConditions,
    *,
    sample: int,
    jobs: int,
    say_progress: Callable[[str], None],
) -> MutantScore:
    """Try `sample` of the reached mutants, drawn by the seed; 0 for all. `say_progress` gets each line."""
    existing = all_mutants()
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            statements = pool.submit(statements_reached, conditions).result()
            reached = [each for each in existing if _is_reached(each, statements)]
            chosen = drawn(reached, sample, conditions.seed)
            waiting = {pool.submit(try_mutant, each.site.name, conditions): each for each in chosen}
            runs: list[tuple[Mutant, MutantRun]] = []
            for done in as_completed(waiting):
                mutant, run = waiting[done], done.result()
                runs.append((mutant, run))
                say_progress(
                    f"{len(runs)}/{len(chosen)} {_place(mutant)}: {run.outcome}, {run.duration_s:.1f} s"
                )
        except BrokenProcessPool as error:
            raise SuiteError("A process of the self-test ended before its work; try fewer --jobs.") from error
        finally:
            pool.shutdown(cancel_futures=True)
    runs.sort(key=lambda each: existing.index(each[0]))
    return MutantScore(tuple(existing), tuple(reached), tuple(runs), baseline)


def drawn(reached: Sequence[Mutant], sample: int, seed: int) -> list[Mutant]:
    """A sample that depends on the sites and the seed alone; all of them for 0 or too many.

    One mutant more or less changes one of the sample at most, and a larger sample contains a smaller one.
    """
    if not sample or sample >= len(reached):
        return list(reached)

    def rank(each: Mutant) -> bytes:
        return hashlib.sha256(f"{seed} {each.site.name}".encode()).digest()

    return sorted(reached, key=rank)[:sample]


def _is_reached(mutant: Mutant, statements: frozenset[tuple[str, int]]) -> bool:
    return mutant.statement is None or (mutant.site.file, mutant.statement) in statements
