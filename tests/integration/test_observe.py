"""`roamspec observe -- COMMAND` starts an observer with the run, uses it, and stops it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.commands import report_of, roamspec, verdicts
from tests.integration.emulator.conftest import Process, started

# Announces the address it is given, after a line that is none, and says in a file how it ended.
OBSERVER = """
import os, signal, sys
def stop(*_):
    with open(sys.argv[2], "w") as file:
        file.write(os.environ["ROAMSPEC_BASE_URL"] + " " + os.environ["ROAMSPEC_APP"])
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print("starting", flush=True)
print('{"observer_url": "%s"}' % sys.argv[1], flush=True)
while True:
    signal.pause()
"""
NOTIFIED = "delete-chat-messages.notify.true-tells-the-owner"


@pytest.fixture(scope="module")
def service() -> Iterator[Process]:
    with started("--set", "rate_limits=off") as process:
        yield process


def options(service: Process) -> tuple[str, ...]:
    ready = service.ready
    target = ("--base-url", ready["base_url"], "--org", ready["org"], "--app", ready["app"])
    return ("--profile", "quick", "--seed", "7", "--req", NOTIFIED, "--report-dir", "report", *target)


def credentials(service: Process) -> dict[str, str]:
    names = {"ROAMSPEC_CLIENT_ID": "client_id", "ROAMSPEC_CLIENT_SECRET": "client_secret"}
    return {name: service.ready[key] for name, key in names.items()}


def test_the_command_observes_the_run_and_ends_with_it(service: Process, tmp_path: Path) -> None:
    script, note = tmp_path / "observer.py", tmp_path / "note"
    script.write_text(OBSERVER)
    command = (sys.executable, str(script), service.ready["observer_url"], str(note))
    done = roamspec(tmp_path, "observe", *options(service), "--", *command, **credentials(service))
    assert verdicts(report_of(tmp_path / "report"))[NOTIFIED] == "pass", done.out + done.err
    assert note.read_text() == f"{service.ready['base_url']} {service.ready['app']}"


@pytest.mark.parametrize(
    ("command", "status", "part"),
    [
        ((), 2, "give the command after --"),
        (("no-such-program-here",), 2, "cannot be started"),
        (
            (sys.executable, "-c", "print('hello')"),
            3,
            "ended before it printed a JSON line with observer_url",
        ),
    ],
)
def test_a_command_that_does_not_observe(
    service: Process, tmp_path: Path, command: tuple[str, ...], status: int, part: str
) -> None:
    done = roamspec(tmp_path, "observe", *options(service), "--", *command, **credentials(service))
    assert done.status == status
    assert part in done.complaint


def test_what_needs_no_observer_is_said(service: Process, tmp_path: Path) -> None:
    done = roamspec(tmp_path, "observe", "--", "true")
    assert done.status == 2
    assert "the embedded emulator has an observer of its own" in done.complaint
    given = ("--observer-url", service.ready["observer_url"])
    done = roamspec(tmp_path, "observe", *options(service), *given, "--", "true", **credentials(service))
    assert done.status == 2
    assert "--observer-url already gives an observer" in done.complaint
