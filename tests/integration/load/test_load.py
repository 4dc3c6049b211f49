"""`roamspec load` as people call it, with Locust in an environment of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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
SHORT = ("load", "--for", "4s", "--seed", "3")


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


def most_in_a_second(emulator: Emulator) -> int:
    """The calls that the emulator got within any second, by its journal."""
    times = sorted(entry["started_ms"] for entry in journal(emulator))
    return max(sum(start <= time < start + 950 for time in times) for start in times)


def journal(emulator: Emulator) -> list[dict[str, Any]]:
    import httpx

    answer = httpx.get(f"{emulator.ready['control_url']}/journal?limit=100000", trust_env=False)
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


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


def test_a_sound_service_under_the_load_of_two_processes_conforms(
    locust: Environment, tmp_path: Path
) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        before = others.everything()
        known = len(journal(emulator))
        words = command(locust, *SHORT, "--rate", "60", "--workers", "2", "--over-limits", *options(emulator))
        done = ended(started(words, tmp_path, emulator))

        assert done.status == 0, done.out + done.err
        assert others.everything() == before
        assert still_there(emulator, others) == []
        assert len(journal(emulator)) - known > 150
        assert most_in_a_second(emulator) <= 60
    report = report_of(tmp_path / REPORT)
    assert (report["verdict"], report["profile"], report["seed"]) == ("conforming", "load", 3)
    load = report["load"]
    assert (load["rate"], load["workers"], set(load["read_back"]) == set(OPERATIONS)) == (60, 2, True)
    assert 0 < load["calls_per_s"] <= 60
    assert [one for one in load["operations"] if one["failed"] or one["throttled"]] == []
    assert {one["operation"] for one in load["operations"]} > set(OPERATIONS)
    assert {verdict for verdict in verdicts(report).values()} == {"pass", "not-run"}
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
    faults = ("effect.nothing-deleted", "missing.user-id-error-text-explains")
    given = [word for fault in faults for word in ("--fault", fault)]
    done = locust.call(tmp_path, "python", "-m", "roamspec", "load", "--for", "7s", "--seed", "3", *given)

    assert done.status == 1, done.out + done.err
    report = report_of(tmp_path / REPORT)
    assert {
        "clear-user.effect.messages-gone",
        "clear-chat-before.effect.messages-gone",
        "delete-chat-messages.missing.user-id-error-text",
    } <= failing(report)
    assert {name.split(".")[1] for name in failing(report)} <= {"effect", "all", "missing"}
    for word in ("NON-CONFORMING", "delete-chat-messages.", "load::deleteChatMessages"):
        assert word in done.out


def test_a_master_leads_workers_of_other_machines(locust: Environment, tmp_path: Path) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        leads = [*SHORT, "--rate", "40", "--master", "--expect-workers", "1", "--master-port", "15557"]
        master = started(command(locust, *leads, *options(emulator)), tmp_path / "master", emulator)
        follows = ["load", "--worker", "--master-port", "15557", "--over-limits", *options(emulator)]
        worker = started(command(locust, *follows), tmp_path / "worker", emulator)
        done, of_worker = ended(master), ended(worker)

        assert still_there(emulator, others) == []
    assert (done.status, of_worker.status) == (0, 0), done.out + done.err + of_worker.err
    assert report_of(tmp_path / "master" / REPORT)["load"]["calls"] > 80
    assert "the master has the verdict" in of_worker.out
    assert not (tmp_path / "worker" / REPORT / "report.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send this signal to another process")
def test_a_load_that_is_ended_cleans_up_and_reports_what_it_saw(locust: Environment, tmp_path: Path) -> None:
    with emulating("--set", "rate_limits=off") as emulator:
        others = OtherPeople(emulator)
        words = command(locust, "load", "--for", "1h", "--seed", "3", "--over-limits", *options(emulator))
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
