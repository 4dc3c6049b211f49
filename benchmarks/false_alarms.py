"""False alarms of the generative checks: many seeds against the emulator, in many conforming settings.

    python benchmarks/false_alarms.py [--seeds 200] [--first 0] [--workers 2] [--file test_sequence]

Each seed meets one way in which a service may conform (`roamspec.faults.conforming_variants`), in turn.
Prints every failure and every difference that was attributed to nobody, and ends with 1 if there was any.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any, Final

from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import TargetError
from roamspec.faults.conforming_variants import CONFORMING
from roamspec.resources import folder
from roamspec.runner.cleanup import clean_up
from roamspec.runner.planning import Plan
from roamspec.runner.preflight import Preflight
from roamspec.session.embedded_emulator import embedded_config
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.session import Session, open_session
from roamspec.suite.context import CheckContext, JointCheckContext
from roamspec.suite.exploration_limits import ExplorationEffort
from roamspec.suite.recorder import VerdictRecorder
from roamspec.world.variety import Variety

SETTINGS: dict[str, Mapping[str, Any]] = {
    "as it is": {},
    **{name: conforming.settings for name, conforming in CONFORMING.items()},
}
FILES: Final = ("test_schema", "test_relation", "test_sequence")
_MARKER = ": expected "


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the generative checks of one seed said; `failures` and `unattributed` must be empty."""

    seed: int
    settings: str
    failures: tuple[str, ...]
    unattributed: tuple[str, ...]
    inconclusive: str
    requests: int
    seconds: float


@contextmanager
def emulator(settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An emulator in a process of its own; its ready object."""
    words = [sys.executable, "-m", "roamspec.faults", "--exit-with-parent"]
    for name, value in settings.items():
        words += ["--set", f"{name}={written(value)}"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def written(value: Any) -> str:
    """A setting's value as the command line takes it."""
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, dict):
        return ",".join(f"{name}:{number}" for name, number in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass
class DrawnChecks:
    """The checks as the engine would call them, without the engine."""

    session: Session
    plan: Plan
    effort: ExplorationEffort
    cases: list[CheckContext] = field(default_factory=list)

    def run(self, check: Callable[..., None]) -> None:
        names = tuple(name for mark in check.pytestmark if mark.name == "covers" for name in mark.args)  # type: ignore[attr-defined]
        if "cases" in check.__annotations__:
            every = self.session.contract.operations.values()
            of = {operation.name: self._case(operation, names) for operation in every}
            check(JointCheckContext(self.session, self.effort, of))
            return
        for operation in self.plan.operations_of(names):
            check(self._case(operation, names))

    def _case(self, operation: Any, names: tuple[str, ...]) -> CheckContext:
        declared = self.plan.judgeable(names, operation, self.session.capabilities)
        case = CheckContext(
            self.session, operation, VerdictRecorder(operation.slug, declared, names), self.effort
        )
        self.cases.append(case)
        return case


def checks(names: Sequence[str] = FILES) -> Iterator[Callable[..., None]]:
    """Every generative check of the standard profile, or those in some of the files."""
    for name in names:
        yield from checks_in(name)


def checks_in(name: str) -> list[Callable[..., None]]:
    """The checks in the file of this name."""
    return [value for key, value in vars(_module(name)).items() if key.startswith("test_")]


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, folder("conformance") / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def judged(seed: int, names: Sequence[str] = FILES) -> Outcome:
    """One seed against one conforming emulator; `names` are the files whose checks are made."""
    contract = load_contract()
    name = list(SETTINGS)[seed % len(SETTINGS)]
    with emulator(SETTINGS[name]) as ready:
        config = embedded_config(TargetConfig(), ready)
        session = open_session(
            config, contract, identity=RunIdentity(NameSource(seed=seed)), limits=RequestLimits.at_rate(0)
        )
        session.variety = Variety(seed)
        Preflight(session).run()
        before, began = session.client.requests, time.monotonic()
        drawn = DrawnChecks(
            session,
            Plan(load_catalogue(contract=contract), contract, "standard", None),
            ExplorationEffort(seed=seed),
        )
        inconclusive = []
        for check in checks(names):
            try:
                drawn.run(check)
            except TargetError as error:
                inconclusive.append(f"{check.__name__}: {error}")
        for case in drawn.cases:
            case.close()
        spent, seconds = session.client.requests - before, time.monotonic() - began
        found = [judgement for case in drawn.cases for judgement in case.verdicts.recorded()]
        left = clean_up(session)
        session.close()
    failures = [f"{j.requirement}: {j.failure}" for j in found if j.verdict == "fail"]
    failures += [f"left behind: {entry}" for entry in left]
    unattributed = tuple(note for note in session.notes if _MARKER in note)
    return Outcome(seed, name, tuple(failures), unattributed, "; ".join(inconclusive), spent, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--file", action="append", choices=FILES)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    with ProcessPoolExecutor(options.workers) as processes:
        outcomes = list(processes.map(partial(judged, names=options.file or FILES), seeds))
    alarms = [outcome for outcome in outcomes if outcome.failures or outcome.unattributed]
    for outcome in alarms:
        for sentence in (*outcome.failures, *outcome.unattributed):
            sys.stdout.write(f"seed {outcome.seed}, {outcome.settings}: {sentence[:600]}\n")
    for name in SETTINGS:
        mine = [outcome for outcome in outcomes if outcome.settings == name]
        if not mine:
            continue
        open_ones = {outcome.inconclusive for outcome in mine if outcome.inconclusive}
        sys.stdout.write(
            f"{name}: {len(mine)} seeds, at most {max(o.requests for o in mine)} requests and "
            f"{max(o.seconds for o in mine):.1f} s" + "".join(f"; {each}" for each in open_ones) + "\n"
        )
    sys.stdout.write(f"{len(outcomes)} seeds in {len(SETTINGS)} settings: {len(alarms)} with a false alarm\n")
    return 1 if alarms or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
