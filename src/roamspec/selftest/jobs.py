"""Several warm processes, each with an emulator of its own, that try one subject after the other."""

import multiprocessing
import os
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.errors import SuiteError
from roamspec.selftest.stand import Stand
from roamspec.selftest.subjects import Subject
from roamspec.selftest.trial import Trial, attempt
from roamspec.suite.marks import Profile


@dataclass(frozen=True, slots=True)
class Conditions:
    """What is the same for all trials."""

    profile: Profile
    seed: int


@dataclass
class _Job:
    """What a process keeps between two trials."""

    conditions: Conditions
    stand: Stand
    catalogue: Catalogue
    contract_sha256: str
    folder: Path

    def attempt(self, subject: Subject) -> Trial:
        names = [fault.name for fault in subject.faults]
        # A folder for each: what a run keeps for the next one must not help against another fault.
        with (
            self.stand.apps(names, subject.settings) as config,
            tempfile.TemporaryDirectory(dir=self.folder) as folder,
        ):
            return attempt(
                subject,
                config,
                self.catalogue,
                contract_sha256=self.contract_sha256,
                profile=self.conditions.profile,
                seed=self.conditions.seed,
                report_dir=Path(folder),
            )


_job: _Job | None = None


def attempt_all(subjects: Sequence[Subject], conditions: Conditions, jobs: int) -> Iterator[Trial]:
    """Try every subject, `jobs` at a time; trials come in the order in which they end.

    SuiteError when a process dies or its emulator does not answer.
    """
    with (
        tempfile.TemporaryDirectory(prefix="roamspec-selftest-") as folder,
        ProcessPoolExecutor(
            max_workers=min(jobs, len(subjects)) or 1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start,
            initargs=(conditions, folder),
        ) as pool,
    ):
        futures = [pool.submit(_attempt, subject) for subject in subjects]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise SuiteError("A process of the self-test ended before its work; try fewer --jobs.") from error
        except BaseException:
            # Nobody waits for trials any more; their emulators end with their processes.
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            for future in futures:
                future.cancel()


def _start(conditions: Conditions, folder: str) -> None:
    global _job  # noqa: PLW0603 - a pool's process has no other place between two calls
    threading.Thread(target=_end_with_parent, daemon=True).start()
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    # The emulator ends with this process: its input is closed then.
    _job = _Job(conditions, Stand(), catalogue, contract.sha256, Path(folder))


def _end_with_parent() -> None:
    """A killed self-test leaves no processes behind, also where it cannot say good-bye."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _attempt(subject: Subject) -> Trial:
    assert _job is not None
    return _job.attempt(subject)
