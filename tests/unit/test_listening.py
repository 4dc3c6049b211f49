"""Listening, and being told to end: also where Windows does it in another way."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest

from roamspec.errors import UsageError
from roamspec.listening import OPEN_FILES, allow_many_connections, listen, stop_on_signals

STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@pytest.fixture(params=["posix", "windows"])
def signals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both ways of hearing a signal; the handlers of Python are put back."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # `nohup` has it ignored

    def refuse(*_: object) -> None:
        raise NotImplementedError

    if request.param == "windows":
        monkeypatch.setattr(asyncio.SelectorEventLoop, "add_signal_handler", refuse)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPPING)
@pytest.mark.usefixtures("signals")
def test_a_signal_stops_what_runs(number: signal.Signals) -> None:
    async def serve() -> bool:
        stop = asyncio.Event()
        stop_on_signals(stop.set)
        signal.raise_signal(number)
        return await asyncio.wait_for(stop.wait(), 30)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        assert runner.run(serve())


@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_a_port_is_shared_with_nobody(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with closing(listen("127.0.0.1", 0)) as listener:
        listener.listen()
        port = listener.getsockname()[1]
        # Windows takes this option for leave to listen where somebody else does.
        shares = listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
        assert bool(shares) == (platform == "linux")

        with pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1 port {port}: .*--port 0"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70_000), ("no such host", 0), ("\udc80", 0)])
def test_an_address_that_is_none_is_told_in_one_sentence(host: str, port: int) -> None:
    with pytest.raises(UsageError, match="cannot listen on"):
        listen(host, port)


@pytest.mark.parametrize(
    ("soft", "hard", "raised_to"),
    [(256, 4096, 4096), (1024, -1, OPEN_FILES), (100_000, -1, None), (-1, -1, None), (4096, 4096, None)],
)
@pytest.mark.parametrize("allowed", [True, False])
def test_the_limit_of_open_files_is_raised_as_far_as_it_may_be(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised_to: int | None, *, allowed: bool
) -> None:
    resource = pytest.importorskip("resource")
    wanted: list[tuple[int, int]] = []

    def set_limit(_: int, limits: tuple[int, int]) -> None:
        wanted.append(limits)
        if not allowed:
            raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "RLIM_INFINITY", -1)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    allow_many_connections()
    assert wanted == ([] if raised_to is None else [(raised_to, hard)])
