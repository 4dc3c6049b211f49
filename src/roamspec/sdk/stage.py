"""The emulator that a command is run against, and what its journal held afterwards."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from roamspec.errors import UsageError
from roamspec.sdk.calls import Call, read_calls
from roamspec.sdk.control import Control, ControlRefused
from roamspec.sdk.scenario import Scenario
from roamspec.target.embedded import EmbeddedEmulator


class Stage:
    """One emulator process for one run of the command; its journal lies in `file`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._emulator = EmbeddedEmulator(options=["--journal-file", str(file)])

    def open(self) -> Mapping[str, Any]:
        """Wait until it accepts connections; its ready object."""
        ready = self._emulator.ready()
        self._control = Control(ready["control_url"])
        return ready

    def new_app(self, settings: Mapping[str, Any], scenario: Scenario | None = None) -> dict[str, Any]:
        """An app as the control API describes it; UsageError for a scenario that cannot be."""
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
        """Let these nuisances strike the app's calls from now on."""
        path = f"/apps/{app['org']}/{app['app']}/nuisances"
        self._control.call("PUT", path, {"nuisances": list(rules)})

    def close(self) -> list[Call]:
        """End the emulator; every call that it met."""
        self._emulator.close()
        if not self._file.exists():
            return []
        with self._file.open(encoding="utf-8") as lines:
            return read_calls(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._emulator.close()
