"""Features of the calls that sequences made, and pairs of them: what was drawn, in this run and before.

A feature is one thing about a call and its world, as `flaw=no token` or `devices of the owner=many` are.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Final

from roamspec.contract.operations import Operation
from roamspec.errors import ConfigurationError
from roamspec.generative.call_sequence import PLACES, TO_COME, USERS, CallSequence, DeleteStep, Setting
from roamspec.generative.planned_state import PlannedState, way_of

FILE: Final = "features-drawn"
"""In the folder of the corpus; no sequence, so it does not end like one."""
FORM: Final = "roamspec.features/1"
_DAY_MS: Final = 86_400_000
Pair = tuple[str, str]


def features_of(program: CallSequence, planned: PlannedState, step: DeleteStep) -> frozenset[str]:
    """What is special about a call that comes after the steps of `program`; `planned` the state by then."""
    return frozenset(
        f"{name}={value}"
        for name, value in (*_of_call(step), *_of_world(program, planned, step), *_of_messages(planned, step))
    )


def feature_of_operation(operation: Operation) -> str:
    """The feature that a call of this operation has."""
    return f"operation={operation.name}"


def features_of_setting(setting: Setting) -> frozenset[str]:
    """What is special about the IDs in a world, in any call there."""
    return frozenset(f"{name}={value}" for name, value in _of_names(setting))


def _of_names(setting: Setting) -> Iterator[tuple[str, str]]:
    yield "names", setting.relation or "unrelated"
    yield "name", setting.form or "plain"
    yield "base", setting.base or "plain"


def _of_call(step: DeleteStep) -> Iterator[tuple[str, str]]:
    yield "operation", step.operation
    yield "flaw", step.flaw or "none"
    yield "isNotify", step.notify
    yield from (("form", form) for form in step.forms or ("plain",))
    if step.picks:
        yield "IDs", str(len(step.picks)) if len(step.picks) < 3 else "more"
    if step.around:
        side = "to come" if step.offset_ms == TO_COME else "at" if not step.offset_ms else "beside"
        yield "delTime", side


def _of_world(program: CallSequence, planned: PlannedState, step: DeleteStep) -> Iterator[tuple[str, str]]:
    setting = program.setting
    devices = setting.devices[USERS.index(step.owner)] if program.watched else 0
    yield "devices of the owner", str(devices) if devices < 2 else "many"
    yield from _of_names(setting)
    if step.place:
        kind = PLACES[step.place].kind
        yield "kind", kind
        if kind != "chat":
            role = "late" if step.owner == setting.late else "member"
            yield "role", "creator" if step.owner == setting.creator else role
            yield "namesake", str(setting.namesake)
    calls = program.deletions
    last = calls[-1] if calls else None
    yield "after", "nothing" if last is None else "a refusal" if last.flaw else last.operation
    yield "again", str(step in calls)
    yield "conversations", str(min(3, len(planned.touched)))


def _of_messages(planned: PlannedState, step: DeleteStep) -> Iterator[tuple[str, str]]:
    places = [step.place] if step.place else planned.touched
    views = [planned.view(step.owner, place) for place in places]
    said = [planned.said[message.id] for view in views for message in view.messages]
    for each in {(one.type, one.text, way_of(one)) for one in said}:
        yield from zip(("type", "text", "way"), each, strict=True)
    for at_ms in {one.at_ms for one in said if one.at_ms is not None}:
        days = (planned.visibility.past_ms - at_ms) // _DAY_MS
        yield "age", "months" if days > 90 else "weeks" if days > 7 else "days"
    times = [message.time_ms for view in views for message in view.messages]
    yield "same time", str(len(set(times)) < len(times))
    newest = max(said, key=lambda one: planned.time_of(one.label), default=None)
    yield "newest by", "nobody" if newest is None else "owner" if newest.sender == step.owner else "another"


@dataclass
class Coverage:
    """Features and pairs of them that were drawn; `earlier` are those of runs before this one."""

    features: set[str] = field(default_factory=set)
    pairs: set[Pair] = field(default_factory=set)
    earlier: set[Pair] = field(default_factory=set)
    calls: int = 0

    def add(self, features: frozenset[str]) -> None:
        """Count one call with its features and their pairs."""
        self.calls += 1
        self.features |= features
        self.pairs |= set(pairs_of(features))

    def new_in(self, features: frozenset[str]) -> int:
        """How many pairs were never drawn before."""
        return sum(pair not in self.pairs and pair not in self.earlier for pair in pairs_of(features))

    def sentence(self) -> str:
        """For the report."""
        text = (
            f"Sequences made {self.calls} calls with {len(self.features)} features and {len(self.pairs):,} "
            "pairs of features"
        )
        if self.earlier:
            text += f"; {len(self.pairs | self.earlier):,} pairs over all runs with this folder"
        return f"{text}."


def pairs_of(features: frozenset[str]) -> Iterator[Pair]:
    """All pairs of different features, each once."""
    return combinations(sorted(features), 2)


def read(folder: Path) -> set[Pair]:
    """The pairs of earlier runs; ConfigurationError for a file that is of another version or damaged."""
    path = folder / FILE
    if not path.is_file():
        return set()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["form"] != FORM:
            raise ValueError(f"it is not of the form {FORM}")
        return {(str(one), str(other)) for one, other in content["pairs"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path} does not contain a list of features: {error}. Remove it."
        ) from error


def write(folder: Path, coverage: Coverage) -> None:
    """Keep what was drawn, in this run and before."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"form": FORM, "pairs": sorted(coverage.pairs | coverage.earlier)}
    (folder / FILE).write_text(json.dumps(content) + "\n", encoding="utf-8", newline="\n")
