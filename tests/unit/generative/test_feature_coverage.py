"""Features of calls and pairs of them: counted, kept over runs, and looked for."""

from pathlib import Path

import pytest

from roamspec.contract.operations import Contract
from roamspec.errors import ConfigurationError
from roamspec.generative import feature_coverage
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep, Setting, Step
from roamspec.generative.feature_coverage import Coverage, features_of
from roamspec.generative.hypothesis_settings import keep_house
from roamspec.generative.planned_state import PlannedState, Visibility
from roamspec.generative.state_machine import explore
from roamspec.generative.strategies import Repertoire

SAY = SendStep("m1", "group", "b", type="img")
CALL = DeleteStep("deleteGroupMessages", "a", "group", ("m1",), notify="false", forms=("encoded",))


def test_the_features_of_a_call_are_those_of_its_words_and_its_world(visibility: Visibility) -> None:
    planned, _ = PlannedState.blank(visibility).after(SAY)
    setting = Setting(relation="ends-with", creator="b", devices=(3, 1, 1))
    found = features_of(CallSequence((SAY,), True, setting), planned, CALL)
    assert found >= {
        "operation=deleteGroupMessages",
        "isNotify=false",
        "form=encoded",
        "devices of the owner=many",
        "names=ends-with",
        "role=member",
        "kind=group",
        "type=img",
        "newest by=another",
        "after=nothing",
    }


def test_pairs_add_up_over_runs(tmp_path: Path) -> None:
    first = Coverage()
    first.add(frozenset({"x=1", "y=1", "z=1"}))
    feature_coverage.write(tmp_path, first)
    second = Coverage(earlier=feature_coverage.read(tmp_path))
    second.add(frozenset({"x=1", "y=2"}))
    assert second.new_in(frozenset({"x=1", "y=1"})) == 0
    assert second.new_in(frozenset({"x=2", "y=1"})) == 1
    assert "1 calls with 2 features and 1 pairs of features; 4 pairs over all runs" in second.sentence()
    feature_coverage.write(tmp_path, second)
    assert len(feature_coverage.read(tmp_path)) == 4


@pytest.mark.parametrize("text", ["{", "[]", '{"form": "roamspec.features/0", "pairs": []}', '{"pairs": []}'])
def test_a_file_of_another_version_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / feature_coverage.FILE).write_text(text)
    with pytest.raises(ConfigurationError, match=feature_coverage.FILE):
        feature_coverage.read(tmp_path)


class Listener:
    """Plays nothing; counts the features of what would be played."""

    def __init__(self, counted: Coverage, program: CallSequence, visibility: Visibility) -> None:
        self._counted, self._program, self._planned = counted, program, PlannedState.blank(visibility)

    def perform(self, step: Step) -> None:
        if isinstance(step, DeleteStep):
            self._counted.add(features_of(self._program, self._planned, step))
        self._planned, _ = self._planned.after(step)
        self._program = CallSequence(
            (*self._program.steps, step), self._program.watched, self._program.setting
        )

    def finish(self) -> None: ...

    def close(self) -> None: ...


def test_looking_for_new_pairs_draws_more_of_them(
    contract: Contract, visibility: Visibility, tmp_path: Path
) -> None:
    keep_house(tmp_path)
    everything = Repertoire.of(list(contract.operations.values()))

    def pairs(*, looking: bool) -> int:
        total = 0
        for seed in range(8):
            counted = Coverage()

            def begin(*, watched: bool, setting: Setting, counted: Coverage = counted) -> Listener:
                return Listener(counted, CallSequence((), watched, setting), visibility)

            new_in = counted.new_in if looking else lambda _: 0
            explore(visibility, everything, begin, seed=seed, examples=4, steps=20, new_in=new_in)
            total += len(counted.pairs) * 100 // counted.calls
        return total

    assert pairs(looking=True) > 1.05 * pairs(looking=False)


def test_the_few_worlds_of_a_run_differ_in_their_names(
    contract: Contract, visibility: Visibility, tmp_path: Path
) -> None:
    keep_house(tmp_path)
    everything = Repertoire.of(list(contract.operations.values()))
    found: list[int] = []
    for seed in range(6):
        counted, settings = Coverage(), list[Setting]()

        def begin(
            *,
            watched: bool,
            setting: Setting,
            counted: Coverage = counted,
            settings: list[Setting] = settings,
        ) -> Listener:
            settings.append(setting)
            return Listener(counted, CallSequence((), watched, setting), visibility)

        explore(visibility, everything, begin, seed=seed, examples=4, steps=12, new_in=counted.new_in)
        few = settings[:4]
        found += [len({each.relation for each in few}), len({each.form for each in few})]

    assert min(found) >= 3
    assert sum(found) >= 3.25 * len(found)
