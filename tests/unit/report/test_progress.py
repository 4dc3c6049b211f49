"""The progress line, with a clock that the test moves."""

import io

import pytest

from roamspec.report.progress import Progress
from roamspec.report.terminal import Terminal
from roamspec.results.events import CheckFinished, CheckStarted, Event, RunFinished, RunStarted, TargetInfo
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
        "roamspec: check 2/3, 1 failure, 16 s",
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
        "\x1b[Kroamspec: check 2/3, 1 failure, 2 s  test_b",
        "\x1b[K",
    ]


def test_a_line_is_cut_to_the_terminal_and_holds_no_commands() -> None:
    text = shown(
        Terminal(width=48, interactive=True), (0, STARTED), (1, CheckStarted("\x1b[2J\n" + "x" * 80))
    )

    line = text.rpartition("\x1b[K")[2]
    assert line == "roamspec: check 0/3, 1 failure, 1 s  \\x1b[2J xx"
    assert len(line) < 48


class Broken(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_listener_that_breaks_is_dropped_and_named() -> None:
    heard: list[Event] = []
    progress = Progress(Broken(), Terminal(), failures=lambda: 0)
    shelter = SafeListener(progress, "progress line")

    for event in (STARTED, check("a"), FINISHED):
        shelter(event)
        heard.append(event)

    assert len(heard) == 3
    assert shelter.broken == "The progress line stopped: BrokenPipeError: [Errno 32] Broken pipe"


def test_a_listener_that_works_hears_everything() -> None:
    heard: list[Event] = []
    shelter = SafeListener(heard.append, "log")

    shelter(STARTED)
    shelter(FINISHED)

    assert heard == [STARTED, FINISHED]
    assert shelter.broken is None


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
