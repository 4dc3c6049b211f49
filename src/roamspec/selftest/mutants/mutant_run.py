"""One run of the suite against one mutant, and what became of it."""

import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import RoamspecError
from roamspec.results.aggregate import Aggregate
from roamspec.runner import RunSettings, run
from roamspec.selftest.fault_run import HASTE, Watch
from roamspec.session.embedded_emulator import EmbeddedEmulator, embedded_config
from roamspec.suite.marks import Profile

Outcome = Literal["noticed", "not blocking", "unnoticed", "not runnable"]

MODULE: Final = "roamspec.selftest.mutants.emulator"
_DEADLINE_S: Final = 3.0
"""For one answer: a mutant may wait for something that never comes."""
_LONGEST_S: Final = 120.0
"""For one run."""


@dataclass(frozen=True, slots=True)
class MutantRun:
    """`name` is the site's; `detail` is the requirement that failed first, or why there is no verdict."""

    name: str
    outcome: Outcome
    detail: str
    requests: int
    duration_s: float


@dataclass(frozen=True, slots=True)
class MutantConditions:
    """What is the same for all runs."""

    profile: Profile
    seed: int


def try_mutant(name: str, conditions: MutantConditions) -> MutantRun:
    """Run the suite until something blocking fails."""
    status, detail, watch = _run(("--mutant", name), conditions, max_failures=1)
    outcome = outcome_of(status, any_failed=bool(watch.red))
    if outcome in ("noticed", "not blocking"):
        detail = next(iter(watch.red), "")
    return MutantRun(name, outcome, detail, watch.requests, watch.duration_s)


def outcome_of(status: int, *, any_failed: bool) -> Outcome:
    """What a run with this exit status makes of a mutant; `any_failed` also counts what does not block."""
    if status == 1:
        return "noticed"
    if status != 0:
        return "not runnable"
    return "not blocking" if any_failed else "unnoticed"


def statements_reached(conditions: MutantConditions) -> frozenset[tuple[str, int]]:
    """Each module and number of a statement that a run on the unchanged code reaches.

    RoamspecError when that run is not conforming: then nothing can be said of mutants.
    """
    with tempfile.TemporaryDirectory(prefix="roamspec-mutants-") as folder:
        file = Path(folder, "reached")
        status, detail, _ = _run(("--reached", str(file)), conditions, max_failures=0)
        if status != 0:
            raise RoamspecError(
                f"The suite does not pass on the unchanged emulator (status {status}): {detail}."
            )
        pairs = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
        return frozenset((module, int(number)) for module, number in pairs)


def _run(
    options: Sequence[str], conditions: MutantConditions, *, max_failures: int
) -> tuple[int, str, Watch]:
    """The exit status, what keeps the run from a verdict, and what was watched."""
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    watch, aggregate = Watch(lambda name: catalogue[name].operation), Aggregate(catalogue, contract.sha256)
    with (
        tempfile.TemporaryDirectory(prefix="roamspec-mutants-") as folder,
        EmbeddedEmulator(options=options, module=MODULE) as emulator,
    ):
        too_long = threading.Timer(_LONGEST_S, emulator.close)
        too_long.start()
        try:
            config = embedded_config(TargetConfig(deadline=_DEADLINE_S, rate=0.0), emulator.ready())
            settings = RunSettings(
                config=config,
                profile=conditions.profile,
                seed=conditions.seed,
                report_dir=Path(folder),
                haste=HASTE,
                max_failures=max_failures,
            )
            run(settings, [watch, aggregate])
        except RoamspecError as error:
            return error.exit_status, str(error), watch
        finally:
            too_long.cancel()
    return aggregate.exit_status(), "; ".join(watch.trouble), watch
