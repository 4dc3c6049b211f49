"""Drawing faults behind conditions, and what their runs add up to."""

from roamspec.faults.registry import named
from roamspec.selftest.conditional.draw import drawn
from roamspec.selftest.conditional.occasions import Occasions
from roamspec.selftest.conditional.render import table
from roamspec.selftest.conditional.results import ProfileResult, outcome_of
from roamspec.selftest.fault_run import FaultRun, Occasion
from roamspec.selftest.layers import layer_of
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest

FAULT = named("delete-chat-messages.effect.nothing-deleted@notify=false")[0]
OPERATION_OF = {"chat.gone": "deleteChatMessages", "group.gone": "deleteGroupMessages"}


def fault_run(red: dict[str, str], *, met: int, shown: int) -> FaultRun:
    subject = EmulatorUnderTest(
        FAULT.text, (BrokenEmulator(FAULT.text, "deleteChatMessages", ("chat.gone",)),)
    )
    checks = {name: frozenset({check}) for name, check in red.items()}
    occasions = {FAULT.text: Occasion(9, met, shown)}
    return FaultRun(subject, dict.fromkeys(red, 0.1), 1, 2.0, 100, checks=checks, occasions=occasions)


def test_the_same_seed_draws_the_same_and_another_seed_others() -> None:
    first = [each.text for each in drawn(4, 7)]
    assert first == [each.text for each in drawn(4, 7)]
    assert first != [each.text for each in drawn(4, 8)]
    assert len(set(first)) == 4


def test_what_contradicts_itself_is_found_to_show_nowhere() -> None:
    [never] = named("delete-chat-messages.effect.single-id-ignored@ids=20")
    [sometimes] = named("delete-chat-messages.effect.single-id-ignored@ids=1")
    assert not Occasions(never, "x").found()
    assert Occasions(sometimes, "x").found()


def test_outcomes_add_up_to_shares_by_layer() -> None:
    outcomes = [
        outcome_of(FAULT, fault_run({"chat.gone": "sequence.drawn-sequences"}, met=3, shown=2), OPERATION_OF),
        outcome_of(FAULT, fault_run({"chat.gone": "effect.single"}, met=3, shown=0), OPERATION_OF),
        outcome_of(FAULT, fault_run({}, met=3, shown=1), OPERATION_OF),
        outcome_of(FAULT, fault_run({}, met=3, shown=0), OPERATION_OF),
        outcome_of(FAULT, fault_run({"group.gone": "effect.single"}, met=0, shown=0), OPERATION_OF),
    ]
    result = ProfileResult("quick", outcomes)
    assert [result.count(what) for what in ("met", "shown", "noticed")] == [4, 3, 2]
    assert result.met_percent == 60.0
    assert result.noticed_percent == 66.7
    assert result.by_layer("sequences", alone=True) == 1
    assert result.by_layer("examples") == 1
    assert len(result.misattributed) == 1
    text = table([result])
    assert "shown and not detected" in text
    assert "  notify=false: of 5 faults 4 met, 3 shown, 2 detected\n" in text
    assert "group.gone" in text


def test_every_check_belongs_to_a_layer() -> None:
    assert layer_of("schema.generated-calls[deleteChatMessages]") == "schema cases"
    assert layer_of("effect.single-id") == "examples"
