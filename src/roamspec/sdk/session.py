"""The command's runs: the plain one, and with `--resilience` one under each disturbance."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from roamspec.errors import UsageError
from roamspec.sdk.addresses import addresses
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import client_catalogue
from roamspec.sdk.command import check_command, run_command
from roamspec.sdk.command_env import environment, filled, values
from roamspec.sdk.contracted import contract
from roamspec.sdk.disturbance_runs import DisturbanceRun, disturbance_runs
from roamspec.sdk.emulator_run import EmulatorRun
from roamspec.sdk.evaluate import UNNAMED, CallerNames, announce, given_messages, judge_calls
from roamspec.sdk.finding import ClientFinding, IntendedValues
from roamspec.sdk.hosts import LOOPBACK
from roamspec.sdk.rules.resilience import DisturbedCalls
from roamspec.sdk.scenario import ClientScenario, meant_by, resolved, with_given
from roamspec.sdk.verdict import CommandEnd

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SdkSettings:
    """`timeout_s` is for each run of the command; `settings` are the emulator's, for the command's app, and
    `host` is where it listens."""

    command: tuple[str, ...]
    timeout_s: float
    seed: int
    conduct: bool = False
    scenario: ClientScenario = field(default_factory=lambda: ClientScenario({}, {}))
    expected_refusals: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One run of the command, over; `callers` tells which test a call belongs to."""

    values: Mapping[str, str]
    calls: Sequence[ObservedCall]
    end: CommandEnd
    meant: IntendedValues
    callers: CallerNames


def run_plainly(
    settings: SdkSettings, emulator: EmulatorRun, conclude: Callable[[CommandRun, list[ClientFinding]], T]
) -> T:
    """The run whose calls are judged one by one; UsageError when it or its scenario cannot be used.

    `conclude` makes of the run and of what was found whatever the caller wants: `EmulatorRun.conclude`.
    """

    def judged(run: CommandRun) -> T:
        return conclude(run, judge_calls(run.calls, run.meant, run.callers))

    return _run(settings, DisturbanceRun(UNNAMED, lambda _: ()), emulator, judged)


def run_under_trouble(
    settings: SdkSettings, plain: CommandRun
) -> tuple[list[CommandRun], list[ClientFinding]]:
    """A further run for each trouble. How the command ends then is its own affair, if it ends."""
    runs: list[CommandRun] = []
    findings: list[ClientFinding] = []
    for disturbance_run in disturbance_runs(settings.seed):
        with EmulatorRun(settings.host) as emulator:
            run = _run(settings, disturbance_run, emulator, lambda run: run)
        runs.append(run)
        if run.end.how != "ended":
            break
        findings += disturbance_run.judge(DisturbedCalls(run.calls, plain.calls))
    return runs, findings


def _run(
    settings: SdkSettings,
    disturbance_run: DisturbanceRun,
    emulator: EmulatorRun,
    conclude: Callable[[CommandRun], T],
) -> T:
    check_command(settings.command, os.environ.get("PATH"))
    ready = emulator.open()
    app = emulator.new_app({**settings.settings, **disturbance_run.settings}, settings.scenario)
    closed = emulator.new_app({**settings.settings, "message_roaming": False})
    scenario = resolved(settings.scenario, app["scenario"])
    file = emulator.folder / "scenario.json"
    file.write_text(json.dumps(scenario, indent=1), encoding="utf-8", newline="\n")
    if disturbance_run.rules:
        emulator.trouble(app, disturbance_run.rules)
    given_values = values(ready, app, closed, str(file))
    end = run_command(
        filled(settings.command, given_values),
        environment(os.environ, given_values),
        settings.timeout_s,
        _get_ready,
    )
    labels = {(one["org"], one["app"]): disturbance_run.name for one in (app, closed)}

    def concluded(met: Sequence[ObservedCall]) -> T:
        calls = announce(met, settings.expected_refusals)
        meant = with_given(
            meant_by(scenario), given_messages(calls), (app["client_secret"], closed["client_secret"])
        )
        return conclude(CommandRun(given_values, calls, end, meant, CallerNames(labels)))

    return emulator.conclude(concluded)


def _get_ready() -> None:
    """Read what the judgement needs; while the command runs, that costs nobody's time."""
    contract()
    client_catalogue()
    addresses()


def read_settings(assignments: Sequence[str]) -> dict[str, Any]:
    """The emulator's settings from `NAME=VALUE`; ConfigurationError for one that cannot be."""
    from roamspec.emulator.settings import AppSettings, parse_assignment

    found = dict(parse_assignment(text, where="--set") for text in assignments)
    AppSettings().with_changes(found, where="--set")
    return found


def read_floors(texts: Sequence[str]) -> dict[str, float]:
    """`--min-coverage`: a percentage of everything, or of one kind, as `error-rows=50`; UsageError."""
    from roamspec.sdk.coverage import KINDS

    floors: dict[str, float] = {}
    for text in texts:
        kind, equals, number = text.rpartition("=")
        kind = kind if equals else "all"
        try:
            floor = float(number.removesuffix("%"))
        except ValueError:
            floor = -1.0
        if not 0 <= floor <= 100 or kind not in (*KINDS, "all"):
            raise UsageError(
                f"--min-coverage: {text!r} is not a percentage from 0 to 100; write 80, or KIND=80 with one "
                f"of {', '.join(KINDS)}."
            )
        floors[kind] = floor
    return floors
