"""Whose turn it is: of several checks that have begun, one goes on, while the others wait for an effect."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from types import TracebackType


def _nobody_else() -> None:
    """There is no other check to begin."""


class Turns:
    """Lets one thread at a time go on. A thread that waits for an effect lets the others go on meanwhile.

    Nothing changes for threads that never took a turn.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        self._due = 0
        self._of_thread = threading.local()
        self.when_idle: Callable[[], None] = _nobody_else
        """Called by a thread that begins to wait while no other one is ready to go on."""

    def take(self) -> None:
        """Wait for the turn of this thread."""
        with self._changed:
            self._due += 1
            try:
                self._changed.wait_for(lambda: not self._taken)
            finally:
                self._due -= 1
            self._taken = True
        self._of_thread.has_turn = True

    def give(self) -> None:
        """Let another thread go on, if this one has the turn."""
        if self._has_turn:
            self._of_thread.has_turn = False
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Let other threads go on as long as this one only waits."""
        if not self._has_turn or self._kept:
            yield
            return
        self.give()
        self.idle()
        try:
            yield
        finally:
            self.take()

    def idle(self) -> None:
        """Begin something else, unless a thread is ready to go on."""
        if not self._due and not self._taken:
            self.when_idle()

    @property
    def _has_turn(self) -> bool:
        return bool(getattr(self._of_thread, "has_turn", False))

    def keep(self, more: int) -> None:
        """Keep the turn also while waiting (1), or no longer (-1)."""
        self._of_thread.kept = self._kept + more

    @property
    def _kept(self) -> int:
        return int(getattr(self._of_thread, "kept", 0))


class TurnLock:
    """A reentrant lock whose holder keeps the turn: nobody can wait for both."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._turns.keep(1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turns.keep(-1)
        self._lock.release()
