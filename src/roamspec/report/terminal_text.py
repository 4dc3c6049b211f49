"""Tables, wrapped lines and colours for a terminal, laid out by rich."""

from collections.abc import Sequence
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
    from rich.cells import cell_len

    return cell_len(text)


def wrap(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """`text` in lines of at most `width` columns, the first begun with `first`, the others with `rest`.

    Lines break at spaces, a word that is longer than a line anywhere. `rest` is as many spaces as `first`
    has columns unless given.
    """
    from rich.text import Text

    rest = " " * width_of(first) if rest is None else rest
    room = max(width - max(width_of(first), width_of(rest)), 2 * _TAB)
    wrapped = Text(text).wrap(_console(width, colour=False), room, tab_size=_TAB, overflow="fold")
    lines = [line.plain.rstrip() for line in wrapped] or [""]
    return [f"{rest if number else first}{line}".rstrip() for number, line in enumerate(lines)]


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
