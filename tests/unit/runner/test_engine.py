"""Which checks one of several processes takes together."""

import pytest

from roamspec.runner.distribution import shares_with

CHECK = "test_limit.py::test_fifty"


@pytest.mark.parametrize(
    ("operation", "bounded", "alone"),
    [
        ("[deleteChatMessages]", "chats", "deleteChatMessages"),
        ("[clearChatBefore]", "chats", "clearChatBefore"),
        ("[clearGroupBefore]", "others", "clearGroupBefore"),
        ("[clearUser]", "others", "clearUser"),
        ("", "others", "all operations"),
    ],
)
def test_what_is_costly_is_made_once_where_requests_are_few(operation: str, bounded: str, alone: str) -> None:
    assert shares_with(CHECK + operation, bounded=True) == bounded
    assert shares_with(CHECK + operation, bounded=False) == alone
