"""`roamspec load` as people call it, with Locust in an environment of its own."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.integration.commands import (
    Done,
    Emulator,
    OtherPeople,
    emulating,
    environment,
    failing,
    report_of,
    roamspec,
    still_there,
    verdicts,
)
from tests.integration.load.locust_environment import LOCK, environment_with_locust, missing_here
from tests.integration.packages import Environment

REPORT = Path("reports") / "latest"
SHORT = ("load", "--seed", "3", "--users", "2")
"""Few users, so that each of them soon has called everything."""


@pytest.fixture(scope="module")
def locust(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment_with_locust(tmp_path_factory.mktemp("locust") / "environment")


def command(locust: Environment, *arguments: str) -> list[str]:
    return [str(locust.python), "-P", "-m", "roamspec", *arguments]


def started(words: Sequence[str], folder: Path, emulator: Emulator) -> "subprocess.Popen[str]":
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        words,
        cwd=folder,
        env=environment(**emulator.credentials),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> Done:
    out, err = process.communicate(timeout=90)
    return Done(process.returncode, out, err)


def options(emulator: Emulator) -> list[str]:
    ready = emulator.ready
    return ["--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(find_spec("locust") is not None, reason="this environment has Locust")
def test_without_locust_one_sentence_says_how_to_install_it(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "load")

    assert done.status == 2
    assert "python -m pip install 'roamspec[load]'" in done.complaint
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_the_load_agrees_with_the_lock_of_everything_else() -> None:
    missing = missing_here(LOCK.read_text(encoding="utf-8"))

    assert "locust==" in missing
    assert "httpx==" not in missing
    assert "://" not in LOCK.read_text(encoding="utf-8")


def test_a_sound_service_conforms_under_load(locust: Environment, tmp_path: Path) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        before = others.everything()
        asked = ["--for", "10s", "--rate", "60", "--over-limits"]
        words = command(locust, *SHORT, *asked, *options(emulator))
        done = ended(started(words, tmp_path, emulator))

        assert done.status == 0, done.out + done.err
        assert others.everything() == before
        assert still_there(emulator, others) == []
    report = report_of(tmp_path / REPORT)
    assert (report["verdict"], report["profile"], report["seed"]) == ("conforming", "load", 3)
    load = report["load"]
    assert (load["rate"], load["workers"], set(load["read_back"])) == (60, 1, set(OPERATIONS))
    assert 50 < load["calls"] <= 60 * (load["duration_s"] + 1)
    assert [one for one in load["operations"] if one["failed"] or one["throttled"]] == []
    assert {one["operation"] for one in load["operations"]} > set(OPERATIONS)
    assert set(verdicts(report).values()) == {"pass", "not-run"}
    assert '<section id="load">' in (tmp_path / REPORT / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / REPORT).iterdir()) == [
        "junit.xml",
        "report.html",
        "report.json",
    ]
    assert max(map(len, done.out.splitlines() + done.err.splitlines())) <= 80
    assert "/s, p95 " in done.err


OPERATIONS = ("deleteChatMessages", "deleteGroupMessages", "clearUser", "clearChatBefore", "clearGroupBefore")


def test_a_broken_emulator_is_told_with_requirement_and_operation(
    locust: Environment, tmp_path: Path
) -> None:
    asked = ["--for", "12s", "--fault", "effect.nothing-deleted"]
    done = locust.call(tmp_path, "python", "-m", "roamspec", *SHORT, *asked)

    assert done.status == 1, done.out + done.err
    failed = failing(report_of(tmp_path / REPORT))
    assert failed
    assert [name for name in failed if not name.endswith(("-gone", "-cleared"))] == []
    assert "NON-CONFORMING" in done.out
    for name in failed:
        assert name in done.out
    assert "check     load::" in done.out


def test_a_master_leads_workers_of_other_machines(locust: Environment, tmp_path: Path) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        port = ["--master-port", str(free_port())]
        leads = [*SHORT, "--for", "3s", "--rate", "40", "--master", "--expect-workers", "1", *port]
        master = started(command(locust, *leads, *options(emulator)), tmp_path / "master", emulator)
        follows = ["load", "--worker", *port, "--rate", "500", "--over-limits", *options(emulator)]
        worker = started(command(locust, *follows), tmp_path / "worker", emulator)
        done, of_worker = ended(master), ended(worker)

        assert still_there(emulator, others) == []
    # So short a load need not have judged everything.
    assert done.status in (0, 3), done.out + done.err
    assert of_worker.status == 0, of_worker.err
    report = report_of(tmp_path / "master" / REPORT)
    assert report["ending"] == "complete"
    assert report["load"]["calls"] > 0
    assert "the master has the verdict" in of_worker.out
    assert not (tmp_path / "worker" / REPORT / "report.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send this signal to another process")
def test_a_load_of_two_processes_that_is_ended_cleans_up_and_reports_what_it_saw(
    locust: Environment, tmp_path: Path
) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        asked = ["--for", "1h", "--workers", "2", "--over-limits"]
        words = command(locust, *SHORT, *asked, *options(emulator))
        process = started(words, tmp_path, emulator)
        assert process.stderr is not None
        while " calls, " not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        done = ended(process)

        assert done.status == 4
        assert still_there(emulator, others) == []
    report = report_of(tmp_path / REPORT)
    assert report["ending"] == "interrupted"
    assert report["load"]["calls"] > 0
    assert json.dumps(report).count("SIGTERM") >= 1
