"""Several processes that serve one listening socket, and one that watches over them."""

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Final, Protocol

from roamspec.errors import RoamspecError, UsageError
from roamspec.interruption import ending_signals

_READY: Final = b"r"
_OUR_FAULT: Final = 4


class Work(Protocol):
    """What each worker does, in a process of its own."""

    def __call__(self, ready_now: Callable[[], None], watched: int, /) -> int:
        """Serve until stopped, and return an exit status.

        `ready_now` is to be called once callers are served; when the file descriptor `watched` comes to its
        end, nobody watches over the worker any more.
        """


def check_workers(number: int, *, shared: bool) -> None:
    """UsageError for a number of workers that cannot be."""
    if number < 1:
        raise UsageError(f"--workers must be 1 or more, not {number}.")
    if number > 1 and not shared:
        raise UsageError(
            f"--workers {number} needs a state that the workers have in common: add --store "
            "redis://HOST:PORT, or leave --workers out."
        )
    if number > 1 and sys.platform == "win32":
        raise UsageError(
            "--workers cannot be more than 1 on this system; start several emulators with the same --store "
            "instead, behind a load balancer."
        )


def serve_with_workers(number: int, work: Work, announce: Callable[[Callable[[], bool]], None]) -> int:
    """Serve until SIGTERM, SIGHUP or SIGINT; returns 0, or the status of a worker that could not begin.

    `announce` is called once all are ready, with what says whether they are to stop. A worker that is killed
    is replaced.
    """
    crew = _Crew(work)
    with _signals(crew.stop):
        for _ in range(number):
            crew.start()
        if crew.all_ready():
            try:
                announce(lambda: crew.stopping)
            except BaseException:
                crew.stop()
                crew.wait()
                raise
        crew.wait()
    return crew.status


class _Crew:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._ready: dict[int, int | None] = {}
        """By process ID what can be read once the worker is ready, or has ended; None when it has been."""
        self._watched, self._watching = os.pipe()
        self.stopping = False
        self.status = 0

    def start(self) -> None:
        if sys.platform == "win32":
            raise AssertionError("`check_workers` lets nobody come here")
        ready, when_ready = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        numbers = _numbers()
        signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        process = os.fork()
        if process == 0:
            for each in numbers:
                signal.signal(each, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)
            os.close(self._watching)
            os._exit(_status_of(self._work, when_ready, self._watched))
        self._ready[process] = ready
        os.close(when_ready)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)

    def all_ready(self) -> bool:
        """Waits for all that were started; where one has not come so far, all stop."""
        for process in list(self._ready):
            if not self._is_ready(process):
                self.stop()
                return False
        return True

    def _is_ready(self, process: int) -> bool:
        ready, self._ready[process] = self._ready[process], None
        if ready is None:
            return True
        try:
            return os.read(ready, 1) == _READY
        finally:
            os.close(ready)

    def stop(self) -> None:
        self.stopping = True
        for process in list(self._ready):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def wait(self) -> None:
        """Until all have ended."""
        while self._ready:
            process, how = os.waitpid(-1, 0)
            if process in self._ready:
                ready = self._ready.pop(process)
                if ready is not None:
                    os.close(ready)
                self._note_end(process, os.waitstatus_to_exitcode(how))
        os.close(self._watched)
        os.close(self._watching)

    def _note_end(self, process: int, status: int) -> None:
        if self.stopping:
            self.status = self.status or max(status, 0)
        elif status == 0:
            # It was told to: by Ctrl-C, or by the end of its input.
            self.stop()
        else:
            sys.stderr.write(
                f"roamspec: the worker {process} ended ({_how(status)}); another one takes its place.\n"
            )
            sys.stderr.flush()
            self.start()
            if not self.all_ready():
                self.status = self.status or _OUR_FAULT


def _status_of(work: Work, when_ready: int, watched: int) -> int:
    def ready() -> None:
        os.write(when_ready, _READY)
        os.close(when_ready)

    try:
        status = work(ready, watched)
    except RoamspecError as error:
        sys.stderr.write(f"roamspec: {error}\n")
        status = error.exit_status
    except BaseException as error:  # noqa: BLE001 - nothing may run on in the copy of the first process
        traceback.print_exception(error)
        status = _OUR_FAULT
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _numbers() -> set[signal.Signals]:
    return {*ending_signals(), signal.SIGINT}


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, handle) for number in _numbers()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
