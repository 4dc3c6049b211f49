"""Looks up on a page the words that citations and errata were drawn around, by their digests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from roamspec.contract.citations import Citations, Place, digest_of, sentences_of
from roamspec.contract.errata import Erratum
from roamspec.documentation.page import Page

_MOST_LINES: Final = 4
"""How many lines the longest cited passage has: one form of a page breaks where another one does not."""

Standing = Literal["stands", "changed", "not on this page"]


@dataclass(frozen=True, slots=True)
class Looked:
    """One pinned passage: `name` is the statement's, or `erratum ID`; `line` is where it stands on the page.

    `operation` is None for a passage that speaks of all operations.
    """

    name: str
    operation: str | None
    says: str
    standing: Standing
    line: int | None = None


class Passages:
    """The digests of all passages of a page, each with the lines where it begins."""

    def __init__(self, page: Page) -> None:
        self._at: dict[str, list[int]] = {}
        for number in range(len(page.lines)):
            for count in range(1, _MOST_LINES + 1):
                text = " ".join(page.lines[number : number + count])
                for passage in (text, *(sentences_of(text) if count < _MOST_LINES else ())):
                    self._at.setdefault(digest_of(passage), []).append(number + 1)

    def line_of(self, place: Place, within: range) -> int | None:
        """The first of these lines at which the words of `place` begin."""
        return next((line for line in self._at.get(place.words, ()) if line in within), None)

    def lines_of(self, place: Place) -> Sequence[int]:
        """The lines where the words of a citation stand; empty when they are not there."""
        return self._at.get(place.words, ())


def look_up(
    page: Page, citations: Citations, errata: Iterable[Erratum], sections: Mapping[str, range]
) -> list[Looked]:
    """Whether each pinned passage stands on the page, in the section of its operation.

    `sections` has the lines of each operation that the page has. On a page of a single operation, what is
    said of others and of all is not missing.
    """
    passages = Passages(page)
    everywhere = range(1, len(page.lines) + 1)
    found = list(_statements(passages, citations, sections, everywhere))
    for erratum in errata:
        for place in erratum.places:
            line = passages.line_of(place, everywhere)
            standing = _standing(line, missed=len(sections) > 1)
            found.append(Looked(f"erratum {erratum.id}", None, erratum.says, standing, line))
    return found


def _statements(
    passages: Passages, citations: Citations, sections: Mapping[str, range], everywhere: range
) -> Iterator[Looked]:
    for name, sources in citations.by_id.items():
        for operation, source in sources.items():
            if source.place is None:
                continue
            within = everywhere if operation is None else sections.get(operation, range(0))
            line = passages.line_of(source.place, within)
            missed = bool(within) if operation else len(sections) > 1
            yield Looked(name, operation, source.says, _standing(line, missed=missed), line)


def _standing(line: int | None, *, missed: bool) -> Standing:
    return "stands" if line is not None else "changed" if missed else "not on this page"
