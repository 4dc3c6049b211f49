"""Long texts of others, cut where a reader sees that something is missing."""

import re
from typing import Final

_LEAST_PART = 0.6
"""A cut at a word loses at most the rest; a text without spaces, such as JSON, is cut anywhere."""


_ID: Final = r"\"?(?=[\w.-]*\d)[\w.-]{6,}\"?"
"""Of a message, a group or a user, in a sentence, an address or JSON; a word without a digit is none."""
_LONG_LIST: Final = re.compile(rf"{_ID}(?:(?:, ?|%2C){_ID}){{4,}}")
_SHOWN_OF_A_LIST: Final = 2


def short_lists(text: str) -> str:
    """`text` with every list of five or more IDs cut to its first ones and their number, for people."""

    def cut(found: re.Match[str]) -> str:
        every = re.split(r", ?|%2C", found[0])
        return f"{', '.join(every[:_SHOWN_OF_A_LIST])}, … ({len(every)})"

    return _LONG_LIST.sub(cut, text)


def shortened(text: str, most: int) -> str:
    """`text` if it has at most `most` characters; else its beginning, up to a word's end, and an ellipsis."""
    if len(text) <= most:
        return text
    space = text.rfind(" ", 0, most + 1)
    cut = text[:space] if space >= _LEAST_PART * most else text[:most]
    return f"{cut.rstrip(' ,;:')} …" if space >= _LEAST_PART * most else f"{cut}…"
