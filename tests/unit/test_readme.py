"""The two READMEs have the same headings, tables, commands and links, and each points to the other."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
ENGLISH: Final = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE: Final = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r"\s+# .*$", re.MULTILINE)


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each block of code, without the comments of shell commands."""
    return [(kind, _COMMENT.sub("", code) if kind == "sh" else code) for kind, code in _FENCE.findall(text)]


def headings(text: str) -> list[int]:
    return [len(found[1]) for found in re.finditer(r"^(#+) \S", _FENCE.sub("", text), re.MULTILINE)]


def first_cells(text: str) -> list[str]:
    """What stands in the first column of the tables, where it is names alone."""
    return re.findall(r"^\| ((?:`[^|`]*`(?:, )?)+|\d) \|", text, re.MULTILINE)


def links(text: str) -> list[str]:
    return sorted(re.findall(r"\]\(([^)]+)\)", text))


def test_the_headings_are_the_same() -> None:
    assert headings(CHINESE) == headings(ENGLISH)
    assert len(headings(ENGLISH)) > 5


def test_the_commands_are_the_same() -> None:
    assert blocks(CHINESE) == blocks(ENGLISH)
    assert len(blocks(ENGLISH)) > 4


def test_the_tables_name_the_same() -> None:
    assert first_cells(CHINESE) == first_cells(ENGLISH)


def test_the_links_are_the_same_and_each_points_to_the_other() -> None:
    assert "README.zh-CN.md" in links(ENGLISH)
    assert "README.md" in links(CHINESE)
    assert [link for link in links(CHINESE) if link != "README.md"] == [
        link for link in links(ENGLISH) if link != "README.zh-CN.md"
    ]


def test_a_difference_is_seen() -> None:
    changed = CHINESE.replace("roamspec diff before/ after/", "roamspec diff after/ before/")

    assert changed != CHINESE
    assert blocks(changed) != blocks(ENGLISH)
    assert headings(CHINESE.replace("## ", "### ", 1)) != headings(ENGLISH)
