"""What `roamspec sdk` does on an emulator that is about to start: it checks, runs, judges, publishes."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from roamspec.cli.acceptance import accepted_failures
from roamspec.cli.conclusion import Conclusion, conclude
from roamspec.cli.report_files import ReportFiles
from roamspec.results.events import rfc3339
from roamspec.results.waivers import Accepted
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.catalogue import CONNECTION, client_catalogue
from roamspec.sdk.command import check_command
from roamspec.sdk.command_env import SECRET
from roamspec.sdk.contracted import contract
from roamspec.sdk.coverage import below_floor, coverage
from roamspec.sdk.emulator_run import EmulatorRun
from roamspec.sdk.evaluate import CallerNames, served_in_spite
from roamspec.sdk.finding import ClientFinding
from roamspec.sdk.report import SdkOutcome, SdkRun, sdk_report
from roamspec.sdk.rules.resilience import operation_of
from roamspec.sdk.scenario import read_scenario
from roamspec.sdk.session import (
    CommandRun,
    SdkSettings,
    read_floors,
    read_settings,
    run_plainly,
    run_under_trouble,
)
from roamspec.sdk.verdict import EmulatorAddress, Scope, decide, results_of
from roamspec.seeds import drawn_seed


@dataclass(frozen=True, slots=True)
class _Options:
    settings: SdkSettings
    files: ReportFiles
    floors: dict[str, float]
    selected: frozenset[str] | None
    strict: bool
    accepted: Accepted


def execute_on(stage: EmulatorRun, arguments: argparse.Namespace) -> Conclusion:
    """Everything that can be wrong beforehand is found before the command runs; the files are written."""
    options = _options(arguments)
    options.files.clear()
    began, started_at = time.monotonic(), datetime.now(UTC)

    def report_of(runs: Sequence[CommandRun], findings: Sequence[ClientFinding]) -> dict[str, Any]:
        return _report(options, runs, findings, started_at, time.monotonic() - began)

    def concluded(
        run: CommandRun, found: list[ClientFinding]
    ) -> tuple[CommandRun, list[ClientFinding], Conclusion | None]:
        conclusion = None if options.settings.conduct else _written(report_of([run], found), options, run)
        return run, found, conclusion

    try:
        plain, findings, conclusion = run_plainly(options.settings, stage, concluded)
        if conclusion is None:
            further: list[CommandRun] = []
            more: list[ClientFinding] = []
            if plain.end.how == "ended" and plain.calls:
                further, more = run_under_trouble(options.settings, plain)
            report = report_of([plain, *further], [*findings, *more])
            conclusion = _written(report, options, plain)
    except BaseException:
        # What was written while the emulator ended is no verdict of a run that was cut short.
        options.files.discard()
        raise
    return conclusion


def _options(arguments: argparse.Namespace) -> _Options:
    words = arguments.command
    words = words[1:] if words[:1] == ["--"] else words
    check_command(words, None)
    settings = SdkSettings(
        command=tuple(words),
        timeout_s=arguments.timeout,
        seed=drawn_seed() if arguments.seed is None else arguments.seed,
        conduct=arguments.conduct,
        scenario=read_scenario(arguments.scenario),
        expected_refusals=tuple(arguments.expect_refusals),
        settings=read_settings(arguments.assignments),
        host=arguments.host,
    )
    floors = read_floors(arguments.min_coverage)
    selected = None
    if arguments.req:
        selected = frozenset(requirement.id for requirement in client_catalogue().select(arguments.req))
    accepted = accepted_failures(arguments.waivers, arguments.baseline, client_catalogue())
    files = ReportFiles.prepare(arguments.report_dir, arguments.junit)
    return _Options(settings, files, floors, selected, arguments.strict, accepted)


def _report(
    options: _Options,
    runs: Sequence[CommandRun],
    findings: Sequence[ClientFinding],
    started_at: datetime,
    duration_s: float,
) -> dict[str, Any]:
    """What is reported about the runs, the plain one first, and the verdict on them."""
    plain, settings, catalogue = runs[0], options.settings, client_catalogue()
    calls = [call for run in runs for call in run.calls]
    # A later run that was cut short cuts the whole short; how it ended otherwise says nothing.
    end = next((run.end for run in runs if run.end.how != "ended"), plain.end)
    callers = CallerNames({key: label for run in runs for key, label in run.callers.labels.items()})
    place = EmulatorAddress(plain.values["base_url"], min((call.started_ms for call in calls), default=0.0))
    found = results_of(
        catalogue,
        findings,
        callers,
        place,
        Scope(
            selected=options.selected,
            called=frozenset([CONNECTION, *map(operation_of, plain.calls)]),
            conduct=settings.conduct,
        ),
    )
    accepted, day = options.accepted, started_at.date()
    results = [accepted.without_accepted(result, day) for result in found]
    speaking = {
        r.operation for r in catalogue.values() if options.selected is None or r.id in options.selected
    }
    items = coverage(plain.calls, speaking)
    decision, ending = decide(
        results,
        plain.calls,
        end,
        place.base_url,
        [*below_floor(items, options.floors), *accepted.problems(found, day)],
        strict=options.strict,
    )
    return sdk_report(
        SdkRun(
            command=settings.command,
            base_url=place.base_url,
            app_key=plain.values["app_key"],
            seed=settings.seed,
            started_at=rfc3339(started_at),
            contract_sha256=contract().sha256,
            conduct=settings.conduct,
            strict=options.strict,
        ),
        SdkOutcome(
            end=end,
            duration_s=duration_s,
            calls=calls,
            callers=callers,
            results=results,
            coverage=items,
            decision=decision,
            ending=ending,
            notes=_notes(plain.calls),
        ),
    )


def _written(report: dict[str, Any], options: _Options, plain: CommandRun) -> Conclusion:
    secrets = tuple(plain.values[name] for name in SECRET)
    return conclude(report, replace(options.files, secrets=secrets))


def _notes(calls: Sequence[ObservedCall]) -> list[str]:
    notes = []
    spited = served_in_spite(calls)
    if spited:
        notes.append(f"{spited} calls announced that they expect an error response, and were accepted.")
    elsewhere = sorted({call.below_app for call in calls if call.method and not call.operation})
    if elsewhere:
        shown = ", ".join(elsewhere[:3])
        notes.append(f"{len(elsewhere)} paths were called that the emulator does not have: {shown}.")
    return notes
