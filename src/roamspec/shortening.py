"""Long texts of others, cut where a reader sees that something is missing."""

_LEAST_PART = 0.6
"""A cut at a word loses at most the rest; a text without spaces, such as JSON, is cut anywhere."""


def shortened(text: str, most: int) -> str:
    """`text` if it has at most `most` characters; else its beginning, up to a word's end, and an ellipsis."""
    if len(text) <= most:
        return text
    space = text.rfind(" ", 0, most + 1)
    cut = text[:space] if space >= _LEAST_PART * most else text[:most]
    return f"{cut.rstrip(' ,;:')} …" if space >= _LEAST_PART * most else f"{cut}…"
