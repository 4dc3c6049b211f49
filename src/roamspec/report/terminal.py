"""What is known of the place that text is written to."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self, TextIO

Color = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class Terminal:
    """`width` in columns; `interactive`: a line can be rewritten; `colour`: escape codes are welcome."""

    width: int = 80
    interactive: bool = False
    colour: bool = False

    @classmethod
    def of(cls, stream: TextIO, environ: Mapping[str, str] = os.environ, *, color: Color = "auto") -> Self:
        """Of a stream: 80 columns without colour unless it is a terminal; NO_COLOR, if not empty, wins over
        `auto`."""
        if not stream.isatty():
            return cls(colour=color == "always")
        columns = shutil.get_terminal_size((80, 24)).columns
        plain = bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
        return cls(
            width=max(40, min(columns, 120)),
            interactive=environ.get("TERM") != "dumb",
            colour=color == "always" or (color == "auto" and not plain),
        )
