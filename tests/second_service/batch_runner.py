"""Many faults at little cost: up to five a run, one of each operation, in processes that stay warm.

`python -m tests.second_service.batch_runner
[--only PATTERN] [--part K/N] [--profile P] [--jobs N] [--out FILE]`

A check deletes with the operation it judges and with no other, so what is red of an operation is the work
of its fault. Whatever does not fit this, and whatever is missed, is tried once more alone.
"""

import argparse
import fnmatch
import json
import multiprocessing
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from tests.second_service import broken, mixed, sound
from tests.second_service.fault import Fault
from tests.second_service.serve import announced
from tests.second_service.service import Service

from roamspec.appkey import AppKey
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import Catalogue, load_catalogue
from roamspec.runner.settings import RunSettings
from roamspec.selftest.fault_run import FaultRun, attempt, haste_for
from roamspec.selftest.score import FaultResult, fault_results
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest, side_by_side, together
from roamspec.suite.marks import Profile

READY_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is matched, missed, misblamed, status or trouble."""

    kind: str
    finding: FaultResult
    seconds: float

    def line(self) -> str:
        red = ", ".join(name.partition(".")[2] for name in self.finding.red[:6]) or "-"
        more = f" … {len(self.finding.red)}" if len(self.finding.red) > 6 else ""
        return f"{self.kind:9} {self.finding.fault.name}: {red}{more}" + (
            f"  ELSEWHERE {', '.join(self.finding.elsewhere[:6])}" if self.finding.elsewhere else ""
        )


def as_broken(fault: Fault, catalogue: Catalogue) -> BrokenEmulator:
    """The fault in the terms of the self-test, with every requirement that its pattern names."""
    names = tuple(name for name in catalogue if fault.expect.search(name))
    if not names:
        raise ValueError(f"{fault.name} expects {fault.expect.pattern}, which is not a requirement")
    return BrokenEmulator(fault.name, fault.operation, names)


@contextmanager
def serving(service: Service, *, rate: float | None = 0.0) -> Iterator[TargetConfig]:
    """The service on a port of its own, in a thread of this process; `rate` is what the suite keeps to,
    0 for none and None for what it keeps to on a service it does not know."""
    ready: Queue[dict[str, Any]] = Queue()
    server = announced(service, told=ready.put)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield _config(ready.get(timeout=READY_WITHIN_S), rate)
    finally:
        server.should_exit = True
        thread.join()


def _config(ready: dict[str, Any], rate: float | None) -> TargetConfig:
    credentials = Credentials(client_id=ready["client_id"], client_secret=ready["client_secret"])
    names = (f"{ready['org']}/{ready['app']}", ready["neighbour_app"], ready["closed_app"])
    main, neighbour, closed = (AppConfig(AppKey.parse(name, where=name), credentials) for name in names)
    return TargetConfig(
        base_url=ready["base_url"],
        main=main,
        neighbour=neighbour,
        closed=closed,
        observer_url=ready["observer_url"],
        rate=rate,
    )


def examine(subject: EmulatorUnderTest, profile: Profile, variant: str) -> FaultRun:
    """One run of the suite against a service with the faults of the subject, if it has any."""
    contract = load_contract()
    catalogue = load_catalogue(contract=contract)
    hooks_by_operation = {fault.operation: broken.faults()[fault.name].hooks for fault in subject.faults}
    with (
        tempfile.TemporaryDirectory(prefix="second-service-") as folder,
        serving(
            Service(mixed.named(variant), hooks_by_operation), rate=0.0 if hooks_by_operation else None
        ) as config,
    ):
        return attempt(
            subject,
            RunSettings(config, profile=profile, report_dir=Path(folder), haste=haste_for(subject)),
            catalogue,
            contract.sha256,
        )


def examine_all(
    faults: Sequence[BrokenEmulator], profile: Profile, variant: str, jobs: int, *, alone: bool = False
) -> Iterator[Verdict]:
    """A verdict for each fault; those that shared a run and do not fit are tried once more alone."""
    catalogue = load_catalogue(contract=load_contract())
    operation_of = {name: each.operation for name, each in catalogue.items()}
    decisive = frozenset(name for name, each in catalogue.items() if each.decisive)
    subjects = [side_by_side([one]) for one in faults] if alone else together(faults, "operations")
    again: list[BrokenEmulator] = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        for future in as_completed([pool.submit(examine, one, profile, variant) for one in subjects]):
            fault_run = future.result()
            for finding in fault_results(fault_run, operation_of):
                verdict = Verdict(_kind(finding, decisive), finding, fault_run.duration_s)
                if verdict.kind == "matched" or alone:
                    yield verdict
                else:
                    again.append(finding.fault)
    if again:
        yield from examine_all(again, profile, variant, jobs, alone=True)


def examine_conforming(
    variants: Sequence[str], profile: Profile, jobs: int
) -> Iterator[tuple[str, FaultRun]]:
    """Each conforming variant by its name, and what the suite made of it."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = {pool.submit(examine, EmulatorUnderTest(name), profile, name): name for name in variants}
        for future in as_completed(runs):
            yield runs[future], future.result()


def _kind(finding: FaultResult, decisive: frozenset[str]) -> str:
    if finding.trouble:
        return "trouble"
    if finding.elsewhere:
        return "misblamed"
    if not set(finding.red) & set(finding.fault.refutes):
        return "missed"
    return "matched" if finding.detected(decisive) else "status"


def _chosen(patterns: Sequence[str], part: str) -> list[BrokenEmulator]:
    catalogue = load_catalogue(contract=load_contract())
    number, _, of = part.partition("/")
    faults = broken.faults()
    every = [as_broken(faults[name], catalogue) for name in _fitting(faults, patterns)]
    rows = together(every, "operations")[int(number) - 1 :: int(of)]
    return [fault for row in rows for fault in row.faults]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN")
    parser.add_argument("--sound", action="store_true", help="sound variants instead of faults")
    parser.add_argument("--mixed", default="", metavar="N[-M]", help="sound variants put together by chance")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the Kth of N parts")
    parser.add_argument("--profile", default="standard")
    parser.add_argument("--variant", default="plain", help="the sound service that is broken")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--alone", action="store_true", help="each fault in a run of its own")
    parser.add_argument("--out", type=Path, help="where findings go, one JSON object a line")
    asked = parser.parse_args()
    if asked.sound or asked.mixed:
        return _try_conforming(asked)
    counts: Counter[str] = Counter()
    chosen = _chosen(asked.only, asked.part)
    for verdict in examine_all(chosen, asked.profile, asked.variant, asked.jobs, alone=asked.alone):
        counts[verdict.kind] += 1
        sys.stdout.write(verdict.line() + "\n")
        sys.stdout.flush()
        if asked.out is not None:
            with asked.out.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(_as_dict(verdict), ensure_ascii=False) + "\n")
    return _summed_up(counts)


def _try_conforming(asked: argparse.Namespace) -> int:
    number, _, of = asked.part.partition("/")
    chosen = _fitting(sound.variants(), asked.only) if asked.only or not asked.mixed else []
    first, _, last = asked.mixed.partition("-")
    chosen += [f"{mixed.PREFIX}{each}" for each in range(int(first), int(last or first) + 1)] if first else []
    chosen = chosen[int(number) - 1 :: int(of)]
    counts: Counter[str] = Counter()
    for name, run in examine_conforming(chosen, asked.profile, asked.jobs):
        wanted = (3,) if name in sound.UNTESTABLE else (0, 3) if name.startswith(mixed.PREFIX) else (0,)
        kind = "false-alarm" if run.failing else "matched" if run.exit_status in wanted else "status"
        counts[kind] += 1
        is_mixed = kind != "matched" and name.startswith(mixed.PREFIX)
        made_of = f"  ({mixed.described(name)})" if is_mixed else ""
        came = "; ".join(f"{red}: {run.came.get(red, '')}" for red in run.failing)
        sys.stdout.write(
            f"{kind:11} {run.exit_status} {run.duration_s:5.1f} s {run.requests:5} requests  {name}"
            f"  {run.trouble}{came}{made_of}\n"
        )
        sys.stdout.flush()
    return _summed_up(counts)


def _summed_up(counts: Counter[str]) -> int:
    sys.stdout.write(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) + "\n")
    return 0 if set(counts) == {"matched"} else 1


def _fitting(names: Iterable[str], patterns: Sequence[str]) -> list[str]:
    return [name for name in names if any(fnmatch.fnmatchcase(name, one) for one in patterns or ["*"])]


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    found = verdict.finding
    return {
        "name": found.fault.name,
        "verdict": verdict.kind,
        "expects": found.fault.refutes,
        "red": found.red,
        "elsewhere": found.elsewhere,
        "status": found.status,
        "seconds": round(verdict.seconds, 1),
        "trouble": found.trouble,
        "came": dict(found.came),
    }


if __name__ == "__main__":
    sys.exit(main())
