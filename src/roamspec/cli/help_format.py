"""The form of a command's help: in the reader's language, in lines that fit also where letters are wide."""

import argparse
import re
from collections.abc import Iterable
from typing import Any, Final

from roamspec.language.translation import N_, Translation
from roamspec.report.terminal_text import width_of, wrap

HEADINGS: Final = (N_("usage: "), N_("options"), N_("positional arguments"))
"""argparse's own."""
COMPLAINTS: Final = (
    N_("the following arguments are required: {names}"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("ignored explicit argument {value}"),
    N_("invalid {type} value: {value}"),
    N_("not allowed with argument {other}"),
)
"""argparse's own, as they come to `Parser.error`."""
_ITEM: Final = re.compile(r" +\d  ")
"""An exit status, and what it means."""


def help_formatter(texts: Translation) -> type[argparse.HelpFormatter]:
    """A class for `formatter_class`: a description keeps its paragraphs and its list of exit statuses."""

    class HelpFormat(argparse.RawDescriptionHelpFormatter):
        def add_usage(
            self,
            usage: str | None,
            actions: Iterable[argparse.Action],
            groups: Iterable[Any],
            prefix: str | None = None,
        ) -> None:
            super().add_usage(usage, actions, groups, texts.gettext("usage: ") if prefix is None else prefix)

        def _format_usage(
            self,
            usage: str | None,
            actions: Iterable[argparse.Action],
            groups: Iterable[Any],
            prefix: str | None,
        ) -> str:
            # argparse counts characters, and those of the prefix may take two columns each.
            wider = width_of(prefix or "") - len(prefix or "")
            self._width -= wider
            try:
                return super()._format_usage(usage, actions, groups, prefix)
            finally:
                self._width += wider

        def start_section(self, heading: str | None) -> None:
            super().start_section(texts.sentence(heading) if heading else heading)

        def _get_help_string(self, action: argparse.Action) -> str | None:
            return texts.sentence(action.help) if action.help else action.help

        def _split_lines(self, text: str, width: int) -> list[str]:
            return wrap(" ".join(text.split()), width)

        def _fill_text(self, text: str, width: int, indent: str) -> str:
            lines = _joined(texts.sentence(text).splitlines())
            return "\n".join(part for line in lines for part in _wrapped(line, width, indent))

    return HelpFormat


def _joined(lines: Iterable[str]) -> list[str]:
    """One line for each paragraph and each item: sources and translations break lines where it suits them."""
    joined: list[str] = []
    for line in lines:
        if joined and _continues(joined[-1], line):
            # Nothing stands between two Chinese characters.
            gap = "" if width_of(joined[-1][-1]) == width_of(line.lstrip()[0]) == 2 else " "
            joined[-1] += gap + line.lstrip()
        else:
            joined.append(line)
    return joined


def _continues(before: str, line: str) -> bool:
    """Whether a line goes on with the text of the one before."""
    if not before or not line:
        return False
    if _ITEM.match(before):
        return line.startswith("   ") and not _ITEM.match(line)
    return not line.startswith(" ")


def _wrapped(line: str, width: int, indent: str) -> list[str]:
    """`line` with its margin; what continues it stands below its text, such as that of an exit status."""
    bare = line.lstrip(" ")
    margin = indent + " " * (len(line) - len(bare))
    number, blanks, said = bare.partition("  ")
    if not (blanks and number.isdecimal()):
        return wrap(bare, width, first=margin, rest=margin)
    return wrap(said.lstrip(" "), width, first=f"{margin}{number}  ")
