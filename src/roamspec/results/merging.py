"""Makes the events of one run out of those of its shards: pure, and strict about what belongs together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from roamspec.errors import UsageError
from roamspec.results.events import (
    CheckFinished,
    CheckStarted,
    Ending,
    Event,
    PartOfRun,
    RunFinished,
    RunStarted,
)


@dataclass(frozen=True, slots=True)
class ShardLog:
    """What one shard has written; `place` is where, `ended` is None for one that never said how it ended."""

    place: str
    started: RunStarted
    part: PartOfRun
    checks: tuple[CheckStarted | CheckFinished, ...]
    ended: RunFinished | None


def merge(logs: Sequence[ShardLog]) -> Iterator[Event]:
    """The events of the whole run, the first shard's checks first.

    UsageError, before the first event, for a shard that is missing, doubled, unfinished or of another run.
    """
    _refuse_differing(logs)
    _refuse_doubled(logs)
    _refuse_missing(logs)
    ordered = sorted(logs, key=lambda log: log.part.shard.index)
    endings = [_ending_of(log) for log in ordered]
    _refuse_otherwise_divided(ordered, endings)
    return _events(ordered, endings)


def _events(logs: Sequence[ShardLog], endings: Sequence[RunFinished]) -> Iterator[Event]:
    first = logs[0].started
    yield replace(
        first,
        # A shard to which no check fell has never called its target.
        target=next((log.started.target for log in logs if log.started.target.app_key), first.target),
        started_at=min(log.started.started_at for log in logs),
        planned_checks=sum(log.started.planned_checks for log in logs),
        part=None,
    )
    for log in logs:
        yield from log.checks
    early = [ended for ended in endings if ended.ending == "failures-reached"]
    ending: Ending = "failures-reached" if early else "complete"
    lags: dict[str, float] = {}
    for ended in endings:
        for kind, seconds in ended.lags_s.items():
            lags[kind] = max(seconds, lags.get(kind, 0.0))
    merged = f"The verdict is that of {len(logs)} shards; the time is that of the longest one."
    yield RunFinished(
        max(ended.duration_s for ended in endings),
        sum(ended.requests for ended in endings),
        ending,
        " ".join(dict.fromkeys(ended.detail for ended in early)),
        (merged, *dict.fromkeys(note for ended in endings for note in ended.notes)),
        frozenset().union(*(ended.left_out for ended in endings)),
        lags,
    )


def _refuse_differing(logs: Sequence[ShardLog]) -> None:
    one = logs[0]
    for other in logs[1:]:
        if other.part.shard.count != one.part.shard.count:
            raise UsageError(
                f"{other.place} is of a run in {other.part.shard.count} shards, and {one.place} is of a run "
                f"in {one.part.shard.count}; give the shards of one run."
            )
        names = dict.fromkeys((*one.part.configuration, *other.part.configuration))
        for name in names:
            here, there = (log.part.configuration.get(name, "") for log in (one, other))
            if here != there:
                raise UsageError(
                    f"{other.place} and {one.place} are configured differently: the {name} is "
                    f"{there or 'none'} in the one, and {here or 'none'} in the other; give the shards of "
                    "one run."
                )


def _refuse_doubled(logs: Sequence[ShardLog]) -> None:
    known: dict[int, str] = {}
    for log in logs:
        index = log.part.shard.index
        if index in known:
            raise UsageError(
                f"{log.place} and {known[index]} are both shard {log.part.shard}; leave one of them out."
            )
        known[index] = log.place


def _refuse_missing(logs: Sequence[ShardLog]) -> None:
    count = logs[0].part.shard.count
    there = {log.part.shard.index for log in logs}
    missing = [f"{index}/{count}" for index in range(1, count + 1) if index not in there]
    if missing:
        named = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
        raise UsageError(f"Of the {count} shards some are missing: {named}; give their folders too.")


def _ending_of(log: ShardLog) -> RunFinished:
    ended, shard = log.ended, log.part.shard
    if ended is None:
        raise UsageError(f"Shard {shard} in {log.place} has not finished: it was killed; run it again.")
    if ended.ending not in ("complete", "failures-reached"):
        why = (ended.detail or ended.ending).rstrip(".")
        raise UsageError(f"Shard {shard} in {log.place} has not finished: {why}; run it again.")
    return ended


def _refuse_otherwise_divided(logs: Sequence[ShardLog], endings: Sequence[RunFinished]) -> None:
    for log, ended in zip(logs, endings, strict=True):
        if ended.division != endings[0].division:
            raise UsageError(
                f"{log.place} and {logs[0].place} are configured differently: their checks were divided by "
                "other durations; give each shard the same --durations."
            )
