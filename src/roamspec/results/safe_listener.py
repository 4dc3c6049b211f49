"""Keeps what renders a run from harming it."""

from roamspec.results.events import Event, Listener


class SafeListener:
    """Passes events on to a listener until it breaks, and then drops it: `broken` says what happened.

    A progress line that cannot be written must not end a run whose verdict somebody waits for.
    """

    def __init__(self, listener: Listener, name: str) -> None:
        self._listener = listener
        self._name = name
        self.broken: str | None = None

    def __call__(self, event: Event, /) -> None:
        """Pass an event on, until the listener fails for the first time."""
        if self.broken is not None:
            return
        try:
            self._listener(event)
        except Exception as error:  # noqa: BLE001 - whatever it was, the run goes on and the reason is kept
            self.broken = f"The {self._name} stopped: {type(error).__name__}: {error}"
