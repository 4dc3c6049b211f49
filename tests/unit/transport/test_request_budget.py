"""At most so many requests, and always enough for the clean-up."""

from pathlib import Path

import pytest

from roamspec.errors import BudgetSpent
from roamspec.transport.http_messages import Request
from roamspec.transport.request_budget import RequestBudget

CALL = Request("POST", "/acme/parlor/messages/users", "send-users")
REMOVAL = Request("DELETE", "/acme/parlor/users/u1", "users")
JUDGED = Request("DELETE", "/acme/parlor/rest/x", "deleteChatMessages")


def test_so_many_and_no_more() -> None:
    allowance = RequestBudget(2)
    allowance.take(CALL)
    allowance.take(JUDGED)

    for request in (CALL, JUDGED):
        with pytest.raises(BudgetSpent, match=r"the 2 requests .* are used up; select less"):
            allowance.take(request)


def test_the_clean_up_is_kept_enough_for() -> None:
    standing = 1
    allowance = RequestBudget(3, reserve=lambda: standing)
    allowance.take(CALL)
    allowance.take(CALL)
    assert allowance.left == 0
    with pytest.raises(BudgetSpent):
        allowance.take(CALL)
    allowance.take(REMOVAL)


def test_without_a_bound_nothing_is_counted() -> None:
    allowance = RequestBudget(0)
    for _ in range(5):
        allowance.take(CALL)
    assert allowance.left is None


def test_several_processes_count_in_one_file(tmp_path: Path) -> None:
    one, other = (RequestBudget(3, file=tmp_path / "count") for _ in range(2))
    one.take(CALL)
    other.take(CALL)
    assert (one.left, other.left) == (1, 1)
    one.take(CALL)
    with pytest.raises(BudgetSpent):
        other.take(CALL)
    one.close()
    other.close()


def test_each_process_keeps_enough_for_what_it_made_itself(tmp_path: Path) -> None:
    standing = {"one": 0, "other": 0}
    one, other = (
        RequestBudget(10, reserve=lambda name=name: standing[name], file=tmp_path / "count")  # type: ignore[misc]
        for name in standing
    )
    for _ in range(4):
        standing["one"] += 1
        one.take(CALL)
    other.take(CALL)
    assert (one.left, other.left) == (1, 1), "four things stand, of which the other knows nothing"
    other.take(CALL)
    with pytest.raises(BudgetSpent):
        other.take(CALL)

    for _ in range(4):
        one.take(REMOVAL)

    assert (tmp_path / "count").stat().st_size == 10
    one.close()
    other.close()


def test_what_was_kept_for_one_thing_serves_for_the_next(tmp_path: Path) -> None:
    standing = 1
    allowance = RequestBudget(4, reserve=lambda: standing, file=tmp_path / "count")
    allowance.take(CALL)
    standing = 0  # it went with something else
    allowance.take(CALL)
    standing = 1
    assert allowance.left == 1
    allowance.take(CALL)
    allowance.take(REMOVAL)
    assert allowance.left == 0
    allowance.close()
