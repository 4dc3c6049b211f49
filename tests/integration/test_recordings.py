"""Recordings as people make and use them: `record`, `replay`, `parity`, `drift`, each in its own process."""

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import (
    COMMAND,
    LONGEST_S,
    Emulator,
    emulating,
    environment,
    failing,
    report_of,
    roamspec,
    selecting,
    verdicts,
)

from roamspec.resources import folder

EMULATOR = folder("cassettes") / "emulator"
STALE = "the recordings are stale; `make record` makes them again (see docs/recordings.md)"
FEW = selecting(["not-open", "clear-user.all.*"])
"""Some checks that are recorded within a second or two."""


# The committed recordings


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("replayed")
    done = roamspec(place, "replay", str(EMULATOR), "--report-dir", "r")
    assert done.status == 0, f"{STALE}\n{done.out}{done.err}" + _errors(place / "r")
    return report_of(place / "r")


def _errors(place: Path) -> str:
    report = report_of(place) if (place / "report.json").exists() else {"checks": {"errors": []}}
    return "".join(f"\n{each['id']}: {each['detail']}" for each in report["checks"]["errors"])


def test_all_committed_recordings_replay(replayed: dict[str, Any]) -> None:
    assert (replayed["target"]["kind"], replayed["verdict"]) == ("cassette", "conforming")
    assert failing(replayed) == set()
    assert replayed["totals"]["inconclusive"] == 0
    assert replayed["checks"]["errors"] == []


def test_every_requirement_that_is_checked_is_judged_from_recordings(replayed: dict[str, Any]) -> None:
    open_ones = {e["id"]: e["reason"] for e in replayed["requirements"] if e["verdict"] == "not-run"}
    assert {name for name, reason in open_ones.items() if "no check of the profile" in reason} == set()


def test_every_check_has_a_recording_of_its_own(replayed: dict[str, Any]) -> None:
    texts = [file.read_text("utf-8") for file in EMULATOR.iterdir()]
    recorded = {name for text in texts for name in re.findall(r"^  check: (.*)$", text, re.MULTILINE)}
    judged = {check["id"] for entry in replayed["requirements"] for check in entry["checks"]}
    assert recorded - {"preflight"} == judged
    assert replayed["checks"]["finished"] == len(judged) == len(list(EMULATOR.iterdir())) - 1


def test_recordings_are_of_a_sensible_size() -> None:
    assert sum(file.stat().st_size for file in EMULATOR.iterdir()) < 4_000_000


def test_documented_evidence_is_judged(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "replay", str(folder("cassettes") / "documented"), "--report-dir", "r")
    # The documents show answers and no effect, which is too little for a verdict on a service.
    assert done.status == 3
    report = report_of(tmp_path / "r")
    assert failing(report) == set()
    assert report["totals"]["pass"] > 80


# Bad recordings


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """A folder with some of the committed recordings."""
    place = tmp_path / "some"
    place.mkdir()
    for name in ("preflight", "clear-user.not-open.status", "clear-user.success.status-200"):
        shutil.copy(EMULATOR / f"{name}.yaml", place)
    return place


def replay(place: Path, *requirements: str) -> tuple[int, str]:
    done = roamspec(place.parent, "replay", str(place), "--report-dir", "r", *selecting(requirements))
    return done.status, _errors(place.parent / "r") or done.err


def test_a_check_without_a_recording_is_an_error_that_names_it(some: Path) -> None:
    (some / "clear-user.not-open.status.yaml").unlink()
    status, told = replay(some, "clear-user.not-open.status")
    assert status == 4
    assert (
        f"{some} has no recording of the check roaming-not-open.roaming-not-open[clearUser]; record again"
        in told
    )


def test_a_recording_without_a_check_is_an_error_that_names_it(some: Path) -> None:
    text = (some / "clear-user.not-open.status.yaml").read_text("utf-8")
    (some / "former.yaml").write_text(
        text.replace("roaming-not-open.roaming-not-open[", "roaming-not-open.former[")
    )
    status, told = replay(some, "clear-user.not-open.status")
    assert status == 4
    assert f"{some}/former.yaml: there is no check roaming-not-open.former[clearUser]" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("/delete/all", "/delete/everything", "which differs in the URL"),
        ("method: POST\n    uri: http://emulator.test/acme/parlor-closed/r", "method: PUT\n    uri: "
         "http://emulator.test/acme/parlor-closed/r", "the method (PUT recorded, POST asked)"),
    ],
)  # fmt: skip
def test_a_stale_recording_is_an_error_that_tells_what_differs(
    some: Path, old: str, new: str, told: str
) -> None:
    file = some / "clear-user.not-open.status.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new))
    status, said = replay(some, "clear-user.not-open.status")
    assert status == 4
    assert str(file) in said
    assert told in said
    assert "record again" in said


def test_another_answer_than_the_documents_is_a_failure(some: Path) -> None:
    file = some / "clear-user.not-open.status.yaml"
    file.write_text(file.read_text("utf-8").replace("not open message roaming", "not open roaming"))
    done = roamspec(some.parent, "replay", str(some), "--report-dir", "r", "--req", "clear-user.not-open.*")
    assert done.status == 1
    assert failing(report_of(some.parent / "r")) == {"clear-user.not-open.error-text"}


def test_a_damaged_recording_is_rejected_before_anything_is_judged(some: Path) -> None:
    file = some / "clear-user.not-open.status.yaml"
    file.write_text(file.read_text("utf-8").replace("format: 1", "format: !!python/name:os.system"))
    done = roamspec(some.parent, "replay", str(some))
    assert done.status == 2
    assert done.complaint.startswith(f"{file}: at line 3: the tag ")


def test_what_takes_too_long_is_cut_short_and_writes_nothing(tmp_path: Path) -> None:
    recorded = roamspec(tmp_path, "record", "--cassettes", "r", "--timeout", "1")
    replayed = roamspec(tmp_path, "replay", str(EMULATOR), "--report-dir", "out", "--timeout", "1")

    assert recorded.status == replayed.status == 4
    said = "The run was cut short after 1 second (--timeout)."
    assert f"roamspec: {said}" in recorded.err
    assert not (tmp_path / "r").exists()
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert (report["because"], report["exit_status"]) == ([said], 4)


def test_a_folder_of_folders_is_no_folder_of_recordings(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "replay", str(EMULATOR.parent))
    assert done.status == 2
    assert "give one of its folders (documented, emulator" in done.complaint


# Recording


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("recorded")
    done = roamspec(place, "record", "--cassettes", "r", *FEW)
    assert done.status == 0, done.out + done.err
    return place / "r"


def contents(place: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in sorted(place.iterdir())}


def test_recording_again_changes_nothing(recorded: Path) -> None:
    before = contents(recorded)
    assert len(before) > 5
    done = roamspec(recorded.parent, "record", "--cassettes", "r", *FEW)
    assert done.status == 0, done.out + done.err
    assert "r: 0 written" in done.out
    assert contents(recorded) == before


def test_the_committed_recordings_are_what_is_recorded_now(recorded: Path) -> None:
    """Apart from the day and the contract of the day."""
    daily = re.compile(r"^  (recorded_on|version|contract): .*$", re.MULTILINE)
    fresh = {name: daily.sub("", text) for name, text in contents(recorded).items()}
    committed = {name: daily.sub("", text) for name, text in contents(EMULATOR).items() if name in fresh}
    assert sorted(fresh) == sorted(committed), STALE
    assert [name for name in fresh if fresh[name] != committed[name]] == [], STALE


def service_options(emulator: Emulator, *more: str) -> list[str]:
    return ["record", "--cassettes", "r", *emulator.options, *more]


def test_what_fails_is_not_recorded_and_what_was_there_stays(recorded: Path, tmp_path: Path) -> None:
    shutil.copytree(recorded, tmp_path / "r")
    before = contents(tmp_path / "r")
    with emulating("--fault", "clear-user.not-open.served") as broken:
        done = roamspec(
            tmp_path, *service_options(broken), *selecting(["clear-user.not-open.*"]), **broken.credentials
        )
    assert done.status == 1, done.out + done.err
    assert "it failed: clear-user.not-open." in " ".join(done.out.split())
    name = "clear-user.not-open.status.yaml"
    assert contents(tmp_path / "r")[name] == before[name]


def test_an_interrupted_recording_leaves_the_old_one(recorded: Path, tmp_path: Path) -> None:
    shutil.copytree(recorded, tmp_path / "r")
    before = contents(tmp_path / "r")
    with subprocess.Popen(
        [*COMMAND, "record", "--cassettes", "r"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert " checks on emulator " in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LONGEST_S)
    assert process.returncode == 4, out + err
    assert "Traceback" not in out + err
    assert contents(tmp_path / "r") == before


# A service, its recordings, and parity


OPEN = ("unknown_owner=200", "error_fields=short")


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Emulator]]:
    """An emulator that is configured otherwise, in the part of a service, and recordings of it."""
    place = tmp_path_factory.mktemp("service")
    settings = [word for each in OPEN for word in ("--set", each)]
    with emulating(*settings) as running:
        requirements = selecting(["clear-user.value.*", "clear-chat-before.time.at-del-time-gone"])
        done = roamspec(place, *service_options(running), *requirements, **running.credentials)
        assert done.status == 0, done.out + done.err
        yield place / "r", running


def test_a_recorded_service_is_replayed_as_it_was(service: tuple[Path, Emulator]) -> None:
    place, _ = service
    requirements = selecting(["clear-user.value.*", "clear-chat-before.time.at-del-time-gone"])
    done = roamspec(place.parent, "replay", str(place), "--report-dir", "rr", *requirements)
    assert done.status == 0, done.out + done.err + _errors(place.parent / "rr")
    found = verdicts(report_of(place.parent / "rr"))
    assert {v for name, v in found.items() if name.startswith("clear-user.value.")} == {"pass"}


def test_a_recorded_service_keeps_no_secret(service: tuple[Path, Emulator]) -> None:
    place, running = service
    for text in contents(place).values():
        assert "kind: service" in text
        assert running.ready["client_secret"] not in text
        assert running.ready["client_id"] not in text
        assert "YWMt" not in text


def parity(place: Path, *options: str, **variables: str) -> tuple[int, dict[str, Any]]:
    done = roamspec(place.parent, "parity", str(place), "--report-dir", "p", *options, **variables)
    assert done.status in (0, 1), done.out + done.err
    found: dict[str, Any] = json.loads((place.parent / "p/parity.json").read_text("utf-8"))
    return done.status, found


def test_parity_tells_exactly_what_was_configured(service: tuple[Path, Emulator]) -> None:
    status, found = parity(service[0])
    assert (status, found["answers"]["differs"], found["score"]) == (0, 0, 1.0)
    assert found["answers"]["equal"] > 3 * found["answers"]["open"] > 0
    statuses = [each for each in found["differences"] if each["where"] == "status"]
    assert {(each["recorded"], each["answered"]) for each in statuses} == {("200", "404")}
    assert all("absent" in each["line"] for each in statuses), "unknown_owner"
    for each in found["differences"]:
        assert each["meaning"] == "open"
        of_owner = "absent" in each["line"]
        of_errors = each["where"] in ("$.exception", "$.timestamp", "$.duration", "$.path")
        assert of_owner or (of_errors and each["recorded"] == "nothing"), each


def test_the_same_emulator_answers_the_same(service: tuple[Path, Emulator]) -> None:
    place, running = service
    status, found = parity(place, *running.options, **running.credentials)
    assert (status, found["differences"]) == (0, [])
    assert found["answers"]["equal"] == found["answers"]["all"]


def test_a_broken_promise_differs(service: tuple[Path, Emulator]) -> None:
    with emulating("--fault", "clear-chat-before.time.boundary-kept", *_settings()) as broken:
        status, found = parity(service[0], *broken.options, **broken.credentials)
    assert status == 1
    worst = [each for each in found["differences"] if each["meaning"] == "differs"]
    assert {each["check"] for each in worst} == {"time.around-a-boundary[clearChatBefore]"}
    because = {promise for each in worst for promise in each["because"]}
    assert "clear-chat-before.time.at-del-time-gone" in because
    assert found["score"] < 1


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        ([], set()),
        (["--fault", "clear-chat-before.time.boundary-kept"], {"clear-chat-before.time.at-del-time-gone"}),
    ],
    ids=["sound", "broken"],
)
def test_where_a_check_would_ask_for_more_it_asks_the_emulator(
    service: tuple[Path, Emulator], fault: list[str], because: set[str]
) -> None:
    """Pages of two messages: the recorded requests do not see the rest."""
    with emulating(*fault, "--set", "pull_page_cap=2", *_settings()) as paging:
        status, found = parity(service[0], *paging.options, **paging.credentials)
    assert status == (1 if fault else 0)
    of_time = [each for each in found["differences"] if each["check"].startswith("time.")]
    assert {each["where"] for each in of_time} >= {"$.data.msgs", "$.data.is_last"}
    assert {each["meaning"] for each in of_time} == ({"differs"} if fault else {"open"})
    assert {promise for each in of_time for promise in each["because"]} >= because


def _settings() -> list[str]:
    return [word for each in OPEN for word in ("--set", each)]


def test_parity_calls_nothing_but_this_machine(service: tuple[Path, Emulator]) -> None:
    place, running = service
    options = ["--base-url", "https://im.example.com", "--org", "a", "--app", "b", "--confirm-app", "a/b"]
    done = roamspec(place.parent, "parity", str(place), *options, **running.credentials)
    assert done.status == 2
    assert "an emulator on this machine" in done.complaint


def test_drift_between_recordings(service: tuple[Path, Emulator], tmp_path: Path) -> None:
    place, _ = service
    same = roamspec(tmp_path, "drift", str(place), str(place))
    assert (same.status, same.out) == (0, "nothing changed\n")
    changed = roamspec(tmp_path, "drift", str(EMULATOR), str(place), "--json")
    assert changed.status == 1
    changes = [each for each in json.loads(changed.out)["changes"] if each["aspect"] != "recording"]
    assert {each["aspect"] for each in changes} >= {"status", "shape"}
    statuses = {(each["before"], each["after"]) for each in changes if each["aspect"] == "status"}
    assert statuses == {("404", "200")}
