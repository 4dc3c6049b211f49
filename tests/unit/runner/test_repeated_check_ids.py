import pytest

from roamspec.runner.check_ids import check_id


@pytest.mark.parametrize(
    ("nodeid", "check"),
    [
        ("a/test_limit.py::test_fifty_ids[clearUser]", "limit.fifty-ids[clearUser]"),
        ("a/test_limit.py::test_fifty_ids[clearUser-2-3]", "limit.fifty-ids[clearUser]"),
        ("a/test_limit.py::test_fifty_ids[2-3]", "limit.fifty-ids"),
        ("a/test_limit.py::test_fifty_ids[clearUser-x]", "limit.fifty-ids[clearUser-x]"),
    ],
)
def test_a_check_has_one_id_however_often_it_is_repeated(nodeid: str, check: str) -> None:
    assert check_id(nodeid) == check
