"""Where a long text is cut."""

import pytest

from roamspec.shortening import shortened


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("as it is", 8, "as it is"),
        ("the service is not open", 16, "the service is …"),
        ("the service is not open", 14, "the service is …"),
        ("the service, is not open", 12, "the service …"),
        ('{"error":"forbidden"}', 10, '{"error":"…'),
        ("a " + "b" * 20, 10, "a bbbbbbbb…"),
        ("", 3, ""),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown
