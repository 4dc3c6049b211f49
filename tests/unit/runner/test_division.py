"""How the checks of a run are divided among machines."""

from roamspec.runner.division import FOR_COMPANY, FOR_SET_UP, Divisible, divide, request_bound
from roamspec.suite.exploration_limits import REQUESTS_LEFT_TO_EXPLORATION

CHECKS = [Divisible(f"limit.check-{number}", 10 * number) for number in range(1, 13)]


def load(part: frozenset[str], durations: dict[str, float]) -> float:
    return sum(durations[check] for check in part)


def test_each_check_falls_to_one_shard() -> None:
    for count in (1, 2, 5, 12, 20):
        parts = divide(CHECKS, count, {}).parts

        assert len(parts) == count
        assert sorted(check for part in parts for check in part) == sorted(each.check for each in CHECKS)


def test_the_order_in_which_checks_are_found_changes_nothing() -> None:
    assert divide(CHECKS, 3, {}) == divide(CHECKS[::-1], 3, {})


def test_a_check_that_is_repeated_counts_once() -> None:
    assert divide([*CHECKS, *CHECKS], 3, {}) == divide(CHECKS, 3, {})


def test_shards_take_about_as_long_as_each_other() -> None:
    seconds = {each.check: float(index % 4 + 1) for index, each in enumerate(CHECKS)}

    loads = [load(part, seconds) for part in divide(CHECKS, 3, seconds).parts]

    assert max(loads) - min(loads) <= 1.0


def test_the_longest_check_has_a_shard_of_its_own() -> None:
    seconds = {each.check: 1.0 for each in CHECKS} | {"limit.check-1": 100.0}

    assert frozenset({"limit.check-1"}) in divide(CHECKS, 2, seconds).parts


def test_without_durations_the_declared_requests_count() -> None:
    loads = [
        sum(10 * int(check.rpartition("-")[2]) for check in part) for part in divide(CHECKS, 3, {}).parts
    ]

    assert max(loads) - min(loads) <= 20


def test_a_check_without_a_duration_counts_as_others_with_as_many_requests() -> None:
    checks = [Divisible("a", 10), Divisible("b", 10), Divisible("c", 20)]

    parts = divide(checks, 2, {"a": 3.0, "b": 3.0}).parts

    assert set(parts) == {frozenset({"a", "b"}), frozenset({"c"})}


def test_checks_that_share_something_stay_together() -> None:
    checks = [Divisible(f"long-{number}", 10, "long") for number in range(4)] + CHECKS

    parts = divide(checks, 4, {}).parts

    assert sum(any(check.startswith("long") for check in part) for part in parts) == 1


def test_a_division_says_in_short_who_has_what() -> None:
    one, same, other = (
        divide(CHECKS, 3, durations) for durations in ({}, {}, {"limit.check-1": 99.0, "limit.check-9": 1.0})
    )

    assert str(one) == str(same) != str(other)
    assert str(one).startswith("12 checks ")


def test_a_shard_may_send_what_its_checks_declare_and_its_set_up() -> None:
    assert request_bound(CHECKS, {"limit.check-3", "limit.check-4"}, 2000) == FOR_SET_UP + 30 + 40


def test_what_a_company_shares_is_made_once_in_its_shard() -> None:
    checks = [Divisible(f"long-{number}", 10, "long") for number in range(4)] + CHECKS

    with_company, without = (
        request_bound(checks, part, 2000) for part in ({"long-0", "long-1"}, {"limit.check-2"})
    )

    assert (with_company, without) == (FOR_SET_UP + 20 + FOR_COMPANY, FOR_SET_UP + 20)


def test_no_shard_may_send_more_than_the_whole_run() -> None:
    assert request_bound([Divisible("a", 5000)], {"a"}, 2000) == 2000
    assert request_bound(CHECKS, {"limit.check-3"}, 0) == 0


def test_what_explores_gets_what_is_likely_to_be_left() -> None:
    checks = [*CHECKS, Divisible("sequence", 300, explores=True), Divisible("relation", 100, explores=True)]

    alone, both = (request_bound(checks, part, 2000) for part in ({"sequence"}, {"sequence", "relation"}))

    assert FOR_SET_UP + REQUESTS_LEFT_TO_EXPLORATION < alone < both < 2000
    assert request_bound([*checks, Divisible("much", 4000)], {"sequence"}, 2000) == (
        FOR_SET_UP + REQUESTS_LEFT_TO_EXPLORATION
    )
