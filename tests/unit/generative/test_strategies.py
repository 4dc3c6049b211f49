"""What is drawn makes sense, follows from the seed alone, and reaches all that a call can be."""

from collections import Counter
from pathlib import Path

import pytest

from roamspec.contract.operations import Contract
from roamspec.generative import step_choices
from roamspec.generative.call_sequence import CallSequence, DeleteStep, SendStep, Setting, Step
from roamspec.generative.difference import Difference, Found
from roamspec.generative.hypothesis_settings import examples_in, keep_house
from roamspec.generative.planned_state import PlannedState, Visibility, is_feasible
from roamspec.generative.state_machine import explore
from roamspec.generative.strategies import Repertoire


class Pupil:
    """Plays nothing; `fails` says after which step it finds a difference."""

    def __init__(self, steps: list[Step], fails: str = "") -> None:
        self.steps = steps
        self.closed = False
        self._fails = fails

    def perform(self, step: Step) -> None:
        self.steps.append(step)
        by_time_in_a_room = isinstance(step, DeleteStep) and step.place == "room" and bool(step.around)
        if isinstance(step, DeleteStep) and (
            step.operation == self._fails or (self._fails == "a room" and by_time_in_a_room)
        ):
            difference = Difference("kept", len(self.steps) - 1, step.owner, step.place, ("m1",), "a", "b")
            raise Found(difference)

    def finish(self) -> None:
        if self._fails == "at the end":
            raise Found(Difference("lost", len(self.steps) - 1, "a", "chat ab", ("m1",), "a", "b"))

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def house(tmp_path: Path) -> None:
    keep_house(tmp_path)


def drawn(
    contract: Contract, visibility: Visibility, seed: int, *, examples: int = 8, without: str = ""
) -> list[tuple[Step, ...]]:
    played: list[list[Step]] = []

    def begin(*, watched: bool, setting: Setting) -> Pupil:  # noqa: ARG001
        played.append([])
        return Pupil(played[-1])

    operations = [o for o in contract.operations.values() if o.name != without]
    assert (
        explore(visibility, Repertoire.of(operations), begin, seed=seed, examples=examples, steps=12) is None
    )
    return [tuple(steps) for steps in played]


def test_every_sequence_makes_sense(contract: Contract, visibility: Visibility) -> None:
    sequences = drawn(contract, visibility, 1)

    assert len(sequences) >= 8
    assert all(is_feasible(CallSequence(steps), visibility) for steps in sequences)


def test_the_same_seed_draws_the_same_and_another_seed_something_else(
    contract: Contract, visibility: Visibility
) -> None:
    assert drawn(contract, visibility, 7) == drawn(contract, visibility, 7)
    assert drawn(contract, visibility, 7) != drawn(contract, visibility, 8)


def test_the_few_sequences_that_a_run_may_play_are_new_ones_each_time(
    contract: Contract, visibility: Visibility
) -> None:
    first = [tuple(steps) for seed in range(20) for steps in drawn(contract, visibility, seed, examples=2)]

    assert len(first) == 40
    assert len(set(first)) == 40
    assert min(map(len, first)) >= 4


def test_all_operations_all_kinds_of_places_and_flaws_are_drawn(
    contract: Contract, visibility: Visibility
) -> None:
    steps = [step for seed in range(6) for steps in drawn(contract, visibility, seed) for step in steps]
    calls = [step for step in steps if isinstance(step, DeleteStep)]
    effective = Counter(call.operation for call in calls if not call.flaw)

    assert set(effective) == set(contract.operations)
    assert min(effective.values()) >= 20
    assert {call.notify for call in calls} == {"absent", "true", "false"}
    assert {0, 1, -1} <= {call.offset_ms for call in calls if call.around}
    assert len({call.flaw for call in calls}) >= 7
    assert {step.place for step in steps if isinstance(step, SendStep)} >= {"chat ab", "group", "room"}


def test_what_was_found_broken_is_not_drawn_again(contract: Contract, visibility: Visibility) -> None:
    steps = [s for steps in drawn(contract, visibility, 3, without="clearUser") for s in steps]

    assert not [step for step in steps if isinstance(step, DeleteStep) and step.operation == "clearUser"]


def test_only_what_the_target_lets_happen_is_drawn(contract: Contract, visibility: Visibility) -> None:
    sends = {key: roles for key, roles in visibility.seen.items() if key[1] == "send" and key[0] != "room"}
    poor = Visibility(sends, {}, ties=False, places=("chat ab", "chat ac", "chat bc", "group"))

    steps = [step for seed in range(3) for steps in drawn(contract, poor, seed) for step in steps]

    assert all(step.at_ms is None for step in steps if isinstance(step, SendStep))
    assert not [step for step in steps if step.place == "room"]


def test_imports_grow_where_their_order_is_prescribed(contract: Contract, visibility: Visibility) -> None:
    strict = Visibility(visibility.seen, visibility.listed, ties=False)

    for steps in (s for seed in range(4) for s in drawn(contract, strict, seed)):
        latest: dict[str, int] = {}
        for step in steps:
            if isinstance(step, SendStep):
                assert step.at_ms is None or step.at_ms > latest.get(step.place, -1)
                latest[step.place] = 10**9 if step.at_ms is None else step.at_ms


@pytest.mark.parametrize("fails", ["clearUser", "at the end"])
def test_a_difference_ends_the_search_and_is_reported_with_the_steps_up_to_it(
    contract: Contract, visibility: Visibility, fails: str
) -> None:
    played: list[Pupil] = []

    def begin(*, watched: bool, setting: Setting) -> Pupil:  # noqa: ARG001
        played.append(Pupil([], fails))
        return played[-1]

    found = explore(
        visibility, Repertoire.of(list(contract.operations.values())), begin, seed=5, examples=8, steps=12
    )

    assert found is not None
    program, difference = found
    assert program.steps == tuple(played[-1].steps)
    assert difference.step == len(program) - 1
    assert all(pupil.closed for pupil in played)


@pytest.mark.parametrize("enough", [0, 1, 3, 7])
def test_nothing_is_drawn_after_the_last_sequence_that_may_be_played(
    contract: Contract, visibility: Visibility, enough: int
) -> None:
    for seed in range(4):
        played: list[Pupil] = []
        refused: list[tuple[bool, Setting]] = []

        def begin(
            *,
            watched: bool,
            setting: Setting,
            played: list[Pupil] = played,
            refused: list[tuple[bool, Setting]] = refused,
        ) -> Pupil | None:
            if len(played) == enough:
                refused.append((watched, setting))
                return None
            played.append(Pupil([]))
            return played[-1]

        everything = Repertoire.of(list(contract.operations.values()))
        assert explore(visibility, everything, begin, seed=seed, examples=30, steps=12) is None
        assert len(played) == enough
        assert len(refused) == 1
        assert all(pupil.closed for pupil in played)


def test_what_failed_is_drawn_first_from_a_local_or_a_shared_folder(
    contract: Contract, visibility: Visibility, tmp_path: Path
) -> None:
    everything = Repertoire.of(list(contract.operations.values()))

    def begun_until_found(seed: int, local: Path | None, shared: Path | None) -> int:
        played: list[Pupil] = []

        def begin(*, watched: bool, setting: Setting) -> Pupil:  # noqa: ARG001
            played.append(Pupil([], "a room"))
            return played[-1]

        database = examples_in(local, shared)
        found = explore(visibility, everything, begin, seed=seed, examples=40, steps=12, database=database)
        assert found is not None
        return len(played)

    assert begun_until_found(3, tmp_path / "mine", None) > 1
    before = sorted((tmp_path / "mine").rglob("*"))

    assert before
    assert begun_until_found(5, tmp_path / "mine", None) == 1
    assert begun_until_found(5, None, tmp_path / "mine") == 1
    assert begun_until_found(5, tmp_path / "other", tmp_path / "mine") == 1
    assert begun_until_found(5, tmp_path / "empty", None) > 1
    assert sorted((tmp_path / "mine").rglob("*")) == before, "what is shared is only read"


def test_nine_of_ten_calls_by_id_name_what_is_there(contract: Contract, visibility: Visibility) -> None:
    [subject] = [s for s in Repertoire.of(list(contract.operations.values())).by_id if s.kind == "chat"]
    planned = PlannedState.blank(visibility)
    for number in range(1, 4):
        planned, _ = planned.after(SendStep(f"m{number}", "chat ab", "a", number))
        picks = step_choices.picks(planned, step_choices.StepTarget(subject, "a", "chat ab"))

        absent = [each for each in picks if "unknown" in each]
        assert 10 <= len(picks) / len(absent) < 20
        assert {label for each in picks for label in each} > set(planned.said)


def test_what_is_imported_into_a_cleared_past_is_left_open(visibility: Visibility) -> None:
    planned = PlannedState.blank(visibility)
    for step in (
        SendStep("m1", "chat ab", "a", 1000),
        DeleteStep("clearChatBefore", "a", "chat ab", around="m1"),
    ):
        assert planned.allows(step)
        planned, _ = planned.after(step)

    assert not planned.allows(SendStep("m2", "chat ab", "b", 1000))
    assert planned.allows(SendStep("m2", "chat ab", "b", 1001))
    planned, _ = planned.after(DeleteStep("clearUser", "b"))
    assert not planned.allows(SendStep("m2", "chat ab", "b", 1001))
    assert planned.allows(SendStep("m2", "chat ab", "b"))
