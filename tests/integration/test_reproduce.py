"""A failure once more: shown by a script with curl and jq, shown by roamspec, and kept for a look."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.commands import (
    POSIX_SHELLS,
    Emulator,
    emulating,
    environment,
    report_of,
    roamspec,
    selecting,
)

LACKING = [tool for tool in ("curl", "jq") if shutil.which(tool) is None]
needs_tools = pytest.mark.skipif(bool(LACKING), reason=f"not on this machine: {', '.join(LACKING)}")

FAULTS = {
    "delete-chat-messages.auth.no-token-refused": "delete-chat-messages.auth.no-token-accepted",
    "delete-chat-messages.one-way.others-keep-what-they-received": (
        "delete-chat-messages.one-way.receivers-copies-deleted"
    ),
    "delete-group-messages.tenancy.unknown-app-refused": "delete-group-messages.tenancy.unknown-app-served",
    "delete-group-messages.missing.group-id-refused": "delete-group-messages.missing.group-id-served",
    "clear-user.all.groups-cleared": "clear-user.all.groups-left",
    "clear-user.success.status-200": "clear-user.success.status-accepted",
    "clear-chat-before.time.at-del-time-gone": "clear-chat-before.time.boundary-kept",
    "clear-chat-before.list.leaves-with-the-last-message": "clear-chat-before.list.empty-conversations-stay",
    "clear-group-before.value.unknown-group-no-server-error": (
        "clear-group-before.value.unknown-group-crashes"
    ),
    "clear-group-before.not-open.status": "clear-group-before.not-open.served",
}
"""Ten requirements of ten families, each with a fault that breaks it."""


SHELL = next((words for words in POSIX_SHELLS if shutil.which(words[0])), ["sh"])
"""One that knows nothing beyond POSIX, where there is one."""


@pytest.fixture(scope="module")
def broken() -> Iterator[Emulator]:
    with emulating(*(word for fault in FAULTS.values() for word in ("--fault", fault))) as running:
        yield running


@pytest.fixture(scope="module")
def sound() -> Iterator[Emulator]:
    with emulating() as running:
        yield running


@pytest.fixture(scope="module")
def report(broken: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of one run on the emulator with all the faults."""
    folder = tmp_path_factory.mktemp("reproduce")
    done = roamspec(
        folder, "run", "--profile", "quick", "--seed", "3", *selecting(list(FAULTS)), **variables(broken)
    )
    assert done.status == 1, done.err + done.out
    return folder / "reports" / "latest" / "report.json"


def variables(running: Emulator) -> dict[str, str]:
    ready = running.ready
    return {
        "ROAMSPEC_BASE_URL": ready["base_url"],
        "ROAMSPEC_ORG": ready["org"],
        "ROAMSPEC_APP": ready["app"],
        "ROAMSPEC_NEIGHBOUR_APP": ready["neighbour_app"],
        "ROAMSPEC_CLOSED_APP": ready["closed_app"],
        "ROAMSPEC_CLIENT_ID": ready["client_id"],
        "ROAMSPEC_CLIENT_SECRET": ready["client_secret"],
    }


def status_of(script: Path, running: Emulator) -> int:
    done = subprocess.run(
        [*SHELL, str(script)],
        env=environment(**variables(running), ROAMSPEC_WAIT_S="0"),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise AssertionError(done.stdout[-2000:] + done.stderr)
    return done.returncode


@needs_tools
@pytest.mark.parametrize("requirement", FAULTS)
def test_a_script_tells_the_fault_from_its_absence(
    requirement: str, report: Path, broken: Emulator, sound: Emulator, tmp_path: Path
) -> None:
    done = roamspec(tmp_path, "reproduce", str(report), requirement, "--script")
    assert done.status == 0, done.err
    script = tmp_path / "script.sh"
    script.write_text(done.out, encoding="utf-8")

    assert (status_of(script, broken), status_of(script, sound)) == (1, 0)


ONE = "clear-user.success.status-200"


def test_a_failure_is_shown_again_and_what_it_made_is_removed(
    report: Path, broken: Emulator, sound: Emulator, tmp_path: Path
) -> None:
    again = roamspec(tmp_path, "reproduce", str(report), ONE, **broken.credentials)
    elsewhere = roamspec(tmp_path, "reproduce", str(report), ONE, *sound.options, **sound.credentials)

    assert again.status == 1, again.err
    assert "/delete/all" in again.out
    assert "expected  status 200" in again.out
    assert (elsewhere.status, elsewhere.err) == (0, "")
    assert "does not fail this time (passed)" in elsewhere.out
    assert not list((tmp_path / "reports" / "reproduce").glob("ledger-*"))


def test_what_is_kept_stays_until_cleanup(report: Path, broken: Emulator, tmp_path: Path) -> None:
    place = ["--report-dir", "kept"]
    done = roamspec(tmp_path, "reproduce", str(report), ONE, "--keep", *place, **broken.credentials)
    owner = done.out.partition("/roaming/user/")[2].partition("/delete/all")[0]

    assert done.status == 1, done.err
    assert "`roamspec cleanup` removes them" in done.err
    assert broken.control(f"/users/{owner}").status_code == 200
    assert roamspec(tmp_path, "cleanup", *place, **broken.credentials).status == 0
    assert broken.control(f"/users/{owner}").status_code == 404


def test_a_run_keeps_the_world_of_failed_checks_alone(broken: Emulator, tmp_path: Path) -> None:
    options = ["--profile", "quick", "--req", ONE, "--keep-failed"]
    done = roamspec(tmp_path, "run", *options, *broken.options, **broken.credentials)
    [item] = [i for i in report_of(tmp_path / "reports" / "latest")["requirements"] if i["id"] == ONE]
    failures = [check["failure"] for check in item["checks"] if "failure" in check]
    urls = [each["url"] for failure in failures for each in failure["exchanges"]]
    owners = {url.partition("/roaming/user/")[2].partition("/delete/all")[0] for url in urls}

    assert done.status == 1, done.err
    assert {broken.control(f"/users/{owner}").status_code for owner in owners} == {200}
    assert "were kept, as requested" in " ".join(done.out.split())
    assert roamspec(tmp_path, "cleanup", **broken.credentials).status == 0
    assert {broken.control(f"/users/{owner}").status_code for owner in owners} == {404}


def test_nothing_of_an_embedded_emulator_can_be_kept(tmp_path: Path) -> None:
    done = roamspec(tmp_path, "run", "--keep-failed")

    assert done.status == 2
    assert "start `roamspec emulate`" in done.complaint
