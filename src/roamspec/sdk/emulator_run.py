"""The emulator that a command is run against, and what its journal held afterwards."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from roamspec.errors import UsageError
from roamspec.sdk.hosts import LOOPBACK, check_host, reachable
from roamspec.session.embedded_emulator import EmbeddedEmulator
from roamspec.temporary import temporary_directory

if TYPE_CHECKING:
    from roamspec.sdk.calls import ObservedCall
    from roamspec.sdk.scenario import ClientScenario

T = TypeVar("T")


class EmulatorRun:
    """One emulator process for one run of the command, and a folder that goes with it.

    The emulator starts at once. What is needed only when it is ready is imported meanwhile.
    """

    def __init__(self, host: str = LOOPBACK) -> None:
        """`host` is where it listens; UsageError when nothing can."""
        if host != LOOPBACK:
            check_host(host)
        self.host = host
        self._temporary = temporary_directory("roamspec-sdk-")
        self.folder = Path(self._temporary.name)
        self._journal = self.folder / "journal"
        self._emulator = EmbeddedEmulator(options=["--host", host, "--journal-file", str(self._journal)])

    def open(self) -> Mapping[str, Any]:
        """Wait until it accepts connections; its ready object, with addresses that the command can use."""
        from roamspec.sdk.control import Control

        ready = self._emulator.ready()
        self._control = Control(ready["control_url"])
        return reachable(ready, self.host)

    def new_app(
        self, settings: Mapping[str, Any], scenario: "ClientScenario | None" = None
    ) -> dict[str, Any]:
        """An app as the control API describes it; UsageError for a scenario that cannot be."""
        from roamspec.sdk.control import ControlRefused

        seed = dict(scenario.seed) if scenario else {}
        try:
            made: dict[str, Any] = self._control.call(
                "POST", "/apps", {"settings": {"rate_limits": "off", **settings}, "scenario": seed}
            )
        except ControlRefused as refused:
            sentence = str(refused).removeprefix("scenario: ").rstrip(".")
            raise UsageError(f"--scenario: {scenario.name if scenario else ''}: {sentence}.") from refused
        return made

    def trouble(self, app: Mapping[str, Any], rules: Sequence[Mapping[str, Any]]) -> None:
        """Apply these disturbances to the app's calls from now on."""
        path = f"/apps/{app['org']}/{app['app']}/nuisances"
        self._control.call("PUT", path, {"nuisances": list(rules)})

    def conclude(self, conclude: "Callable[[list[ObservedCall]], T]") -> T:
        """End the emulator; what `conclude` makes of every call that it met.

        It works while the emulator ends, and once more where that wrote down more until then.
        """
        self._emulator.stop()
        size = self._journal_size()
        conclusion = conclude(self._calls())
        self._emulator.close()
        return conclusion if self._journal_size() == size else conclude(self._calls())

    def _calls(self) -> "list[ObservedCall]":
        from roamspec.sdk.calls import read_calls

        if not self._journal.exists():
            return []
        with self._journal.open(encoding="utf-8") as lines:
            return read_calls(lines)

    def _journal_size(self) -> int:
        """Bytes; a journal that has not grown holds the same calls."""
        return self._journal.stat().st_size if self._journal.exists() else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._emulator.close()
        self._temporary.cleanup()
