"""Every format that a report can be rendered in, by its name."""

from collections.abc import Callable
from typing import Any, Final

from roamspec.report.workflow_commands import markup_without_workflow_commands

Render = Callable[[dict[str, Any], str], bytes]
"""Makes the content of a file from a report of `report.json`'s form and a language such as `en`."""


def _html(report: dict[str, Any], lang: str) -> bytes:
    from roamspec.report.html.renderer import Renderer

    page = markup_without_workflow_commands(Renderer(lang).html(report))
    return page.encode("utf-8", "backslashreplace")


def _junit(report: dict[str, Any], _lang: str) -> bytes:
    from roamspec.report.junit import junit_xml

    return markup_without_workflow_commands(junit_xml(report).decode("utf-8")).encode("utf-8")


def _markdown(report: dict[str, Any], lang: str) -> bytes:
    from roamspec.report.markdown import markdown

    return markdown(report, lang=lang).encode("utf-8", "backslashreplace")


def _sarif(report: dict[str, Any], _lang: str) -> bytes:
    from roamspec.report.sarif import sarif

    return sarif(report).encode("utf-8", "backslashreplace")


def _badge(report: dict[str, Any], _lang: str) -> bytes:
    from roamspec.report.badge import badge

    return markup_without_workflow_commands(badge(report)).encode("utf-8", "backslashreplace")


FORMATS: Final[dict[str, Render]] = {
    "html": _html,
    "junit": _junit,
    "markdown": _markdown,
    "sarif": _sarif,
    "badge": _badge,
}


def rendered(report: dict[str, Any], name: str, *, lang: str = "en") -> bytes:
    """The report in the format `name`, one of `FORMATS`."""
    return FORMATS[name](report, lang)
