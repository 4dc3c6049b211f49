"""Lets the runner run, and brings whatever ends it into the events, so that the aggregate knows it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from roamspec.cli.crash import crash_sentence
from roamspec.cli.report_files import ReportFiles
from roamspec.errors import RoamspecError, TargetError, UsageError
from roamspec.interruption import terminated_as_interrupted, time_limit, why_interrupted
from roamspec.results.aggregate import Aggregate
from roamspec.results.events import Ending, Listener, RunFinished, RunStarted, TargetInfo, rfc3339

if TYPE_CHECKING:
    from roamspec.runner.settings import RunSettings


def run_to_end(
    settings: "RunSettings",
    aggregate: Aggregate,
    listeners: Sequence[Listener],
    files: ReportFiles,
    *,
    timeout_s: int | None = None,
) -> str | None:
    """Run; afterwards the aggregate has its `RunStarted` and `RunFinished`, whatever happened.

    `timeout_s` is how many seconds it may take, None for any number. Returns the sentence to complain with,
    None when the run came to its end by itself. A UsageError from before the first check is raised again:
    nothing was sent, and there is nothing to report.
    """
    from roamspec.runner import run
    from roamspec.runner.shard_part import part_of_run

    config = settings.config
    target = TargetInfo(
        kind="emulator" if config.embedded else "service",
        base_url=config.base_url or "",
        app_key=str(config.main.key) if config.main else "",
    )
    unbegun = RunStarted(
        target,
        settings.profile,
        settings.seed,
        started_at="",
        planned_checks=0,
        selected=frozenset(settings.requirements) or None,
        part=part_of_run(settings),
    )
    return emit_to_end(
        lambda everyone: run(settings, everyone), unbegun, aggregate, listeners, files, timeout_s=timeout_s
    )


def emit_to_end(
    play: Callable[[Sequence[Listener]], None],
    unbegun: RunStarted,
    aggregate: Aggregate,
    listeners: Sequence[Listener],
    files: ReportFiles,
    *,
    timeout_s: int | None = None,
) -> str | None:
    """The same for whatever emits the events of a run, which is to `play`.

    A run that never began has `unbegun` as its first event, with the time at which this was called.
    """
    files.clear()
    began, started_at = time.monotonic(), datetime.now(UTC)
    ending: Ending
    try:
        with terminated_as_interrupted(), time_limit(timeout_s):
            play([aggregate, *listeners])
    except RoamspecError as error:
        if isinstance(error, UsageError) and aggregate.started is None:
            raise
        ending, sentence = "target-lost" if isinstance(error, TargetError) else "suite-error", str(error)
    except KeyboardInterrupt as error:
        ending, sentence = "interrupted", why_interrupted(error)
    except BaseException as error:  # noqa: BLE001 - groups of failures and SystemExit among them
        ending, sentence = "suite-error", crash_sentence(error, files.folder, secrets=files.secrets)
    else:
        if aggregate.started is not None and aggregate.ended is not None:
            return None
        ending, sentence = "suite-error", "The run ended without a final event."
        if aggregate.ended is not None and aggregate.ended.ending != "complete":
            # It ended before it was known how many checks there are.
            ending, sentence = aggregate.ended.ending, aggregate.ended.detail
    if aggregate.started is None:
        aggregate(replace(unbegun, started_at=rfc3339(started_at)))
    finished = _finished(aggregate.ended, ending, sentence, time.monotonic() - began)
    for listener in (aggregate, *listeners):
        listener(finished)
    return sentence


def _finished(said: RunFinished | None, ending: Ending, detail: str, duration_s: float) -> RunFinished:
    """The ending as it was, where the runner had already `said` another one."""
    if said is not None:
        return replace(said, ending=ending, detail=detail)
    notes = ("How many requests were sent is not known, because the run was cut short.",)
    return RunFinished(duration_s, requests=0, ending=ending, detail=detail, notes=notes)
