"""At most so many requests, and always enough for the clean-up."""

from pathlib import Path

import pytest

from roamspec.client.allowance import Allowance
from roamspec.client.messages import Request
from roamspec.errors import AllowanceSpent

CALL = Request("POST", "/acme/parlor/messages/users", "send-users")
REMOVAL = Request("DELETE", "/acme/parlor/users/u1", "users")
JUDGED = Request("DELETE", "/acme/parlor/rest/x", "deleteChatMessages")


def test_so_many_and_no_more() -> None:
    allowance = Allowance(2)
    allowance.take(CALL)
    allowance.take(JUDGED)

    for request in (CALL, JUDGED):
        with pytest.raises(AllowanceSpent, match=r"the 2 requests .* are used up; select less"):
            allowance.take(request)


def test_the_clean_up_is_kept_enough_for() -> None:
    standing = 1
    allowance = Allowance(3, reserve=lambda: standing)
    allowance.take(CALL)
    allowance.take(CALL)
    assert allowance.left == 0
    with pytest.raises(AllowanceSpent):
        allowance.take(CALL)
    allowance.take(REMOVAL)


def test_without_a_bound_nothing_is_counted() -> None:
    allowance = Allowance(0)
    for _ in range(5):
        allowance.take(CALL)
    assert allowance.left is None


def test_several_processes_count_in_one_file(tmp_path: Path) -> None:
    one, other = (Allowance(3, file=tmp_path / "count") for _ in range(2))
    one.take(CALL)
    other.take(CALL)
    assert (one.left, other.left) == (1, 1)
    one.take(CALL)
    with pytest.raises(AllowanceSpent):
        other.take(CALL)
    one.close()
    other.close()
