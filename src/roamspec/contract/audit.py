"""Compares citations with a copy of the page that they cite."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from roamspec.contract.citations import Citations, Place, Source, digest_of, undressed


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One citation that a copy of the page does not bear out: the name of its `statement`, and why."""

    statement: str
    reason: str


def audit(text: str, citations: Citations, *, further: Iterable[tuple[str, Place]] = ()) -> list[Mismatch]:
    """What a copy of the page of the five operations, `text`, does not say where it is cited.

    Looked at are the words, and the headings above them. `further` are places cited elsewhere, by name.
    """
    lines = text.splitlines()
    found: list[Mismatch] = []
    for statement, source in citations:
        if source.place is not None:
            found += _of_words(statement, source.place, lines)
            found += _of_heading(statement, source, source.place, lines)
    for name, place in further:
        found += _of_words(name, place, lines)
    return found


def _of_words(name: str, place: Place, lines: Sequence[str]) -> Iterator[Mismatch]:
    if digest_of(place.text(lines)) == place.words:
        return
    now = _elsewhere(place, lines)
    moved = f"; they are now at line {now}" if now else ", and they appear nowhere else"
    yield Mismatch(name, f"line {place.line} does not contain the cited words{moved}")


def _elsewhere(place: Place, lines: Sequence[str]) -> int | None:
    """The line that holds the pinned words today, if one does."""
    for line in range(1, len(lines) + 1):
        moved = Place(line, line + place.through - place.line, place.sentence, place.words)
        if digest_of(moved.text(lines)) == place.words:
            return line
    return None


def _of_heading(name: str, source: Source, place: Place, lines: Sequence[str]) -> Iterator[Mismatch]:
    """Each part of the section has to stand above the cited line as a line of its own, in this order."""
    above = [undressed(line) for line in lines[: place.line]]
    end = len(above)
    for part in reversed(source.section.split(" / ")):
        try:
            end = len(above[:end]) - 1 - above[:end][::-1].index(undressed(part))
        except ValueError:
            yield Mismatch(name, f"no heading {part!r} is above line {place.line}")
            return
