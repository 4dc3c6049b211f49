"""A badge: the verdict, the version of roamspec that gave it, and the day, as an SVG of its own."""

from typing import Any, Final

import jinja2

from roamspec.report.shard_label import shard_label
from roamspec.report.terminal_text import width_of
from roamspec.report.text import visible
from roamspec.report.translation import translation
from roamspec.shortening import shortened

_COLOURS: Final = {"conforming": "#1a7f37", "non-conforming": "#b3261e", "incomplete": "#8a6d00"}
_COLUMN: Final = 6.6
_PADDING: Final = 16
_MOST: Final = 60

_TEMPLATE: Final = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
_SVG: Final = _TEMPLATE.from_string("""\
<svg xmlns="http://www.w3.org/2000/svg" width="{{ left + right }}" height="20" role="img"
 aria-label="{{ name }}: {{ value }}">
<title>{{ name }}: {{ value }}</title>
<rect width="{{ left }}" height="20" fill="#3d444d"/>
<rect x="{{ left }}" width="{{ right }}" height="20" fill="{{ colour }}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="{{ left // 2 }}" y="14">{{ name }}</text>
<text x="{{ left + right // 2 }}" y="14">{{ value }}</text>
</g>
</svg>
""")


def badge(report: dict[str, Any]) -> str:
    """The SVG document, which ends with a line feed; the same report gives the same text."""
    name = _line(f"roamspec {report['tool']['version']}")
    shard = shard_label(report, translation())
    value = _line(f"{shard or report['verdict']} · {report['started_at'][:10]}")
    left, right = (round(width_of(text) * _COLUMN) + _PADDING for text in (name, value))
    colour = _COLOURS[report["verdict"]]
    return _SVG.render(name=name, value=value, left=left, right=right, colour=colour) + "\n"


def _line(text: str) -> str:
    return shortened(visible(" ".join(text.split())), _MOST)
