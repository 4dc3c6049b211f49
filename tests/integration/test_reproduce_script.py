"""`roamspec reproduce --script`: the script ends with 1 where the fault is, and with 0 where it is not."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.commands import Emulator, emulating, environment, roamspec, selecting

LACKING = [tool for tool in ("bash", "curl", "jq") if shutil.which(tool) is None]
needs_tools = pytest.mark.skipif(bool(LACKING), reason=f"not on this machine: {', '.join(LACKING)}")

FAULTS = {
    "delete-chat-messages.auth.no-token-refused": "delete-chat-messages.auth.no-token-accepted",
    "delete-chat-messages.one-way.others-keep-what-they-received": (
        "delete-chat-messages.one-way.receivers-copies-deleted"
    ),
    "delete-group-messages.limit.fifty-one-refused": "delete-group-messages.limit.of-100",
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
        ["bash", str(script)],
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
