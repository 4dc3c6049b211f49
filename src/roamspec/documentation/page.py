"""A page in any of its forms, as lines of text: one heading, paragraph, table row or line of code each.

All forms become the same text, which is also the one that `contracts/citations.yaml` counts: the cells of a
table are separated by bars, and a row of dashes follows the header.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PageElement, Tag
from markdown_it import MarkdownIt

Form = Literal["HTML", "Markdown", "plain text"]

_HTML: Final = re.compile(
    r"<(?:!doctype html|html|head|body|main|article|table|h[1-6]|pre|p)\b", re.IGNORECASE
)
_MARKDOWN: Final = re.compile(r"^(?:#{2,6} \S|```|~~~)", re.MULTILINE)
_FRONT_MATTER: Final = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_ANCHOR_OF_HEADING: Final = re.compile(r"\s*\{#[^}]*\}\s*$|^\s*#\s+|\s*[#¶]\s*$")
_HEADINGS: Final = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "section",
        "summary",
        "tbody",
        "thead",
        "ul",
    ]
)
_UNREAD: Final = (
    "script", "style", "template", "noscript", "svg", "nav", "aside", "footer", "button",
    ".header-anchor", ".line-numbers", ".line-numbers-wrapper", ".sidebar", ".navbar",
)  # fmt: skip
_CONTENT: Final = ("main", "[role=main]", "article", "body")


@dataclass(frozen=True, slots=True)
class Page:
    """`lines` in the order of the page; `headings` has the level (1 to 6) of those that are marked as one."""

    form: Form
    lines: tuple[str, ...]
    headings: Mapping[int, int] = field(default_factory=dict)


def read_page(text: str) -> Page:
    """The page that `text` is, in whichever of the three forms."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if _HTML.search(text):
        return _of_html(text, "HTML")
    if _MARKDOWN.search(text):
        rendered = MarkdownIt("commonmark", {"html": True}).enable("table")
        return _of_html(rendered.render(_FRONT_MATTER.sub("", text)), "Markdown")
    return Page("plain text", tuple(text.splitlines()))


def _of_html(markup: str, form: Form) -> Page:
    soup = BeautifulSoup(markup, "html.parser")
    for unread in soup.select(", ".join(_UNREAD)):
        unread.decompose()
    content = next(filter(None, map(soup.select_one, _CONTENT)), soup)
    lines: list[str] = []
    headings: dict[int, int] = {}
    for text, level in _Lines().of(content):
        if level:
            headings[len(lines)] = level
        lines.append(text)
    return Page(form, tuple(lines), headings)


class _Lines:
    """Walks a tree of elements; the text of elements within a line gathers until the line ends."""

    def __init__(self) -> None:
        self._gathered: list[str] = []

    def of(self, root: Tag) -> Iterator[tuple[str, int]]:
        """Each line with the level of its heading; 0 where it is none."""
        for child in root.children:
            yield from self._of_child(child)
        yield from self._end()

    def _of_child(self, node: PageElement) -> Iterator[tuple[str, int]]:
        if isinstance(node, Tag):
            yield from self._of_element(node)
        elif isinstance(node, NavigableString) and not isinstance(node, Comment):
            self._gathered.append(str(node))

    def _of_element(self, element: Tag) -> Iterator[tuple[str, int]]:
        if element.name in _HEADINGS:
            yield from self._end()
            yield _ANCHOR_OF_HEADING.sub("", _text(element)), _HEADINGS.index(element.name) + 1
        elif element.name == "pre":
            yield from self._end()
            yield from ((line, 0) for line in element.get_text().strip("\n").splitlines())
        elif element.name == "table":
            yield from self._end()
            yield from ((row, 0) for row in _rows(element))
        elif element.name == "br" or element.name in _BLOCKS:
            yield from self._end()
            for child in element.children:
                yield from self._of_child(child)
            yield from self._end()
        else:
            for child in element.children:
                yield from self._of_child(child)

    def _end(self) -> Iterator[tuple[str, int]]:
        text = " ".join("".join(self._gathered).split())
        self._gathered.clear()
        if text:
            yield text, 0


def _rows(table: Tag) -> Iterator[str]:
    for number, row in enumerate(table.find_all("tr")):
        cells = [_text(cell) for cell in row.find_all(("th", "td"))]
        yield as_row(cells)
        if number == 0:
            yield as_row(["---"] * len(cells))


def as_row(cells: Sequence[str]) -> str:
    """One row of a table as a line of text."""
    return " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _text(element: Tag) -> str:
    for ending in element.find_all("br"):
        ending.replace_with(" ")
    return " ".join(element.get_text().split())
