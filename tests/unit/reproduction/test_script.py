"""The script of a finding: values of the old run are asked for anew, and it is valid for a shell."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from roamspec.errors import UsageError
from roamspec.report.recorded_finding import finding
from roamspec.report.shell_script import script_of
from roamspec.reproduction.arranging import arranging, as_dicts
from roamspec.suite.scripted_comparison import deleted as gone
from roamspec.transport.exchange import Exchange

from .conftest import BASE, MARK

NAME = "delete-chat-messages.effect.sent-messages-gone"
ID = "1625540956018693395"


def report(evidence: Sequence[Exchange], history: Sequence[Exchange], **changes: Any) -> dict[str, Any]:
    failure = {
        "expected": "1 message gone; $(touch /tmp/never)\x1b[2J",
        "actual": "it is there",
        "exchanges": list(as_dicts(evidence)),
        "reproduce": "curl",
        "hint": "",
        "arranged": list(as_dicts(arranging(history, evidence, [ID]))),
        "compares": gone([ID]).as_dict(),
    }
    check = {"id": "effect.x[deleteChatMessages]", "outcome": "fail", "duration_s": 0.1, "failure": failure}
    source = {"page": "p", "url": "https://doc.example", "section": "s", "line": 1, "says": "x"}
    requirement = {
        "id": NAME,
        "title": "Messages that the owner sent\nare deleted.",
        "level": "must",
        "evidence": "documented",
        "operations": ["deleteChatMessages"],
        "decisive": True,
        "source": source,
        "run_again": f"roamspec run --profile quick --fault 'a.b@age>7d' --seed 7 --req {NAME}",
        "verdict": "fail",
        "reason": "",
        "checks": [check],
    }
    return {
        "schema": "roamspec.report/1",
        "tool": {"name": "roamspec", "version": "0.1.0"},
        "contract": {"sha256": "3f" * 32},
        "catalogue": {"revision": 1},
        "target": {"kind": "emulator", "base_url": BASE, "app_key": "acme#parlor"},
        "profile": "quick",
        "seed": 7,
        "started_at": "2026-01-01T00:00:00Z",
        "duration_s": 1.0,
        "requests": 10,
        "ending": "complete",
        "strict": False,
        "verdict": "non-conforming",
        "exit_status": 1,
        "because": ["1 blocking requirement failed."],
        "totals": {"pass": 0, "fail": 1, "inconclusive": 0, "waived": 0, "not-run": 0},
        "checks": {"planned": 1, "finished": 1, "errors": []},
        "notes": [],
        "requirements": [requirement | changes],
    }


@pytest.fixture
def script(evidence: Sequence[Exchange], history: Sequence[Exchange]) -> str:
    return script_of(finding(report(evidence, history), NAME))


def test_no_value_of_the_old_run_is_left_in_what_it_sends(script: str) -> None:
    lines = script[script.index("put org") :]

    assert MARK not in lines
    assert not [each for each in (ID, "1625540956018693397", BASE, "acme", "179604") if each in lines]


def test_it_arranges_in_the_order_of_the_run_and_judges_the_call(script: str) -> None:
    body = script[script.index("put org") :].splitlines()
    steps = [line.split()[0] for line in body]
    calls = [step for step in steps if step in ("register", "arrange", "call", "learn", "judge", "conclude")]

    assert calls == [
        "register", "register", "arrange", "learn", "arrange", "learn", "call", "judge", "conclude",
    ]  # fmt: skip
    assert "msgIdList={{m1}}" in next(line for line in body if line.startswith("judge"))
    assert body[-1] == """conclude deleted '.status == 200' '["{{m1}}"]' ''"""


def test_times_are_dated_from_the_new_run(script: str) -> None:
    assert 'put t1 "$((NOW + -61000))"' in script


def test_it_looks_from_the_first_page_on(script: str) -> None:
    assert '"start": 7' not in script[script.index("looks() {\n  pull") :]


def test_it_says_how_to_start_the_emulator_with_the_same_fault(script: str) -> None:
    assert "# roamspec emulate --fault 'a.b@age>7d' --print-env" in script.splitlines()
    assert 'BASE="${ROAMSPEC_BASE_URL:-}"' in script


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell on this machine")
def test_every_shell_can_read_it_and_texts_are_not_run(script: str, tmp_path: Path) -> None:
    file = tmp_path / "script.sh"
    file.write_text(script, encoding="utf-8")
    for shell in (["sh"], ["dash"], ["busybox", "sh"], ["bash"], ["zsh"]):
        if shutil.which(shell[0]):
            subprocess.run([*shell, "-n", str(file)], check=True)
    [line] = [line for line in script.splitlines() if line.startswith("EXPECTED=")]
    assert "'1 message gone; $(touch" in line


def test_what_no_script_can_tell_is_rejected_with_the_line_to_run(
    evidence: Sequence[Exchange], history: Sequence[Exchange]
) -> None:
    of_run = report(evidence, history)
    del of_run["requirements"][0]["checks"][0]["failure"]["compares"]

    with pytest.raises(UsageError, match=r"cannot be shown by a script: .* roamspec run --profile quick"):
        script_of(finding(of_run, NAME))
