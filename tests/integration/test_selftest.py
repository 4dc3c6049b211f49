"""The self-test as people call it, and what it says of a suite with a check that no longer bites."""

import json
import subprocess
import sys
from pathlib import Path

from tests.integration.commands import environment, roamspec

FAULTS = (
    "delete-chat-messages.limit.of-51",
    "clear-user.all.groups-left",
    "clear-chat-before.time.boundary-kept",
)
WORDS = ["selftest", "--profile", "quick", "--jobs", "1", "--no-conforming"]

WEAKENED = """
from roamspec.suite.judge import Judge

sound = Judge.that


def weakened(self, name, holds, *evidence, **more):
    return sound(self, name, holds or name == "limit.fifty-one-refused", *evidence, **more)


# At the top of the file, because the self-test's processes import it again.
Judge.that = weakened
if __name__ == "__main__":
    from roamspec.cli.main import main

    raise SystemExit(main({words!r}))
"""


def test_a_handful_of_faults(tmp_path: Path) -> None:
    chosen = [word for name in FAULTS for word in ("--faults", name)]
    done = roamspec(tmp_path, *WORDS, *chosen, "--matrix", "matrix.json")
    assert done.status == 0, done.out + done.err
    assert "3 (100.0 %)  caught" in done.out
    matrix = json.loads((tmp_path / "matrix.json").read_text())
    assert [fault["name"] for fault in matrix["faults"]] == sorted(
        FAULTS, key=lambda name: list(FAULTS).index(name)
    )
    for fault in matrix["faults"]:
        assert fault["caught"], fault
        assert not fault["elsewhere"], fault
    assert "| `clear-user.all.groups-left` |" in (tmp_path / "matrix.md").read_text()


def test_a_weakened_check_lowers_the_score(tmp_path: Path) -> None:
    floor = tmp_path / "floor.json"
    floor.write_text(json.dumps({"quick": {"faults": 1, "percent_caught": 100, "percent_exact": 0}}))
    words = [*WORDS, "--once", "--faults", "delete-chat-messages.limit.of-51", "--floor", str(floor)]
    script = tmp_path / "weakened.py"
    script.write_text(WEAKENED.format(words=words))
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "delete-chat-messages.limit.of-51: nothing is red" in done.stdout
    assert "0 % of the faults caught, the floor is 100." in done.stderr


def test_a_pattern_that_names_no_fault(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "selftest", "--faults", "limit.fifty-two")
    assert done.status == 2
    assert "no fault matches 'limit.fifty-two'" in done.complaint
