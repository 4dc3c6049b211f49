"""`roamspec run --dry-run`: the plan, and not a single call to the target."""

import re
from pathlib import Path

import pytest
from tests.integration.commands import Done, Emulator, created, report_of, roamspec

SELECTION = ("--profile", "quick", "--req", "delete-chat-messages.*")


def plan(folder: Path, emulator: Emulator, *options: str) -> Done:
    return roamspec(folder, "run", "--dry-run", *SELECTION, *options, **emulator.credentials)


def number(text: str, line: str) -> int:
    """The first number of the line that begins so."""
    found = re.search(rf"(?m)^{re.escape(line)} +(\d+)", text)
    assert found, text
    return int(found[1])


def test_the_plan_is_what_a_run_does(emulator: Emulator, tmp_path: Path) -> None:
    done = plan(tmp_path, emulator, *emulator.options)

    assert done.status == 0, done.err
    assert "Nothing was sent to the target." in done.out
    assert f"Plan for {emulator.ready['base_url']} (acme#parlor), profile quick" in done.out.replace(
        "\n", " "
    )
    assert emulator.control("/journal").json()["entries"] == []
    assert created(emulator) == set()
    assert not (tmp_path / "reports").exists()

    ran = roamspec(tmp_path, "run", *SELECTION, *emulator.options, **emulator.credentials)
    report = report_of(tmp_path / "reports/latest")
    assert ran.status == 0
    # What is looked at again until an effect is there may be looked at once more or less.
    calls = int(re.findall(r"(?m)^all +(\d+)$", done.out)[-1])
    assert calls == pytest.approx(report["requests"], rel=0.1)
    assert number(done.out, "deleteChatMessages") == report["totals"]["pass"]


def test_what_the_target_lacks_stays_open(emulator: Emulator, tmp_path: Path) -> None:
    url = ["--base-url", emulator.ready["base_url"], "--org", "acme", "--app", "parlor"]
    done = plan(tmp_path, emulator, *url, "-v")

    assert "no observer of online devices is given (--observer-url)" in done.out.replace("\n       ", " ")
    assert "open    delete-chat-messages.notify." in done.out
    assert "judge   delete-chat-messages.success.status-200\n" in done.out


def test_a_plan_for_a_service_needs_no_confirmation_and_tells_the_time(
    emulator: Emulator, tmp_path: Path
) -> None:
    url = ["--base-url", "http://service.invalid", "--org", "acme", "--app", "parlor", "--rate", "1"]

    done = plan(tmp_path, emulator, *url)

    assert done.status == 0, done.err
    assert re.search(r"About \d+ (s|minutes) in one process at these rates", done.out.replace("\n", " "))
    assert re.search(r"(?m)^pull +\d+ +1$", done.out)
