"""The suite against a service it does not know: silent on conforming variants, right about broken ones."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.second_service import broken
from tests.second_service.batch_runner import Verdict, as_broken, examine_all

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue

ROOT = Path(__file__).resolve().parents[2]

SOUND = [
    ("poorest", "delete-chat-messages.effect.single-id-gone"),
    ("further-fields", "clear-user.success.*"),
    ("pulls-from-two-machines", "clear-group-before.missing.*"),
    ("tokens-without-end", "clear-user.auth.*"),
    ("notices-twice-without-content", "clear-group-before.notify.*"),
    ("groups-begin-with-a-notice", "delete-group-messages.list.*"),
]
BROKEN = (
    "delete-chat-messages.leaves-with-the-newest",
    "delete-group-messages.only-the-creators-own-groups",
    "clear-user.20-conversations-leave-the-list",
    "clear-chat-before.cut-to-10",
    "clear-group-before.rooms-always-told",
    "delete-chat-messages.far-more-refused-but-done",
    "delete-group-messages.last-members-list-too",
    "clear-user.shorter-owner-names",
    "clear-chat-before.earlier-time-undoes-later",
    "clear-group-before.token-without-scheme-accepted",
    "delete-group-messages.pulled-with-types",
    "clear-chat-before.on-later-pages",
    "delete-chat-messages.back-when-another-deletes",
    "delete-group-messages.repeats-hit-everybody",
    "clear-user.groups-stay-the-second-time",
    "clear-chat-before.other-script-spared",
    "clear-group-before.rooms-take-groups-along",
    "delete-chat-messages.asterisk-takes-all",
    "delete-group-messages.quiet-calls-unlimited",
    "clear-user.long-texts-spared",
)


@pytest.mark.parametrize(("name", "requirement"), SOUND, ids=[name for name, _ in SOUND])
def test_nothing_fails_on_a_conforming_service(name: str, requirement: str, tmp_path: Path) -> None:
    out = tmp_path / "findings.jsonl"
    command = [sys.executable, "-m", "tests.second_service.cli_runner", "--kind", "sound", "--only", name]
    command += ["--profile", "quick", "--req", requirement, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    assert len(lines) == 1, done.stderr
    finding: dict[str, Any] = json.loads(lines[0])

    assert finding["verdict"] == "matched", finding
    assert not finding["failing"]


def test_each_of_several_faults_is_found_and_attributed_to_nothing_else() -> None:
    """A few runs of the whole suite, each on a service with a fault of each operation."""
    catalogue = load_catalogue(contract=load_contract())
    faults = [as_broken(broken.faults()[name], catalogue) for name in BROKEN]

    verdicts: list[Verdict] = list(examine_all(faults, "quick", "plain", jobs=2))

    assert {verdict.finding.fault.name for verdict in verdicts} == set(BROKEN)
    assert [verdict.line() for verdict in verdicts if verdict.kind != "matched"] == []


def test_every_fault_names_a_requirement_that_it_breaks() -> None:
    catalogue = load_catalogue(contract=load_contract())

    assert all(as_broken(fault, catalogue).refutes for fault in broken.faults().values())
