"""What the vendor's pages say, in our words, and where: the statements that requirements rest on."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from roamspec.contract.files import load_document
from roamspec.errors import ContractError
from roamspec.resources import folder

HOME_PAGE: Final = "message-delete"
"""The page of the five operations: the one whose lines are counted and whose words are pinned."""
DIGEST_LENGTH: Final = 16

# What differs between two copies of the same words: blanks, the bars of a table, marks of code and of bold.
_DRESSING: Final = re.compile(r"[\s|`*]+")
_FULL_STOP: Final = "。"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the vendor's documentation."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand on the home page: lines from 1, and one sentence of the line where it has several.

    `words` is the digest of what stands there.
    """

    line: int
    through: int
    sentence: int | None
    words: str

    def text(self, lines: Sequence[str]) -> str:
        """What stands here in a page of these lines; empty where the page ends before."""
        text = " ".join(lines[self.line - 1 : self.through])
        if self.sentence is None:
            return text
        sentences = sentences_of(text)
        return sentences[self.sentence - 1] if self.sentence <= len(sentences) else ""


@dataclass(frozen=True, slots=True)
class Source:
    """What one page says on one operation: `says` is in our words, `section` is the heading above.

    `place` is None for a page whose lines are not counted.
    """

    page: Page
    section: str
    says: str
    place: Place | None = None

    @property
    def line(self) -> int | None:
        """The line of the page, where that is known."""
        return self.place.line if self.place else None

    def where(self) -> str:
        """Page, section and line as a person looks for them."""
        parts = [self.page.title] if self.page.title != self.section else []
        parts += [self.section] if self.section else []
        parts += [f"line {self.place.line}"] if self.place else []
        return ", ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """The form of `source` in a report."""
        return {
            "page": self.page.title,
            "url": self.page.url,
            "section": self.section,
            "line": self.line,
            "says": self.says,
        }


@dataclass(frozen=True, slots=True)
class Citations:
    """All statements: `by_id` has, for each, its source by operation; the key None is of all of them.

    `headings` are those of the operations on the home page, by operation. `facts` maps a part of the
    contract, such as `query/msgIdList`, to the statements that speak of it.
    """

    pages: Mapping[str, Page]
    by_id: Mapping[str, Mapping[str | None, Source]]
    headings: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, statement: str, operation: str) -> Source | None:
        """What the statement rests on for this operation; None when it does not speak of it.

        KeyError when there is no such statement.
        """
        sources = self.by_id[statement]
        return sources.get(operation) or sources.get(None)

    def __iter__(self) -> Iterator[tuple[str, Source]]:
        for statement, sources in self.by_id.items():
            for source in sources.values():
                yield statement, source


def undressed(text: str) -> str:
    """The words alone, so that two copies of the same page agree."""
    return _DRESSING.sub("", unicodedata.normalize("NFKC", text))


def sentences_of(text: str) -> list[str]:
    """The sentences of a line, as citations count them."""
    return [each for each in text.split(_FULL_STOP) if undressed(each)]


def digest_of(text: str) -> str:
    """The digest that pins the words of `text`."""
    return hashlib.sha256(undressed(text).encode()).hexdigest()[:DIGEST_LENGTH]


def load_citations(path: Path | None = None) -> Citations:
    """Read `contracts/citations.yaml`, or `path`; ContractError names file, entry and reason."""
    path = path or folder("contracts") / "citations.yaml"
    document = load_document(path, schema="citations.schema.json")
    pages = {name: Page(**page) for name, page in document["pages"].items()}
    by_id = {
        name: dict(_sources(item, pages, document["headings"], f"{path}: {name}"))
        for name, item in document["statements"].items()
    }
    facts: dict[str, tuple[str, ...]] = {}
    for name, item in document["statements"].items():
        if "fact" in item:
            facts[item["fact"]] = (*facts.get(item["fact"], ()), name)
    return Citations(pages, by_id, document["headings"], facts)


def _sources(
    item: Mapping[str, Any], pages: Mapping[str, Page], headings: Mapping[str, str], where: str
) -> Iterator[tuple[str | None, Source]]:
    name, section, says = item.get("page", HOME_PAGE), item.get("section", ""), item["says"]
    if name not in pages:
        raise ContractError(f"{where}: there is no page {name!r}; there are {', '.join(pages)}.")
    page = pages[name]
    if "at" not in item:
        place = place_of(item["everywhere"]) if "everywhere" in item else None
        yield None, Source(page, section or page.title, says, place)
    for operation, given in item.get("at", {}).items():
        if operation not in headings:
            raise ContractError(f"{where}: the page has no heading for an operation {operation!r}.")
        heading = headings[operation]
        within = f"{heading} / {section}" if section else heading
        yield operation, Source(page, within, says, place_of(given))


def place_of(given: Mapping[str, Any]) -> Place:
    """The place that an entry of `contracts/citations.yaml` gives: `line`, `words`, and perhaps `through`
    (the last line) and `sentence`."""
    line = given["line"]
    return Place(line, given.get("through", line), given.get("sentence"), given["words"])
