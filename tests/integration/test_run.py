"""`roamspec run` against a target in another process: the same verdict, and nothing left behind."""

import json
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.integration.commands import (
    COMMAND,
    LONGEST_S,
    Emulator,
    OtherPeople,
    environment,
    report_of,
    roamspec,
    selecting,
    still_there,
    verdicts,
)

SOME = selecting(["success", "effect", "list", "notify", "not-open"])
WHY_INTERRUPTED = {
    signal.SIGINT: "interrupted (Ctrl-C)",
    signal.SIGTERM: "ended by SIGTERM",
    signal.SIGHUP: "ended by SIGHUP, as when its terminal is closed",
}


@dataclass(frozen=True, slots=True)
class Runs:
    """The same selection on the embedded emulator and on a separate one with other people's data."""

    embedded: Path
    separate: Path
    held_before: list[bytes]
    held_after: list[bytes]


@pytest.fixture(scope="module")
def runs(emulator: Emulator, others: OtherPeople, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("runs")
    before = others.everything()
    options = ["run", "--profile", "quick", "--seed", "7", *SOME]

    def run(name: str, *target: str) -> Path:
        done = roamspec(folder, *options, "--report-dir", name, *target, **emulator.credentials)
        assert done.status == 0, done.out + done.err
        return folder / name

    # The embedded emulator has credentials of its own; those in the environment are not for it.
    with ThreadPoolExecutor(2) as pool:
        embedded = pool.submit(run, "embedded")
        separate = pool.submit(run, "separate", *emulator.options)
        return Runs(embedded.result(), separate.result(), before, others.everything())


def test_a_separate_emulator_gets_the_same_verdicts(runs: Runs) -> None:
    embedded, separate = report_of(runs.embedded), report_of(runs.separate)

    assert embedded["verdict"] == separate["verdict"] == "conforming"
    assert list(verdicts(embedded)) == list(verdicts(separate))
    assert verdicts(embedded) == verdicts(separate)
    assert embedded["totals"] == separate["totals"]
    assert embedded["totals"]["pass"] >= 60
    assert (embedded["target"]["kind"], separate["target"]["kind"]) == ("emulator", "service")
    passed = {o for e in separate["requirements"] if e["verdict"] == "pass" for o in e["operations"]}
    assert len(passed) == 5


def test_a_target_that_offers_nothing_but_its_app_is_judged_on_the_rest(
    emulator: Emulator, others: OtherPeople, tmp_path: Path
) -> None:
    """Every check meets what it cannot do without, and leaves open what needs that."""
    ready = emulator.ready
    address = ["--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"]]

    done = roamspec(tmp_path, "run", "--profile", "quick", *address, ROAMSPEC_APP_TOKEN=others.token)

    assert done.status == 0, done.out + done.err
    report = report_of(tmp_path / "reports/latest")
    assert (report["verdict"], report["checks"]["errors"]) == ("conforming", [])
    left_open = {
        e["reason"].partition(":")[0] for e in report["requirements"] if e["verdict"] == "inconclusive"
    }
    assert left_open == {"devices", "neighbour-app", "closed-app", "short-lived-tokens"}


def test_a_ready_file_is_all_that_a_run_needs(emulator: Emulator, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(emulator.ready), encoding="utf-8")
    stale = {"ROAMSPEC_CLIENT_ID": "stale", "ROAMSPEC_CLIENT_SECRET": "not-the-secret-at-all"}
    few = ["--profile", "quick", "--req", "clear-user.notify.*", "--req", "clear-user.not-open.status"]

    done = roamspec(tmp_path, "run", "--ready-file", "ready.json", *few, **stale)

    assert done.status == 0, done.out + done.err
    report = report_of(tmp_path / "reports/latest")
    assert report["target"]["base_url"] == emulator.ready["base_url"]
    assert (report["totals"]["pass"] > 1, report["totals"]["inconclusive"]) == (True, 0)


def test_other_peoples_data_is_as_it_was(runs: Runs) -> None:
    assert runs.held_after == runs.held_before


@pytest.mark.usefixtures("runs")
def test_nothing_stays_behind(emulator: Emulator, others: OtherPeople) -> None:
    assert still_there(emulator, others) == []


def test_no_secret_is_written(runs: Runs, emulator: Emulator) -> None:
    secret = emulator.ready["client_secret"]
    written = [path for folder in (runs.embedded, runs.separate) for path in folder.rglob("*")]
    for path in filter(Path.is_file, written):
        text = path.read_text(encoding="utf-8")
        assert secret not in text
        assert "YWMt" not in text


@pytest.fixture
def started(emulator: Emulator, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run on the separate emulator that has begun with its checks."""
    with subprocess.Popen(
        [*COMMAND, "run", "--profile", "quick", *emulator.options],
        cwd=tmp_path,
        env=environment(**emulator.credentials),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert " checks on service " in line, line
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", WHY_INTERRUPTED, ids=lambda number: number.name)
def test_an_interrupted_run_cleans_up_and_reports(
    started: subprocess.Popen[str],
    emulator: Emulator,
    others: OtherPeople,
    tmp_path: Path,
    number: signal.Signals,
) -> None:
    held = others.everything()

    started.send_signal(number)
    out, err = started.communicate(timeout=LONGEST_S)

    assert started.returncode == 4, out + err
    assert "Traceback" not in out + err
    report = report_of(tmp_path / "reports/latest")
    assert (report["ending"], report["verdict"]) == ("interrupted", "incomplete")
    assert report["because"][0] == f"The run was {WHY_INTERRUPTED[number]}."
    assert others.everything() == held
    assert still_there(emulator, others) == []


@pytest.mark.parametrize("more", [[], ["--workers", "2"]], ids=["one process", "workers"])
def test_a_run_that_takes_too_long_cleans_up_and_says_so(
    emulator: Emulator, others: OtherPeople, tmp_path: Path, more: list[str]
) -> None:
    """No run at one call per second ends within three seconds."""
    limits = ["--rate", "1", "--timeout", "3"]

    done = roamspec(tmp_path, "run", *limits, *more, *emulator.options, **emulator.credentials)

    assert done.status == 4, done.out + done.err
    assert "Traceback" not in done.out + done.err
    report = report_of(tmp_path / "reports/latest")
    assert report["because"] == ["The run was cut short after 3 seconds (--timeout)."]
    assert (report["ending"], report["exit_status"]) == ("interrupted", 4)
    assert still_there(emulator, others) == []
    assert list((tmp_path / "reports/latest").glob("ledger*.jsonl")) == []


def test_a_killed_run_has_harmed_nobody(
    started: subprocess.Popen[str], emulator: Emulator, others: OtherPeople, tmp_path: Path
) -> None:
    held = others.everything()

    started.kill()
    started.communicate(timeout=LONGEST_S)

    assert others.everything() == held
    folder = tmp_path / "reports/latest"
    assert not (folder / "report.json").exists(), "a run that was killed has no verdict"
    [ledger] = folder.glob("ledger*.jsonl")
    written = ledger.read_text(encoding="utf-8")
    assert all(name.rpartition("/")[2] in written for name in still_there(emulator, others))
