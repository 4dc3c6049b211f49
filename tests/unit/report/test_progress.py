"""The progress line, with a clock that the test moves."""

import io
from dataclasses import replace

import pytest

from roamspec.report.progress import Progress
from roamspec.report.terminal import Color, Terminal
from roamspec.results.events import (
    CheckFinished,
    CheckStarted,
    Event,
    Failure,
    Judgement,
    RunFinished,
    RunStarted,
    TargetInfo,
)
from roamspec.results.safe_listener import SafeListener

STARTED = RunStarted(
    TargetInfo("service", "http://127.0.0.1:8080", "acme#parlor"), "quick", 7, "2026-01-01T00:00:00Z", 3
)
FINISHED = RunFinished(31.0, 12, "complete")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown(terminal: Terminal, *steps: tuple[float, Event]) -> str:
    """What is written when each event comes so many seconds after the one before."""
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, terminal, failures=lambda: 1, clock=clock)
    for seconds, event in steps:
        clock.now += seconds
        progress(event)
    return stream.getvalue()


def check(name: str) -> CheckFinished:
    return CheckFinished(name, "pass", 0.1)


def test_elsewhere_a_plain_line_comes_now_and_then() -> None:
    text = shown(
        Terminal(),
        (0, STARTED), (1, CheckStarted("a")), (1, check("a")),
        (14, check("b")), (2, check("c")), (13, FINISHED),
    )  # fmt: skip

    assert text.splitlines() == [
        "roamspec: 3 checks on service http://127.0.0.1:8080 (acme#parlor), profile quick, seed 7",
        "roamspec: check 2/3, 1 failure, 16 s, about 8 s left",
        "roamspec: check 3/3, 1 failure, 31 s",
    ]


def test_on_a_terminal_one_line_is_rewritten_and_taken_away() -> None:
    text = shown(
        Terminal(interactive=True),
        (0, STARTED), (1, CheckStarted("test_a")), (0.01, check("test_a")),
        (1, check("test_b")), (1, FINISHED),
    )  # fmt: skip

    assert text.split("\n")[1].split("\r") == [
        "",
        "\x1b[Kroamspec: check 0/3, 1 failure, 1 s  test_a",
        "\x1b[Kroamspec: check 2/3, 1 failure, 2 s, about 1 s left  test_b",
        "\x1b[K",
    ]


def test_a_line_is_cut_to_the_terminal_and_holds_no_commands() -> None:
    text = shown(
        Terminal(width=48, interactive=True), (0, STARTED), (1, CheckStarted("\x1b[2J\n" + "x" * 80))
    )

    line = text.rpartition("\x1b[K")[2]
    assert line == "roamspec: check 0/3, 1 failure, 1 s  \\x1b[2J xx"
    assert len(line) < 48


COMMAND = ("roamspec", "run", "--base-url", "http://127.0.0.1:8080")
FAILED = CheckFinished(
    "test_a",
    "fail",
    0.1,
    (
        Judgement("clear-user.limit.x", "fail", "", Failure("status 400", "status 200\n::error::owned")),
        Judgement("clear-user.limit.waived", "fail", "", Failure("a", "b")),
        Judgement("clear-user.limit.y", "pass"),
    ),
)
TOLD = [
    "FAIL  clear-user.limit.x",
    "      expected  status 400",
    "      actual    status 200 ::error::owned",
    "      again     roamspec run --base-url http://127.0.0.1:8080 --seed 7 --req clear-user.limit.x",
]


def told(terminal: Terminal, *events: Event) -> str:
    stream = io.StringIO()
    progress = Progress(
        stream, terminal, failures=lambda: 1, counts=lambda name: name != "clear-user.limit.waived"
    )
    for event in (replace(STARTED, command=COMMAND), *events):
        progress(event)
    return stream.getvalue()


def test_a_failure_is_reported_once_as_it_happens_unless_it_is_accepted() -> None:
    text = told(Terminal(), FAILED, check("test_b"), replace(FAILED, check="test_c"))

    assert text.splitlines()[1:] == TOLD


def test_on_a_terminal_a_failure_takes_the_place_of_the_progress_line() -> None:
    text = told(Terminal(interactive=True, colour=True), FAILED)

    assert text.split("\n", 1)[1] == "\r\x1b[K\x1b[1;31m" + TOLD[0] + "\x1b[0m\n" + "\n".join(TOLD[1:]) + "\n"


def test_after_twenty_failures_a_failure_is_shown_by_its_name_alone() -> None:
    many = [Judgement(f"clear-user.limit.x{n}", "fail", "", Failure("a", "b")) for n in range(25)]

    lines = told(Terminal(), CheckFinished("test_a", "fail", 0.1, tuple(many))).splitlines()[1:]

    assert sum(line.startswith("FAIL  ") for line in lines) == 25
    assert lines[-5:] == [f"FAIL  clear-user.limit.x{n}" for n in range(20, 25)]


def test_a_long_check_does_not_silence_a_log_for_long() -> None:
    text = shown(Terminal(), (0, STARTED), (1, check("a")), (5, CheckStarted("b")), (9, FINISHED))

    assert text.splitlines()[1] == "roamspec: check 1/3, 1 failure, 6 s, about 12 s left"


class Broken(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_listener_that_breaks_is_dropped_and_named() -> None:
    heard: list[Event] = []
    progress = Progress(Broken(), Terminal(), failures=lambda: 0)
    safe_progress = SafeListener(progress, "progress line")

    for event in (STARTED, check("a"), FINISHED):
        safe_progress(event)
        heard.append(event)

    assert len(heard) == 3
    assert safe_progress.broken == "The progress line stopped: BrokenPipeError: [Errno 32] Broken pipe"


def test_a_listener_that_works_hears_everything() -> None:
    heard: list[Event] = []
    safe_progress = SafeListener(heard.append, "log")

    safe_progress(STARTED)
    safe_progress(FINISHED)

    assert heard == [STARTED, FINISHED]
    assert safe_progress.broken is None


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "interactive", "colour"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], interactive: bool, colour: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "100")

    terminal = Terminal.of(Screen(), environ)

    assert terminal == Terminal(width=100, interactive=interactive, colour=colour)


def test_a_file_is_no_terminal() -> None:
    assert Terminal.of(io.StringIO(), {}) == Terminal(width=80, interactive=False, colour=False)


@pytest.mark.parametrize(
    ("color", "no_color", "tty", "colour"),
    [
        ("always", "1", False, True),
        ("always", "", True, True),
        ("never", "", True, False),
        ("auto", "", True, True),
        ("auto", "1", True, False),
        ("auto", "", False, False),
    ],
)
def test_the_option_wins_over_the_variable_and_over_what_the_stream_is(
    color: Color, no_color: str, tty: bool, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: tty)

    found = Terminal.of(stream, {"NO_COLOR": no_color, "TERM": "xterm"}, color=color)

    assert found.colour is colour
    assert found.interactive is tty
