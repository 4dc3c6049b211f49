"""A page and its translation have the same headings, tables, commands and links; the README is short."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
ENGLISH: Final = ROOT / "README.md"
CHINESE: Final = ROOT / "README.zh-CN.md"
TRANSLATED: Final = [
    (ENGLISH, CHINESE),
    *((page.with_name(page.name.replace(".zh.", ".")), page) for page in sorted(ROOT.glob("docs/*.zh.md"))),
]
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT: Final = re.compile(r"\s+# .*$", re.MULTILINE)
_PICTURE_BYTES_MAX: Final = 200_000

pairs = pytest.mark.parametrize(("page", "translated"), TRANSLATED, ids=lambda path: path.name)


def blocks(text: str) -> list[tuple[str, str]]:
    """Language and content of each block of code, without the comments of shell commands."""
    return [(kind, _COMMENT.sub("", code) if kind == "sh" else code) for kind, code in _FENCE.findall(text)]


def headings(text: str) -> list[int]:
    return [len(found[1]) for found in re.finditer(r"^(#+) \S", _FENCE.sub("", text), re.MULTILINE)]


def first_cells(text: str) -> list[str]:
    """What stands in the first column of the tables, where it is names alone."""
    return re.findall(r"^\| ((?:`[^|`]*`(?:, )?)+|\d) \|", text.replace("`、`", "`, `"), re.MULTILINE)


def links(text: str) -> list[str]:
    """The links in any order; of two translations of a page, and of a section of it, that of the page."""
    found = re.findall(r"\]\(([^)]+)\)", text)
    return sorted(re.sub(r"(\.zh)?\.md(#.*)?$", ".md", link) for link in found)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pairs
def test_the_headings_are_the_same(page: Path, translated: Path) -> None:
    assert headings(read(translated)) == headings(read(page))
    assert len(headings(read(page))) > 4


@pairs
def test_the_commands_are_the_same(page: Path, translated: Path) -> None:
    assert blocks(read(translated)) == blocks(read(page))


@pairs
def test_the_tables_name_the_same(page: Path, translated: Path) -> None:
    assert first_cells(read(translated)) == first_cells(read(page))


@pairs
def test_the_links_are_the_same(page: Path, translated: Path) -> None:
    own = {"README.md", "README.zh-CN.md"}
    assert [link for link in links(read(translated)) if link not in own] == [
        link for link in links(read(page)) if link not in own
    ]


def test_each_readme_points_to_the_other() -> None:
    assert "README.zh-CN.md" in links(read(ENGLISH))
    assert "README.md" in links(read(CHINESE))


def test_the_readme_fits_three_screens_and_has_a_picture_of_the_report() -> None:
    picture = ROOT / "docs" / "images" / "report.png"

    assert len(read(ENGLISH).splitlines()) <= 150
    assert "](docs/images/report.png)" in read(ENGLISH)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < _PICTURE_BYTES_MAX


def test_the_first_run_shows_the_result_of_the_readme() -> None:
    [result] = [code for _, code in blocks(read(ENGLISH)) if "CONFORMING  exit status 0" in code]
    [shown] = [code for _, code in blocks(read(ROOT / "docs/first-run.md")) if code.startswith("CONFORMING")]

    assert _without_numbers(result).endswith(_without_numbers(shown))


def _without_numbers(text: str) -> str:
    return re.sub(r"\d[\d.,]*", "N", text)


def test_a_difference_is_seen() -> None:
    chinese, english = read(CHINESE), read(ENGLISH)
    changed = chinese.replace("roamspec run --fault", "roamspec sdk --fault")

    assert changed != chinese
    assert blocks(changed) != blocks(english)
    assert headings(chinese.replace("## ", "### ", 1)) != headings(english)
