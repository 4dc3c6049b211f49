"""What cannot work is said in one sentence, with the right status and without a traceback."""

import shutil
import socket
from pathlib import Path

import pytest
from tests.integration.commands import Emulator, report_of, roamspec

import roamspec as package
from roamspec.resources import folder


def nobody() -> str:
    """An address at which nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_an_unreachable_service(emulator: Emulator, tmp_path: Path) -> None:
    url = nobody()
    options = ["--base-url", url, "--org", "acme", "--app", "parlor"]

    done = roamspec(tmp_path, "run", *options, **emulator.credentials)

    assert done.status == 3
    assert url in done.complaint
    report = report_of(tmp_path / "reports/latest")
    assert (report["ending"], report["verdict"]) == ("target-lost", "incomplete")


def test_rejected_credentials(emulator: Emulator, tmp_path: Path) -> None:
    wrong = {"ROAMSPEC_CLIENT_ID": "nobody", "ROAMSPEC_CLIENT_SECRET": "not-the-secret-at-all"}

    done = roamspec(tmp_path, "run", *emulator.options, **wrong)

    assert done.status == 3
    assert "issues no token for acme#parlor" in done.complaint
    assert "ROAMSPEC_CLIENT_SECRET" in done.complaint
    assert "not-the-secret-at-all" not in done.out + done.err


def test_a_rejected_app_token(emulator: Emulator, tmp_path: Path) -> None:
    ready = emulator.ready
    options = ["--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"]]

    done = roamspec(tmp_path, "run", *options, ROAMSPEC_APP_TOKEN="not-a-token-at-all")

    assert done.status == 3
    assert "rejects the app token of acme#parlor from ROAMSPEC_APP_TOKEN: 401 " in done.complaint
    assert "could not be removed" not in done.out + done.err
    assert "not-a-token-at-all" not in done.out + done.err


def test_an_app_that_does_not_exist(emulator: Emulator, tmp_path: Path) -> None:
    options = ["--base-url", emulator.ready["base_url"], "--org", "acme", "--app", "nowhere"]

    done = roamspec(tmp_path, "run", *options, **emulator.credentials)

    assert done.status == 3
    assert "acme#nowhere" in done.complaint


@pytest.mark.parametrize(
    ("option", "variable", "value", "reason"),
    [
        ("--observer-url", "ROAMSPEC_OBSERVER_URL", "{base_url}/nowhere", "the observer responds with 404"),
        ("--closed-app", "ROAMSPEC_CLOSED_APP", "acme/nobody", "issues no token for acme#nobody"),
        ("--neighbour-app", "ROAMSPEC_NEIGHBOUR_APP", "acme/nobody", "issues no token for acme#nobody"),
        ("--require devices", "ROAMSPEC_REQUIRE devices", "devices", "no observer of online devices"),
    ],
)
@pytest.mark.parametrize("by_variable", [False, True])
def test_what_was_asked_for_and_does_not_work(
    emulator: Emulator,
    tmp_path: Path,
    option: str,
    variable: str,
    value: str,
    reason: str,
    by_variable: bool,
) -> None:
    value = value.format(**emulator.ready)
    target = ["--base-url", emulator.ready["base_url"], "--org", "acme", "--app", "parlor"]
    given = {variable.split()[0]: value} if by_variable else {}
    options = [] if by_variable else [option.split()[0], value]

    done = roamspec(tmp_path, "run", *target, *options, **emulator.credentials, **given)

    assert done.status == 3
    assert f"what was required does not work: {variable if by_variable else option} (" in done.complaint
    assert reason in done.complaint
    assert report_of(tmp_path / "reports/latest")["exit_status"] == 3


def test_a_recording_needs_what_was_asked_for_too(emulator: Emulator, tmp_path: Path) -> None:
    ready = emulator.ready
    target = ["--base-url", ready["base_url"], "--org", "acme", "--app", "parlor"]
    broken = ["--observer-url", f"{ready['base_url']}/nowhere"]

    done = roamspec(tmp_path, "record", "--cassettes", "out", *target, *broken, **emulator.credentials)

    assert (done.status, (tmp_path / "out").exists()) == (3, False)
    assert "--observer-url" in done.complaint


def test_a_report_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")

    done = roamspec(tmp_path, "run", "--report-dir", "file/reports")

    assert done.status == 2
    assert done.complaint.startswith("--report-dir: cannot write to file/reports")


def test_a_busy_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        done = roamspec(tmp_path, "emulate", "--port", port)

    assert done.status == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.complaint
    assert "--port 0" in done.complaint


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("deletion.openapi.yaml", "operationId: clearUser", "operationId: [clearUser", "line "),
        ("requirements.yaml", "operations: [clearUser]", "operations: [clearEverybody]", "clearEverybody"),
        ("requirements.yaml", "level: must", "level: shall", "level"),
    ],
    ids=["no-yaml", "unknown-operation", "unknown-level"],
)
@pytest.mark.parametrize("command", ["run", "requirements"])
def test_a_broken_contract_file(
    tmp_path: Path, command: str, file: str, old: str, new: str, reason: str
) -> None:
    """In a checkout of its own, because the command reads the files beside its sources."""
    [source] = package.__path__
    copy = tmp_path / "src/roamspec"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__", "_data"))
    shutil.copytree(folder("contracts"), tmp_path / "contracts")
    broken = tmp_path / "contracts" / file
    text = broken.read_text(encoding="utf-8")
    assert old in text
    broken.write_text(text.replace(old, new, 1), encoding="utf-8")

    done = roamspec(tmp_path, command, PYTHONPATH=str(tmp_path / "src"))

    assert done.status == 2, done.err
    assert file in done.complaint
    assert reason in done.complaint
