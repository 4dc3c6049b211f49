"""Runs the suite against the second service.

`python -m tests.second_service.cli_runner [--only PATTERN] [--jobs N] [--req PATTERN]`.

A conforming variant matches when the run ends with 0 and no requirement fails. A fault matches when a
requirement it declares fails, the status follows, and no other operation is attributed.
"""

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.second_service import broken, sound
from tests.second_service.fault import Fault

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN_S = 15.0
RUN_WITHIN_S = 400.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run showed; `verdict` is matched, missed, misblamed, false-alarm, status or no-report."""

    name: str
    verdict: str
    status: int
    seconds: float
    failing: tuple[str, ...]
    inconclusive: int
    requests: int
    reasons: Mapping[str, str]
    """Of failing requirements: what was expected and what came."""
    notes: str


@dataclass(frozen=True, slots=True)
class Options:
    profile: str
    requirements: tuple[str, ...]
    rate: str | None
    narrow: bool
    """A fault is judged on the requirements it declares, and on no others."""
    more: tuple[str, ...]


def declared(fault: Fault) -> tuple[str, ...]:
    """The requirement IDs of the catalogue at least one of which the fault must fail."""
    known = load_catalogue(contract=load_contract())
    return tuple(one for one in known if fault.expect.search(one))


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """One second service in a process of its own; gives the ready object."""
    ready = folder / "ready.json"
    command = [sys.executable, "-m", "tests.second_service.serve", "--ready-file", str(ready), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        try:
            limit = time.monotonic() + READY_WITHIN_S
            while not ready.exists():
                if process.poll() is not None or time.monotonic() > limit:
                    raise RuntimeError(f"the second service did not start: {' '.join(command)}")
                time.sleep(0.02)
            yield json.loads(ready.read_text(encoding="utf-8"))
        finally:
            process.terminate()


def conduct(target: Mapping[str, Any], folder: Path, options: Options) -> tuple[int, dict[str, Any], str]:
    """One `roamspec run`: exit status, report (empty when none was written), and what it said last."""
    command = [sys.executable, "-m", "roamspec", "run", "--profile", options.profile]
    for key in ("base_url", "org", "app", "neighbour_app", "closed_app", "observer_url"):
        command += [f"--{key.replace('_', '-')}", str(target[key])] if target[key] else []
    command += ["--report-dir", str(folder / "report")]
    command += [word for pattern in options.requirements for word in ("--req", pattern)]
    command += ["--rate", options.rate] if options.rate else []
    secrets = {"ROAMSPEC_CLIENT_ID": target["client_id"], "ROAMSPEC_CLIENT_SECRET": target["client_secret"]}
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ROAMSPEC_")}
    done = subprocess.run(
        [*command, *options.more],
        cwd=folder,
        env={**clean, **secrets},
        capture_output=True,
        text=True,
        timeout=RUN_WITHIN_S,
        check=False,
    )
    written = folder / "report" / "report.json"
    report = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
    return done.returncode, report, (done.stdout + done.stderr)[-1500:]


def _failure(requirement: Mapping[str, Any]) -> str:
    for check in requirement["checks"]:
        if failure := check.get("failure"):
            return f"{check['id']}: expected {failure['expected']}; came {failure['actual']}"
    return str(requirement.get("reason", ""))


def _verdict(
    name: str, fault: Fault | None, status: int, failing: list[Mapping[str, Any]], *, known: bool
) -> str:
    if fault is None:
        expected = 3 if name in sound.UNTESTABLE else 0
        return "false-alarm" if failing else "matched" if status == expected else "status"
    if not known:
        return "no-report"
    if any(set(one["operations"]) - {fault.operation} for one in failing):
        return "misblamed"
    hits = [one for one in failing if fault.expect.search(one["id"])]
    if not hits:
        return "missed"
    return "matched" if status == 1 or not any(one["decisive"] for one in hits) else "status"


def judge(name: str, fault: Fault | None, options: Options) -> Finding:
    if options.narrow and fault is not None:
        options = replace(options, requirements=declared(fault))
    with tempfile.TemporaryDirectory(prefix="second-service-") as place:
        folder = Path(place)
        arguments = ("--variant", name) if fault is None else ("--fault", name)
        with started(folder, *arguments) as target:
            begun = time.monotonic()
            try:
                status, report, said = conduct(target, folder, options)
            except subprocess.TimeoutExpired:
                status, report, said = -1, {}, f"still running after {RUN_WITHIN_S:.0f} s"
            seconds = time.monotonic() - begun
    failing = [one for one in report.get("requirements", []) if one["verdict"] == "fail"]
    return Finding(
        name=name,
        verdict=_verdict(name, fault, status, failing, known=bool(report)),
        status=status,
        seconds=round(seconds, 1),
        failing=tuple(one["id"] for one in failing),
        inconclusive=report.get("totals", {}).get("inconclusive", 0),
        requests=report.get("requests", 0),
        reasons={one["id"]: _failure(one) for one in failing[:8]},
        notes=said if not report or (fault is None and status != 0) else "",
    )


def _chosen(patterns: list[str], kind: str) -> dict[str, Fault | None]:
    pool: dict[str, Fault | None] = {}
    if kind in ("sound", "all"):
        pool.update(dict.fromkeys(sound.variants()))
    if kind in ("faults", "all"):
        pool.update(broken.faults())
    wanted = patterns or ["*"]
    return {n: f for n, f in pool.items() if any(fnmatch.fnmatchcase(n, p) for p in wanted)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("sound", "faults", "all"), default="all")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth of the chosen")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--profile", default="standard")
    parser.add_argument("--req", action="append", default=[], metavar="PATTERN")
    parser.add_argument("--narrow", action="store_true", help="judge a fault on what it declares alone")
    parser.add_argument("--rate")
    parser.add_argument("--out", type=Path, help="where findings go, one JSON object a line")
    parser.add_argument("more", nargs="*", help="further options of roamspec run, after --")
    asked = parser.parse_args()
    options = Options(asked.profile, tuple(asked.req), asked.rate, asked.narrow, tuple(asked.more))
    chosen = list(_chosen(asked.only, asked.kind).items())[:: asked.every]
    counts: Counter[str] = Counter()
    with ThreadPoolExecutor(asked.jobs) as pool:
        for found in pool.map(lambda item: judge(item[0], item[1], options), chosen):
            counts[found.verdict] += 1
            shown = ", ".join(found.failing[:4]) + (" ..." if len(found.failing) > 4 else "")
            sys.stdout.write(
                f"{found.verdict:11} {found.status:2} {found.seconds:6.1f} s  {found.name}  {shown}\n"
            )
            sys.stdout.flush()
            if asked.out is not None:
                with asked.out.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(found), ensure_ascii=False) + "\n")
    sys.stdout.write(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) + "\n")
    return 0 if set(counts) == {"matched"} else 1


if __name__ == "__main__":
    sys.exit(main())
