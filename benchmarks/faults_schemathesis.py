"""Which faults does `schemathesis run` notice, and which does roamspec?

Both are shown the same broken emulators: schemathesis with its default checks, the contract, and an app
token; roamspec with its own suite. A fault counts as noticed by schemathesis when it reports a failure of
the broken operation by a check that fails in none of several runs on the sound emulator; and by roamspec
when the status is 1 and a promise that the fault breaks is red. So that schemathesis does not spend its calls
on what does not exist, its copy of the contract names an app, users, a group and messages that do.

    .venv/bin/python benchmarks/faults_schemathesis.py [--all] [--every N] [--faults PATTERN] [--json FILE]

By default every twenty-fifth fault of the bank is taken.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from peer_tools import Case, Report, schemathesis

from roamspec.appkey import AppKey
from roamspec.config.target_config import TargetConfig
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.resources import folder
from roamspec.selftest.score import fault_results
from roamspec.selftest.selftest import SOUND, bank
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest, side_by_side
from roamspec.selftest.warm_emulator import WarmEmulator
from roamspec.selftest.worker_pool import Conditions, WorkerPool
from roamspec.session.opening import RequestLimits
from roamspec.session.session import open_session

_SOUND_RUNS = 5
"""What schemathesis draws differs from run to run, and so does what it reports of a sound emulator."""
SCENARIO = {
    "users": ["alice", "bob"],
    "groups": [{"owner": "alice", "members": ["bob"]}],
    "messages": [{"from": "bob", "to": "alice", "count": 60}],
}


def main() -> int:
    arguments = _parser().parse_args()
    faults = bank(load_catalogue(contract=load_contract()), arguments.faults)
    if not arguments.all and not arguments.faults:
        faults = faults[:: arguments.every]
    jobs = arguments.jobs
    rows: dict[str, dict[str, Any]] = {fault.name: {"fault": fault.name} for fault in faults}
    theirs_s = _schemathesis(faults, rows, jobs)
    ours_s = _roamspec(faults, rows, jobs)
    _show(list(rows.values()), theirs_s, ours_s)
    if arguments.json:
        arguments.json.write_text(json.dumps(list(rows.values()), indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--all", action="store_true", help="every fault of the bank")
    parser.add_argument("--every", type=int, default=25, metavar="N", help="every Nth fault (default: 25)")
    parser.add_argument("--faults", action="append", default=[], metavar="PATTERN", help="only these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every row to FILE")
    return parser


def _schemathesis(faults: Sequence[BrokenEmulator], rows: dict[str, dict[str, Any]], jobs: int) -> float:
    began = time.monotonic()
    operations = load_contract().operations.values()
    paths = {each.name: f"{each.method} {each.path}" for each in operations}
    with WarmEmulator() as stand, tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(jobs) as pool:
        always = set().union(*(_failures(stand, SOUND, Path(place)) for _ in range(_SOUND_RUNS)))
        _tell(f"schemathesis reports of the sound emulator: {sorted(always) or 'nothing'}")
        subjects = [side_by_side([fault]) for fault in faults]
        found = pool.map(lambda subject: _failures(stand, subject, Path(place)), subjects)
        for fault, failures in zip(faults, found, strict=True):
            own = sorted(code for path, code in failures - always if path == paths[fault.operation])
            rows[fault.name]["schemathesis"] = bool(own)
            _tell(f"schemathesis reports {', '.join(own) or 'nothing'} of {fault.name}")
    return time.monotonic() - began


def _failures(stand: WarmEmulator, subject: EmulatorUnderTest, place: Path) -> Report:
    """Operations and the codes of the checks that failed for them."""
    with (
        stand.apps([fault.name for fault in subject.faults], subject.settings) as config,
        tempfile.TemporaryDirectory(dir=place) as folder,
    ):
        assert config.main is not None
        assert config.base_url is not None
        made = stand.seed(config.main.key, SCENARIO)
        contract = contract_of(config.main.key, made)
        return schemathesis(Case(config.base_url, token_of(config), contract, Path(folder)))


def contract_of(key: AppKey, made: dict[str, list[str]]) -> dict[str, Any]:
    """The contract with what exists filled in, as JSON has it."""
    text = (folder("contracts") / "deletion.openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    parameters = document["components"]["parameters"]
    _fill(parameters["OrgName"], [key.org])
    _fill(parameters["AppName"], [key.app])
    parameters["MsgIdList"]["schema"]["items"] = {"type": "string", "enum": made["messages"]}
    names = {
        ("path", "userId"): ["alice"],
        ("query", "userId"): ["bob"],
        ("query", "groupId"): made["groups"],
    }
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()) if isinstance(operation, dict) else ():
                values = names.get((parameter.get("in"), parameter.get("name")))
                if values:
                    _fill(parameter, values)
    return document


def _fill(parameter: dict[str, Any], values: Sequence[str]) -> None:
    """The parameter takes one of these values."""
    parameter["schema"] = {"type": "string", "enum": list(values)}
    parameter.pop("examples", None)
    parameter.pop("example", None)


def token_of(config: TargetConfig) -> str:
    session = open_session(config, load_contract(), limits=RequestLimits.at_rate(0))
    try:
        return session.main.token()
    finally:
        session.close()


def _roamspec(faults: Sequence[BrokenEmulator], rows: dict[str, dict[str, Any]], jobs: int) -> float:
    began = time.monotonic()
    catalogue = load_catalogue(contract=load_contract())
    operation_of = {name: requirement.operation for name, requirement in catalogue.items()}
    decisive = frozenset(name for name, requirement in catalogue.items() if requirement.decisive)
    subjects = [SOUND, *(side_by_side([fault]) for fault in faults)]
    with WorkerPool(Conditions("standard", 1), jobs) as processes:
        for fault_run in processes.attempt_all(subjects):
            if not fault_run.subject.faults and fault_run.exit_status != 0:
                raise SystemExit(f"roamspec ends with {fault_run.exit_status} on the sound emulator.")
            for each in fault_results(fault_run, operation_of):
                rows[each.fault.name]["roamspec"] = each.detected(decisive)
                rows[each.fault.name]["exact"] = each.exact
                _tell(f"roamspec ended with {fault_run.exit_status} on {each.fault.name}")
    return time.monotonic() - began


def _show(rows: Sequence[dict[str, Any]], theirs_s: float, ours_s: float) -> None:
    families = dict.fromkeys(row["fault"].split(".")[1] for row in rows)
    out = [f"{'family':<10} {'faults':>6} {'schemathesis':>13} {'roamspec':>9}"]
    for family in (*families, "all"):
        own = [row for row in rows if family in ("all", row["fault"].split(".")[1])]
        theirs, ours = (sum(row[name] for row in own) for name in ("schemathesis", "roamspec"))
        out.append(f"{family:<10} {len(own):>6} {theirs:>13} {ours:>9}")
    out.append(f"{'seconds':<10} {'':>6} {theirs_s:>13.0f} {ours_s:>9.0f}")
    sys.stdout.write("\n".join(out) + "\n")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
