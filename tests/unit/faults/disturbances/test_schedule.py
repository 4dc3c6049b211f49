"""Which calls are struck: counted, drawn from a seed, and the same when replayed."""

import pytest

from roamspec.errors import ConfigurationError
from roamspec.faults.disturbances import KINDS, DisturbanceRule, Schedule, parse_rule, read_rule


def _struck(schedule: Schedule, calls: int, operation: str = "clearUser") -> list[int]:
    return [number for number in range(calls) if schedule.next(operation).rule is not None]


def test_after_some_calls_for_some_calls() -> None:
    assert _struck(Schedule([DisturbanceRule("503", after=2, count=3)]), 10) == [2, 3, 4]


def test_an_expired_token_is_injected_once() -> None:
    assert _struck(Schedule([parse_rule("401:after=4", where="--nuisance")]), 20) == [4]


def test_only_operations_that_fit() -> None:
    schedule = Schedule([DisturbanceRule("500", on="clear*", count=1)])
    assert _struck(schedule, 3, "deleteChatMessages") == []
    assert _struck(schedule, 3, "clearChatBefore") == [0]


def test_the_same_seed_disturbs_the_same_calls() -> None:
    rule = DisturbanceRule("429", probability=0.3, seed=7)
    first, again = _struck(Schedule([rule]), 200), _struck(Schedule([rule]), 200)
    assert first == again
    assert 30 < len(first) < 90
    assert _struck(Schedule([DisturbanceRule("429", probability=0.3, seed=8)]), 200) != first


def test_a_count_does_not_shift_the_draws() -> None:
    all_of_them = _struck(Schedule([DisturbanceRule("429", probability=0.3, seed=7)]), 100)
    assert (
        _struck(Schedule([DisturbanceRule("429", probability=0.3, seed=7, count=5)]), 100) == all_of_them[:5]
    )


def test_delays_add_up_and_the_first_other_rule_applies() -> None:
    schedule = Schedule(
        [
            DisturbanceRule("latency", ms=20),
            DisturbanceRule("503"),
            DisturbanceRule("latency", ms=30),
            DisturbanceRule("reset"),
        ]
    )
    injection = schedule.next("clearUser")
    assert injection.delay_ms == 50
    assert injection.rule == DisturbanceRule("503")
    assert [each["kind"] for each in schedule.played] == ["latency", "503", "latency"]


def test_jitter_is_replayed() -> None:
    rule = DisturbanceRule("latency", ms=100, jitter=True, seed=3)
    schedules = Schedule([rule]), Schedule([rule])
    first, again = ([schedule.next("x").delay_ms for _ in range(20)] for schedule in schedules)
    assert first == again
    assert all(100 <= delay < 200 for delay in first)
    assert len(set(first)) > 10


def test_reading_a_rule_as_the_command_line_says_it() -> None:
    rule = parse_rule("429:count=2,retry-after=1,probability=0.5,on=delete*,seed=9", where="--nuisance")
    assert rule == DisturbanceRule("429", on="delete*", count=2, probability=0.5, seed=9, retry_after=1)
    assert read_rule(rule.as_dict(), where="nuisances") == rule


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_named_alone(kind: str) -> None:
    assert parse_rule(kind, where="--nuisance").kind == kind


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("latncy", "--nuisance: there is no disturbance 'latncy'; did you mean 'latency'?"),
        ("latency:ms", "--nuisance: 'ms' has no value; write NAME=VALUE."),
        ("429:cout=2", "--nuisance: 429 has no 'cout'; did you mean 'count'?"),
        ("429:count=-1", "--nuisance: 429: count cannot be -1; it must be a whole number up to 600000."),
        (
            "429:count=many",
            "--nuisance: 429: count cannot be 'many'; it must be a whole number up to 600000.",
        ),
        ("500:probability=2", "--nuisance: 500: probability cannot be 2.0; it must be a number from 0 to 1."),
        ("latency:jitter=maybe", "--nuisance: latency: jitter cannot be 'maybe'; it must be true or false."),
    ],
)
def test_a_rule_that_cannot_be(text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_rule(text, where="--nuisance")
    assert str(caught.value) == sentence


def test_an_entry_that_is_no_object() -> None:
    with pytest.raises(ConfigurationError, match="must be an object with a kind"):
        read_rule(["429"], where="nuisances")
