"""The self-test as people call it, and what it says of a suite with a check that no longer bites."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

from tests.integration.commands import environment, roamspec

from roamspec.faults import known

WORDS = [
    "selftest",
    "--profile",
    "quick",
    "--jobs",
    "1",
    "--no-conforming",
    "--faults",
    "tenancy.unknown-app-*",
]
ROOT = Path(__file__).parents[2]
FAULTS = {name: fault for name, fault in known().items() if name.startswith("clear-user.all.")}

WEAKENED = """
from roamspec.suite.recorder import VerdictRecorder

sound = VerdictRecorder.check


def weakened(self, name, holds, *evidence, **more):
    return sound(self, name, holds or name == "all.rooms-cleared", *evidence, **more)


# At the top of the file, because the self-test's processes import it again.
VerdictRecorder.check = weakened
if __name__ == "__main__":
    from roamspec.cli.main import main

    raise SystemExit(main({words!r}))
"""


def test_a_self_test_that_takes_too_long_says_so(tmp_path: Path) -> None:
    done = roamspec(tmp_path, *WORDS, "--timeout", "1")

    assert done.status == 4
    assert done.err.endswith("roamspec: The run was cut short after 1 second (--timeout).\n")
    assert not (tmp_path / "reports").exists()


def test_faults_are_attributed_exactly(tmp_path: Path) -> None:
    done = roamspec(tmp_path, *WORDS)
    assert done.status == 0, done.out + done.err
    assert "10 (100.0 %)  detected" in done.out
    assert done.out.splitlines()[-1].startswith("exit status 0 ")
    matrix = json.loads((tmp_path / "reports" / "selftest.json").read_text())
    assert len(matrix["faults"]) == 10
    for fault in matrix["faults"]:
        assert fault["exact"], fault
    assert (
        "| `clear-user.tenancy.unknown-app-served` | exact |"
        in (tmp_path / "reports" / "selftest.md").read_text()
    )


ONE_OF_EACH_OPERATION = (
    "clear-chat-before.time.oldest-always-goes",
    "clear-group-before.notify.true-only-first-device",
    "clear-user.effect.refused-for-the-token-but-others-lose-a-message",
    "delete-chat-messages.effect.ids-as-floating-point",
    "delete-group-messages.missing.msg-id-list-refused-but-told",
)


def test_faults_that_only_a_look_beside_what_a_check_is_about_shows(tmp_path: Path) -> None:
    patterns = [word for name in ONE_OF_EACH_OPERATION for word in ("--faults", name)]
    done = roamspec(tmp_path, "selftest", "--profile", "quick", "--no-conforming", *patterns)

    assert done.status == 0, done.out + done.err
    matrix = json.loads((tmp_path / "reports" / "selftest.json").read_text())
    assert {fault["name"]: fault["exact"] for fault in matrix["faults"]} == dict.fromkeys(
        ONE_OF_EACH_OPERATION, True
    )


def test_a_weakened_check_lowers_the_score_and_fails_the_pipeline(tmp_path: Path) -> None:
    """A whole family, since a floor is kept by whole families alone; this one has the fewest faults."""
    faults = len(FAULTS)
    floor = tmp_path / "floor.json"
    floor.write_text(json.dumps({"quick": {"all": {"faults": faults, "caught": faults, "exact": 0}}}))
    script = tmp_path / "weakened.py"
    words = [*WORDS[:-1], "all.*", "--once", "--floor", str(floor)]
    script.write_text(WEAKENED.format(words=words))
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith("exit status 1 ")
    assert json.loads((tmp_path / "reports" / "selftest.json").read_text())["exit_status"] == 1
    assert "clear-user.all.rooms-left: nothing failed" in done.stdout
    unseen = [name for name, fault in FAULTS.items() if fault.refutes == ("clear-user.all.rooms-cleared",)]
    assert f"all: {faults - len(unseen)} faults detected, the floor is {faults}." in done.stderr


def test_the_pipeline_runs_the_self_test_with_the_floor() -> None:
    pipeline = (ROOT / ".ci" / "run").read_text()
    words = shlex.split(pipeline.replace("\\\n", " "), comments=True)
    command = words[words.index("selftest") :]
    assert command[: command.index("run")] == [
        *("selftest", "--profile", "quick", "--jobs", "4", "--no-conforming", "--faults", "list"),
        *("--floor", "contracts/selftest-floor.json"),
    ]


def test_a_pattern_that_names_no_fault(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "selftest", "--faults", "limit.fifty-two")
    assert done.status == 2
    assert "no fault matches 'limit.fifty-two'" in done.complaint


def test_each_layer_alone(tmp_path: Path) -> None:
    words = [
        "selftest",
        "--layers",
        "--profile",
        "quick",
        "--jobs",
        "1",
        "--faults",
        "clear-user.tenancy.unknown-app-crashes",
    ]

    done = roamspec(tmp_path, *words)

    assert done.status == 0, done.err
    heads, tenancy, *_ = done.out.splitlines()
    assert heads.split()[:3] == ["family", "faults", "examples"]
    assert tenancy.split()[:2] == ["tenancy", "1"]
    assert tenancy.split()[2] == "1", done.out


def test_layers_and_a_floor_do_not_go_together(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "selftest", "--layers", "--floor", "floor.json")

    assert done.status == 2
    assert "--layers cannot be combined with --floor." in done.err
