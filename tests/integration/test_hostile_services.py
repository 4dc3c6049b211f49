"""Services that misbehave on the wire: the right operation is attributed, in bounded time; the run goes
on."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.integration.commands import Done, Emulator, emulating, failing, report_of, roamspec, verdicts
from tests.subjects.hostile import (
    CLEAR_USER,
    DELETE_CHAT_MESSAGES,
    PULL,
    PULLS,
    EverySecond,
    Trap,
    behaviours,
    standing_before,
)

OURS = "delete-chat-messages.success.status-200"
SPOILT = "delete-chat-messages."
OTHERS = ("delete-group-messages.success.status-200", "clear-user.success.status-200")
SELECTION = [word for name in (f"{SPOILT}success.*", *OTHERS) for word in ("--req", name)]
DEADLINE_S = 1.5
LONGEST_RUN_S = 60
CONFORMING = ("http-1.0",)
BROKEN = [name for name in behaviours("") if name not in CONFORMING]
NEVER_WHOLE = (
    "hangs", "dribbles", "dribbles-the-body", "closes-at-once", "closes-mid-head", "closes-mid-answer",
    "answers-10-megabytes", "endless-chunks", "endless-continue", "no-http",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """One run against a hostile service."""

    done: Done
    report: dict[str, Any]
    seconds: float

    def failure(self, name: str) -> dict[str, Any]:
        [entry] = [entry for entry in self.report["requirements"] if entry["id"] == name]
        return next(check["failure"] for check in entry["checks"] if check.get("failure"))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with emulating("--set", "rate_limits=off") as running:
        yield running


@pytest.fixture(scope="module")
def trap() -> Iterator[tuple[Trap, str]]:
    trap = Trap()
    with trap.set() as url:
        yield trap, url


@pytest.fixture(scope="module")
def runs(
    emulator: Emulator, trap: tuple[Trap, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, "Future[Ran]"]]:
    """All runs by name; some at a time, because much of their time is waiting. More together keep a sound
    answer waiting beyond the deadline where other tests run as well."""
    folder = tmp_path_factory.mktemp("hostile")

    def one(name: str, spoilt: Any, behave: Any) -> Ran:
        with standing_before(emulator.ready["base_url"], spoilt, behave) as hostile:
            return run(emulator, folder / name, hostile.base_url)

    with ThreadPoolExecutor(4) as pool:
        deletions = {
            name: pool.submit(one, name, DELETE_CHAT_MESSAGES, behave)
            for name, behave in behaviours(trap[1]).items()
        }
        pulls = {name: pool.submit(one, name, PULL, behave) for name, behave in PULLS.items()}
        yield deletions | pulls


def run(emulator: Emulator, folder: Path, base_url: str) -> Ran:
    folder.mkdir()
    options = [*emulator.options, "--deadline", str(DEADLINE_S), *SELECTION]
    options[options.index("--base-url") + 1] = base_url
    began = time.monotonic()
    done = roamspec(folder, "run", "--profile", "quick", *options, **emulator.credentials)
    seconds = time.monotonic() - began
    return Ran(done, report_of(folder / "reports/latest"), seconds)


@pytest.mark.parametrize("name", BROKEN)
def test_the_operation_that_is_spoilt_fails_and_no_other(runs: dict[str, "Future[Ran]"], name: str) -> None:
    ran = runs[name].result()

    assert ran.done.status == 1, ran.done.out + ran.done.err
    assert "Traceback" not in ran.done.out + ran.done.err
    blamed = failing(ran.report)
    assert blamed
    assert all(requirement.startswith(SPOILT) for requirement in blamed), blamed
    assert {verdicts(ran.report)[other] for other in OTHERS} == {"pass"}
    assert ran.report["ending"] == "complete"
    assert ran.report["checks"]["errors"] == []
    assert ran.seconds < LONGEST_RUN_S


@pytest.mark.parametrize("name", NEVER_WHOLE)
def test_an_answer_that_never_comes_whole_is_reported_as_such(
    runs: dict[str, "Future[Ran]"], name: str
) -> None:
    failure = runs[name].result().failure(OURS)

    assert failure["expected"] == "status 200"
    assert failure["actual"].startswith("no complete response (")
    assert "No complete response arrived" in failure["hint"]
    assert failure["exchanges"][0]["status"] is None


@pytest.mark.parametrize("name", ["redirects-302", "redirects-307"])
def test_redirects_are_never_followed(
    runs: dict[str, "Future[Ran]"], trap: tuple[Trap, str], name: str
) -> None:
    failure = runs[name].result().failure(OURS)

    assert failure["actual"].startswith(name[-3:])
    assert trap[0].visits == 0


def test_html_is_not_taken_for_an_answer(runs: dict[str, "Future[Ran]"]) -> None:
    ran = runs["answers-html"].result()

    assert ran.failure("delete-chat-messages.success.json-media-type")["actual"] == "Content-Type: text/html"
    assert "Sign in" in ran.failure("delete-chat-messages.success.json-body")["actual"]


@pytest.mark.parametrize("name", CONFORMING)
def test_unusual_is_not_wrong(runs: dict[str, "Future[Ran]"], name: str) -> None:
    ran = runs[name].result()

    assert (ran.done.status, failing(ran.report)) == (0, set()), ran.done.out


@pytest.mark.parametrize("name", PULLS)
def test_messages_that_cannot_be_read_are_nobodys_failure(runs: dict[str, "Future[Ran]"], name: str) -> None:
    ran = runs[name].result()

    assert ran.done.status == 3, ran.done.out + ran.done.err
    assert failing(ran.report) == set()
    assert "history queries return no messages" in ran.done.complaint
    assert ran.seconds < LONGEST_RUN_S


def test_a_response_that_the_network_loses_is_no_server_error(emulator: Emulator, tmp_path: Path) -> None:
    names = (
        "clear-user.effect.concurrent-calls-no-server-error",
        "clear-user.effect.concurrent-calls-all-count",
    )
    selection = [word for name in names for word in ("--req", name)]
    lost = behaviours("")["closes-at-once"]
    with standing_before(emulator.ready["base_url"], EverySecond(CLEAR_USER), lost) as lossy:
        options = [*emulator.options, *selection]
        options[options.index("--base-url") + 1] = lossy.base_url
        done = roamspec(tmp_path, "run", "--profile", "quick", *options, **emulator.credentials)

    found = verdicts(report_of(tmp_path / "reports/latest"))
    assert done.status == 0, done.out + done.err
    assert [found[name] for name in names] == ["inconclusive", "pass"]
