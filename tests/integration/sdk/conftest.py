"""One emulator for the module, whose journal is read and judged as `roamspec sdk` does after a command."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from roamspec.contract.operations import slug_of
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.control import Control
from roamspec.sdk.disturbance_runs import DisturbanceRun
from roamspec.sdk.evaluate import given_messages
from roamspec.sdk.finding import ClientFinding, IntendedValues
from roamspec.sdk.scenario import meant_by, read_scenario, resolved, with_given
from roamspec.session.embedded_emulator import EmbeddedEmulator


@dataclass(frozen=True)
class EmulatorForClients:
    """An emulator that clients are tried on."""

    control: Control

    def app(self, disturbance_run: DisturbanceRun | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """A fresh app with the awkward scenario, and that scenario with its IDs."""
        scenario = read_scenario("awkward")
        body = {"settings": {"rate_limits": "off"}, "scenario": dict(scenario.seed)}
        if disturbance_run is not None:
            body["settings"] |= disturbance_run.settings
        app = self.control.call("POST", "/apps", body)
        if disturbance_run is not None and disturbance_run.rules:
            rules = {"nuisances": list(disturbance_run.rules)}
            self.control.call("PUT", f"/apps/{app['org']}/{app['app']}/nuisances", rules)
        return app, resolved(scenario, app["scenario"])

    def calls(self, use: Callable[[], None]) -> list[ObservedCall]:
        """What the emulator met while `use` ran."""
        self.control.call("DELETE", "/journal")
        use()
        return [
            ObservedCall.from_journal(entry)
            for entry in self.control.call("GET", "/journal?limit=100000")["entries"]
        ]


@pytest.fixture(scope="module")
def emulator_for_clients() -> Iterator[EmulatorForClients]:
    with EmbeddedEmulator() as emulator:
        yield EmulatorForClients(Control(emulator.ready()["control_url"]))


def meant_of(
    scenario: Mapping[str, Any], app: Mapping[str, str], calls: list[ObservedCall]
) -> IntendedValues:
    return with_given(meant_by(scenario), given_messages(calls), [app["client_secret"]])


def by_verdict(findings: list[ClientFinding], verdict: str) -> set[str]:
    """IDs of the requirements about which some finding says this."""
    return {f"{slug_of(f.operation)}.{f.name}" for f in findings if f.verdict == verdict}
