"""Several warm processes, each with an emulator of its own, that try one subject after the other."""

import gc
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from roamspec.contract.load import load_contract
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.errors import SuiteError
from roamspec.runner.preflight import Preflight
from roamspec.runner.settings import RunSettings
from roamspec.selftest.fault_run import HASTE, FaultRun, attempt, haste_for
from roamspec.selftest.subjects import EmulatorUnderTest
from roamspec.selftest.warm_emulator import WarmEmulator
from roamspec.session.opening import RequestLimits
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.session import open_session
from roamspec.suite.marks import Profile
from roamspec.temporary import temporary_directory
from roamspec.world.variety import Variety


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same for all fault runs; `haste` is how many times shorter the suite waits, None for
    what `haste_for` says; `checks` are the only ones to run, all if
    empty."""

    profile: Profile
    seed: int
    haste: float | None = None
    checks: tuple[str, ...] = ()


@dataclass
class _Job:
    """What a process keeps between two fault runs."""

    conditions: Conditions
    warm_emulator: WarmEmulator
    catalogue: Catalogue
    contract_sha256: str
    folder: Path
    found: PreflightResult
    """Of apps without a fault; no fault changes what a preflight looks at."""
    warm: bool = False

    def attempt(self, subject: EmulatorUnderTest) -> FaultRun:
        names = [fault.name for fault in subject.faults]
        # A folder for each: what a run keeps for the next one must not help against another fault.
        with (
            self.warm_emulator.apps(names, subject.settings) as config,
            tempfile.TemporaryDirectory(dir=self.folder) as folder,
        ):
            fault_run = attempt(
                subject,
                RunSettings(
                    config,
                    profile=self.conditions.profile,
                    seed=self.conditions.seed,
                    report_dir=Path(folder),
                    haste=self.conditions.haste or haste_for(subject),
                    checks=self.conditions.checks,
                    keep="all",  # the apps go as a whole
                    found=self.found if subject.faults else None,
                ),
                self.catalogue,
                self.contract_sha256,
            )
            fault_run = replace(fault_run, occasions=self.warm_emulator.occasions(config))
        if not self.warm:
            # What the first run has loaded stays; looking through it for garbage costs a twelfth of a run.
            gc.collect()
            gc.freeze()
            self.warm = True
        return fault_run


_job: _Job | None = None


class WorkerPool:
    """The processes, warm from the first run to the last."""

    def __init__(self, conditions: Conditions, count: int) -> None:
        self._folder = temporary_directory("roamspec-selftest-")
        self._pool = ProcessPoolExecutor(
            max_workers=count,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(conditions, self._folder.name),
        )

    def attempt_all(
        self,
        subjects: Sequence[EmulatorUnderTest],
        *,
        then: Callable[[FaultRun], Sequence[EmulatorUnderTest]] = lambda _: (),
    ) -> Iterator[FaultRun]:
        """Try every subject, and those that `then` makes of a run; runs come in the order in which they
        end.

        SuiteError when a process dies or its emulator does not answer.
        """
        open_: set[Future[FaultRun]] = set()
        try:
            open_ |= {self._pool.submit(_attempt, subject) for subject in subjects}
            while open_:
                done, open_ = wait(open_, return_when=FIRST_COMPLETED)
                for future in done:
                    fault_run = future.result()
                    open_ |= {self._pool.submit(_attempt, subject) for subject in then(fault_run)}
                    yield fault_run
        except BrokenProcessPool as error:
            raise SuiteError("A process of the self-test ended unexpectedly; try fewer --jobs.") from error
        except BaseException:
            _end_fault_runs()
            raise
        finally:
            for future in open_:
                future.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            # What interrupts may have come between two fault runs.
            _end_fault_runs()
        self._pool.shutdown(cancel_futures=True)
        self._folder.cleanup()


def _end_fault_runs() -> None:
    """Nobody waits for fault runs any more; their emulators end with their processes."""
    for process in multiprocessing.active_children():
        process.terminate()


def _start(conditions: Conditions, folder: str) -> None:
    global _job  # noqa: PLW0603 - a pool's process has no other place between two calls
    threading.Thread(target=_end_with_parent, daemon=True).start()
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    # The emulator ends with this process: its input is closed then.
    warm_emulator = WarmEmulator()
    found = _preflight(warm_emulator, contract, conditions)
    _job = _Job(conditions, warm_emulator, catalogue, contract.sha256, Path(folder), found)


def _preflight(warm_emulator: WarmEmulator, contract: Contract, conditions: Conditions) -> PreflightResult:
    with warm_emulator.apps((), {}) as config:
        session = open_session(config, contract, limits=RequestLimits.at_rate(0))
        session.hasten(conditions.haste or HASTE)
        session.variety = Variety(conditions.seed)
        try:
            Preflight(session).run()
            return PreflightResult.of(session)
        finally:
            session.close()


def _end_with_parent() -> None:
    """A killed self-test leaves no processes behind, also where it cannot say good-bye."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _attempt(subject: EmulatorUnderTest) -> FaultRun:
    assert _job is not None
    return _job.attempt(subject)
