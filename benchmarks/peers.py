"""What do other tools notice of the same broken emulators, with the same contract?

Schemathesis (PyPI), Specmatic and Dredd (npm) and roamspec are shown the same sample of the bank, and the
sound emulator and conforming variants beside it. A tool notices a fault when it reports a failure of the
broken operation that it reports in no run on the sound emulator; roamspec when its status is 1 and a
requirement that the fault breaks has failed. A false alarm is a conforming variant of which a tool reports
what it does not report of the sound emulator; and the sound emulator itself, if each run on it reports the
same failure. Requests are those that reach the emulator.

    npm install --prefix peers specmatic dredd
    .venv/bin/python benchmarks/peers.py --npm peers [--every 40] [--variants 8] [--tool NAME]...

Specmatic needs Java. Without --npm, Schemathesis and roamspec are compared alone.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from faults_schemathesis import SCENARIO, contract_of, token_of
from peer_tools import Case, Report, Tool, dredd, schemathesis, specmatic

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.selftest.score import fault_results
from roamspec.selftest.selftest import SOUND, bank, conforming_subjects
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest, side_by_side
from roamspec.selftest.warm_emulator import WarmEmulator
from roamspec.selftest.worker_pool import Conditions, WorkerPool

_SOUND_RUNS = 3
"""What a tool draws differs from run to run, and so may what it reports of a sound emulator."""
_JOURNAL_PAGE = 20_000


@dataclass
class Result:
    """Of one tool; `seconds` and `requests` are those of all runs on faults and variants."""

    tool: str
    faults: int = 0
    noticed: list[str] = field(default_factory=list)
    conforming: int = 0
    false_alarms: list[str] = field(default_factory=list)
    requests: int = 0
    runs: int = 0
    seconds: float = 0.0


def main() -> int:
    arguments = _parser().parse_args()
    faults = bank(load_catalogue(contract=load_contract()), arguments.faults)
    faults = faults if arguments.faults else faults[arguments.every // 2 :: arguments.every]
    variants = _spread([each for each in conforming_subjects() if each is not SOUND], arguments.variants)
    tools = [Tool("schemathesis", schemathesis)]
    if arguments.npm:
        place = arguments.npm.resolve() / "node_modules" / ".bin"
        tools += [
            Tool("specmatic", specmatic(str(place / "specmatic"))),
            Tool("dredd", dredd(str(place / "dredd"))),
        ]
    results = [
        _of_tool(tool, faults, variants)
        for tool in tools
        if not arguments.tool or tool.name in arguments.tool
    ]
    if not arguments.tool or "roamspec" in arguments.tool:
        results.append(_of_roamspec(faults, variants))
    _show(results)
    if arguments.json:
        rows = [asdict(result) for result in results]
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--npm", type=Path, metavar="FOLDER", help="where Specmatic and Dredd are installed")
    parser.add_argument("--every", type=int, default=40, metavar="N", help="every Nth fault (default: 40)")
    parser.add_argument("--faults", action="append", default=[], metavar="PATTERN", help="only these")
    parser.add_argument("--variants", type=int, default=8, metavar="N", help="so many variants (default: 8)")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME", help="only this; repeatable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every result to FILE")
    return parser


def _spread(subjects: Sequence[EmulatorUnderTest], count: int) -> list[EmulatorUnderTest]:
    return list(subjects[:: max(1, len(subjects) // max(1, count))])[:count]


def _of_tool(tool: Tool, faults: Sequence[BrokenEmulator], variants: Sequence[EmulatorUnderTest]) -> Result:
    operations = {each.name: f"{each.method} {each.path}" for each in load_contract().operations.values()}
    result = Result(tool.name)
    with WarmEmulator() as stand:
        sound = [_once(stand, tool, SOUND, Result(tool.name)) for _ in range(_SOUND_RUNS)]
        known = set().union(*sound)
        always = set.intersection(*sound)
        result.conforming = 1 + len(variants)
        result.false_alarms += [SOUND.name] if always else []
        for variant in variants:
            found = _once(stand, tool, variant, result) - known
            result.false_alarms += [variant.name] if found else []
            _tell(f"{tool.name} of {variant.name}: {len(found)} failures that the sound emulator has not")
        for fault in faults:
            failures = _once(stand, tool, side_by_side([fault]), result) - known
            result.faults += 1
            noticed = any(operation == operations[fault.operation] for operation, _ in failures)
            result.noticed += [fault.name] if noticed else []
            _tell(f"{tool.name} {'notices' if noticed else 'does not notice'} {fault.name}")
    return result


def _once(stand: WarmEmulator, tool: Tool, subject: EmulatorUnderTest, result: Result) -> Report:
    names = [fault.name for fault in subject.faults]
    with stand.apps(names, subject.settings) as config, tempfile.TemporaryDirectory() as folder:
        assert config.main is not None
        assert config.base_url is not None
        key = config.main.key
        made = stand.seed(key, SCENARIO)
        case = Case(config.base_url, token_of(config), contract_of(key, made), Path(folder))
        stand.forget_journal(key)
        began = time.monotonic()
        failures = tool.failures(case)
        result.seconds += time.monotonic() - began
        result.requests += stand.count_journal(key, most=_JOURNAL_PAGE)
        result.runs += 1
        return failures


def _of_roamspec(faults: Sequence[BrokenEmulator], variants: Sequence[EmulatorUnderTest]) -> Result:
    result = Result("roamspec", faults=len(faults), conforming=1 + len(variants))
    catalogue = load_catalogue(contract=load_contract())
    operation_of = {name: requirement.operation for name, requirement in catalogue.items()}
    decisive = frozenset(name for name, requirement in catalogue.items() if requirement.decisive)
    subjects = [SOUND, *variants, *(side_by_side([fault]) for fault in faults)]
    with WorkerPool(Conditions("standard", 1), 1) as processes:
        for run in processes.attempt_all(subjects):
            if run.subject is not SOUND:
                result.requests += run.requests
                result.seconds += run.duration_s
                result.runs += 1
            if not run.subject.faults:
                result.false_alarms += [run.subject.name] if run.exit_status else []
            for each in fault_results(run, operation_of):
                result.noticed += [each.fault.name] if each.detected(decisive) else []
            _tell(f"roamspec ends with {run.exit_status} on {run.subject.name}")
    return result


def _show(results: Sequence[Result]) -> None:
    head = ("tool", "faults noticed", "false alarms", "requests a run", "seconds a run")
    rows = [
        (
            each.tool,
            f"{len(each.noticed)} of {each.faults}",
            f"{len(each.false_alarms)} of {each.conforming}",
            f"{each.requests / each.runs:,.0f}" if each.runs else "-",
            f"{each.seconds / each.runs:.1f}" if each.runs else "-",
        )
        for each in results
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        first, *others = zip(row, widths, strict=True)
        cells = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        sys.stdout.write("  ".join(cells) + "\n")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
