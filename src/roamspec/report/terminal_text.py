"""Tables, wrapped lines and colours for a terminal: tables and colours by rich, lines that suit Chinese."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

Style = Literal["bold", "red", "green", "yellow", "dim", "bold red", "bold green", "bold yellow"]
Cell = tuple[str, Style] | str
GAP: Final = 3
_TAB: Final = 4
_WIDEST: Final = 10_000


@cache
def _console(width: int, *, colour: bool) -> "Console":
    # Not at the top: most commands end without a table, and rich takes as long to import as they do to run.
    from rich.console import Console

    return Console(
        width=width,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        # What the terminal can do is decided in `Terminal.of`.
        _environ={},
    )


def width_of(text: str) -> int:
    """Columns that `text` takes on a terminal: Chinese characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut_to(text: str, columns: int) -> str:
    """As much of the beginning of `text` as takes at most `columns`."""
    taken = 0
    for place, character in enumerate(text):
        taken += width_of(character)
        if taken > columns:
            return text[:place]
    return text


def padded(text: str, columns: int) -> str:
    """`text` with spaces after it, so that it takes at least `columns`."""
    return text + " " * (columns - width_of(text))


_NOT_FIRST: Final = frozenset("，。；：？！、）》」』】”’…,.;:?!)]}")
"""Punctuation that begins no line: it stays with the character before."""
_NOT_LAST: Final = frozenset("（《「『【“‘([{")


def wrap(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """`text` in lines of at most `width` columns, the first begun with `first`, the others with `rest`.

    Lines break at spaces and beside Chinese characters, a word that is longer than a line anywhere. `rest` is
    as many spaces as `first` has columns unless given.
    """
    rest = " " * width_of(first) if rest is None else rest
    room = max(width - width_of(rest), 2 * _TAB)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = rest if lines else first
        start = line
        for word in paragraph.expandtabs(_TAB).split(" "):
            gap = " "
            for piece in (piece for part in _parts(word) for piece in _pieces(part, room)):
                gap = "" if line == start else gap
                if line != start and width_of(line) + len(gap) + width_of(piece) > width:
                    lines.append(line.rstrip())
                    line = start = rest
                    gap = ""
                line += gap + piece
                gap = ""
        lines.append(line.rstrip())
    return lines


def _parts(word: str) -> list[str]:
    """What stays together in a line: a run of letters, or one Chinese character with its punctuation."""
    if word.isascii():
        return [word]
    parts: list[str] = []
    for character in word:
        together = parts and (
            character in _NOT_FIRST
            or parts[-1][-1] in _NOT_LAST
            or (width_of(character) < 2 and width_of(parts[-1][-1]) < 2)
        )
        if together:
            parts[-1] += character
        else:
            parts.append(character)
    return parts


def _pieces(word: str, columns: int) -> Iterator[str]:
    piece, taken = "", 0
    for character in word:
        if taken + width_of(character) > columns:
            yield piece
            piece, taken = "", 0
        piece += character
        taken += width_of(character)
    yield piece


def styled(text: str, style: Style, *, colour: bool) -> str:
    """`text` between the escape codes of a style; as it is without colour."""
    return _rendered(_text(text, style), colour=colour)[0] if colour else text


def table(rows: Sequence[Sequence[Cell]], *, gap: int = GAP, colour: bool = False) -> list[str]:
    """Lines with the first column to the left, the others to the right; the widest cell makes a column."""
    from rich.table import Table

    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, gap, 0, 0))
    for number in range(max(map(len, rows), default=0)):
        grid.add_column(justify="right" if number else "left", no_wrap=True)
    for row in rows:
        grid.add_row(*(_text(*((cell, None) if isinstance(cell, str) else cell)) for cell in row))
    return _rendered(grid, colour=colour)


def _text(text: str, style: Style | None) -> "Text":
    from rich.text import Text

    return Text(text, style=style or "", no_wrap=True)


def _rendered(renderable: "RenderableType", *, colour: bool) -> list[str]:
    console = _console(_WIDEST, colour=colour)
    with console.capture() as capture:
        console.print(renderable)
    return [line.rstrip() for line in capture.get().splitlines()]
