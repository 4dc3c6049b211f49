"""Options of pytest and of plugins that people have, on recordings where no target is needed."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from roamspec.pytest_entry import register
from roamspec.resources import folder
from roamspec.runner.pytest_arguments import ArgumentsOfRun, blocks_connections

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
CHECKS = str(ROOT / "tests/conformance")
LIMITS = f"{CHECKS}/test_limit.py"
NODE = "tests/conformance/test_limit.py::test_fifty_and_fifty_one"
ACCEPTED = "delete-chat-messages.limit.fifty-accepted"
REFUSED = "delete-chat-messages.limit.fifty-one-refused"
REPLAY = ("--record-mode=none", "-p", "no:cacheprovider")
QUICK = ("--roamspec-profile", "quick", "--roamspec-seed", "5")
FAULT = ("--roamspec-fault", "delete-chat-messages.limit.of-51")


@pytest.fixture(autouse=True)
def _no_options_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ROAMSPEC_")]:
        monkeypatch.delenv(name)


def output(result: pytest.RunResult) -> str:
    return result.stdout.str() + result.stderr.str()


# Plugins that change what is collected


def test_checks_that_are_shuffled_and_repeated_find_their_recordings(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess(LIMITS, *REPLAY, "-p", "randomly", "--count", "2", "-q")
    assert result.ret == 0, output(result)
    result.stdout.re_match_lines([r"26 requirements: 26 pass; \d+ requests", r"4 passed, .*"])


def test_several_processes_tell_how_much_they_have_asked(pytester: pytest.Pytester) -> None:
    several = ["-n", "2", "--dist", "worksteal", "--block-network", "-q"]
    result = pytester.runpytest_subprocess(LIMITS, *REPLAY, *several)
    assert result.ret == 0, output(result)
    result.stdout.re_match_lines([r"26 requirements: 26 pass; [1-9]\d+ requests"])


def test_a_plugin_that_forks_is_rejected_by_both_commands(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        forking="def pytest_addoption(parser): parser.addoption('--forked', action='store_true')"
    )
    result = pytester.runpytest_subprocess(LIMITS, "-p", "forking", "--forked")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --forked runs each check in a process that ends with it*give -n *"])

    run = pytester.run(sys.executable, "-m", "roamspec", "run", "--", "-p", "forking", "--forked")
    assert run.ret == 2
    run.stderr.fnmatch_lines(["ERROR: --forked runs each check*give --workers *", "roamspec: *"])


# Leaving out


def test_requirements_are_deselected_and_their_checks_judge_the_rest(pytester: pytest.Pytester) -> None:
    left_out = ["--deselect", ACCEPTED, "--deselect", "deleteGroupMessages"]
    result = pytester.runpytest_subprocess(LIMITS, *REPLAY, *left_out, "-v")
    assert result.ret == 0, output(result)
    result.stdout.re_match_lines(
        [r"12 requirements: 12 pass; .*", r".*1 passed, 1 deselected, 12 subtests.*"]
    )
    assert f"SUBPASSED[{REFUSED}]" in output(result)
    assert f"SUBPASSED[{ACCEPTED}]" not in output(result)


def test_a_check_of_which_nothing_is_left_does_not_run(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(LIMITS, *REPLAY, "--deselect", "*.*", "-q")
    assert result.ret == 5, output(result)
    assert "conformance ====" not in output(result)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--deselect", f"{ACCEPTED}x"],
            f"No requirement, operation or family matches '{ACCEPTED}x'; did you mean",
        ),
        (["--deselect", f"{NODE}x"], f"no check fits {NODE}x; did you mean"),
        (["--deselect", f"{NODE}[clearUser]"], f"no check fits {NODE}[[]clearUser]; did you mean"),
        (
            ["--deselect", "tests/conformance/test_limits.py"],
            "no check fits tests/conformance/test_limits.py;",
        ),
        (FAULT, "--record-mode=none replays recordings and calls no target; leave out --roamspec-fault."),
        (["--roamspec-exclusive"], "leave out --roamspec-exclusive."),
    ],
)
def test_what_cannot_work_is_said_in_one_sentence(
    pytester: pytest.Pytester, arguments: list[str], sentence: str
) -> None:
    result = pytester.runpytest_inprocess(LIMITS, *REPLAY, *arguments)
    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: *{sentence}*"])
    assert "Traceback" not in output(result)
    assert "requirements:" not in output(result)


def test_a_node_of_a_file_that_was_not_asked_for_is_no_mistake(pytester: pytest.Pytester) -> None:
    elsewhere = "tests/conformance/test_time.py::test_anything"
    result = pytester.runpytest_inprocess(LIMITS, *REPLAY, "--deselect", elsewhere, "-q")
    assert result.ret == 0, output(result)


# Recordings


def test_checks_of_somebodys_own_have_no_recordings(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_inprocess(str(ROOT / "examples/own-checks"), *REPLAY)
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --record-mode=none knows the checks of roamspec alone; *"])


def test_recording_a_part_again_keeps_the_rest(pytester: pytest.Pytester) -> None:
    place = pytester.path / "some"
    place.mkdir()
    for name in ("preflight", "clear-user.not-open.status", REFUSED):
        shutil.copy(folder("cassettes") / "emulator" / f"{name}.yaml", place)
    text = (place / f"{REFUSED}.yaml").read_text("utf-8")
    (place / "clear-user.not-open.status.yaml").unlink()
    (place / "of-somebody-else.yaml").write_text(text, "utf-8")
    some = [f"{CHECKS}/test_roaming_not_open.py", "-k", "clear-user.not-open.status"]
    result = pytester.runpytest_subprocess(
        *some, "--record-mode=rewrite", "--roamspec-cassettes", str(place), "-p", "no:cacheprovider", "-q"
    )
    assert result.ret == 0, output(result)
    result.stdout.fnmatch_lines(["*: 1 written, 1 as before, * removed, 0 not recorded."])
    assert (place / "clear-user.not-open.status.yaml").exists()
    assert (place / f"{REFUSED}.yaml").read_text("utf-8") == text


# The debugger, and a checkout that cannot be written to


def test_the_debugger_stops_where_a_check_compares_and_what_it_made_is_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(pytester.mkdir("tmp")))
    one = ["-k", "test_fifty_and_fifty_one and deleteChatMessages", *QUICK, *FAULT, "--pdb"]
    result = pytester.run(
        *(sys.executable, "-m", "pytest", LIMITS, *one, "-o", "cache_dir=/proc/nowhere"),
        stdin=b"up\np 'retained', len(fixture.view().messages)\nc\n",
    )
    assert result.ret == 1, output(result)
    [retained] = re.findall(r"\('retained', (\d+)\)", output(result))
    assert int(retained) > 0
    assert output(result).count("entering PDB") == 1
    assert f"failed: {REFUSED}" in output(result).splitlines()
    assert list((pytester.path / "tmp").glob("roamspec-*")) == []


# After the `--` of `roamspec run`


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--roamspec-base-url", "http://127.0.0.1:9"], "--roamspec-base-url is an option of `pytest tests"),
        (["--roamspec-strict"], "--roamspec-strict is an option of `pytest tests"),
        (["--record-mode=none"], "--record-mode is an option of `pytest tests/conformance`;"),
        (["--block-network"], "--block-network leaves no way to the target;"),
    ],
)
def test_what_the_run_has_options_of_its_own_for(
    pytester: pytest.Pytester, arguments: list[str], sentence: str
) -> None:
    config = pytester.parseconfig(*arguments)
    with pytest.raises(pytest.UsageError, match=re.escape(sentence)):
        ArgumentsOfRun(workers=1).pytest_configure(config)


SOCKETS = """
def pytest_addoption(parser):
    parser.addoption("--disable-socket", action="store_true")
    parser.addoption("--allow-hosts")
"""
"""The options of pytest-socket."""


def test_sockets_that_are_disabled_leave_no_way_to_the_target(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(sockets=SOCKETS)
    pytester.syspathinsert()
    disabled = ["-p", "sockets", "--disable-socket"]
    assert blocks_connections(pytester.parseconfig(*disabled, "--allow-hosts=127.0.0.1")) is None
    config = pytester.parseconfig(*disabled)
    for refuse in (ArgumentsOfRun(workers=1).pytest_configure, register):
        with pytest.raises(pytest.UsageError, match="--disable-socket leaves no way to the target; "):
            refuse(config)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-n", "2"], "The number of processes is said before `--`: give --workers N, not -n."),
        (["--no-such-option"], "*unrecognized arguments: --no-such-option"),
        (["no-such-file.py"], "file or directory not found: no-such-file.py"),
    ],
)
def test_what_pytest_cannot_use_after_the_dashes_is_a_usage_error(
    pytester: pytest.Pytester, arguments: list[str], sentence: str
) -> None:
    result = pytester.run(sys.executable, "-m", "roamspec", "run", "--profile", "quick", "--", *arguments)
    assert result.ret == 2
    result.stderr.fnmatch_lines([f"*{sentence}*", "roamspec: pytest cannot use the arguments *"])


def test_what_pytest_leaves_out_or_does_not_come_to_is_no_conforming_run(pytester: pytest.Pytester) -> None:
    options = [
        "--profile",
        "quick",
        "--seed",
        "5",
        "--req",
        REFUSED,
        "--fault",
        FAULT[1],
        "--report-dir",
        "r",
    ]
    command = (sys.executable, "-m", "roamspec", "run", *options, "--")
    result = pytester.run(*command, "-x", "-m", "limit", "--html=report.html")
    assert result.ret == 1, output(result)
    result.stdout.fnmatch_lines([f"SUBFAILED[[]{REFUSED}] *", "NON-CONFORMING  exit status 1 *"])
    report = json.loads((pytester.path / "r/report.json").read_text("utf-8"))
    assert report["verdict"] == "non-conforming"
    assert REFUSED in (pytester.path / "report.html").read_text("utf-8")

    result = pytester.run(*command, "--deselect", REFUSED)
    assert result.ret == 3, output(result)
    result.stdout.fnmatch_lines(["*Checks were left out, although their requirements are selected:*"])
