"""Renders the page. It needs no network, and runs no script but its own."""

import base64
import hashlib
import html
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2
from markupsafe import Markup, escape

from roamspec.errors import SuiteError
from roamspec.output_files import write_output
from roamspec.report.html.page import page_of
from roamspec.report.localised import localised
from roamspec.report.text import scrub, visible
from roamspec.report.translation import translation
from roamspec.security.secret_scan import SecretScan
from roamspec.shortening import short_lists

_CODE: Final = re.compile(r"`([^`\n]+)`")
_TEMPLATES: Final = Path(__file__).parent / "templates"


class Renderer:
    """Renders reports as HTML in one language."""

    def __init__(self, lang: str = "en") -> None:
        self._translation = translation(lang)

    def html(self, report: dict[str, Any]) -> str:
        """The page; the same report gives the same text."""
        page = page_of(localised(report, self._translation), self._translation)
        return render_page("report.html.j2", self._translation.lang, page=page)


def render_page(template: str, lang: str, **values: Any) -> str:
    """A page of one of our templates, with the style and the script that all of them have."""
    script = _asset("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return (
        _environment(lang)
        .get_template(template)
        .render(
            **values,
            lang=lang,
            style=Markup(_asset("report.css")),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704 - a file of this package
            script_digest=digest,
        )
    )


@cache
def _environment(lang: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        finalize=_shown,
    )
    environment.filters["code"] = _with_code
    texts = translation(lang)
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _shown(value: Any) -> Any:
    """A text without control characters; also one that is escaped already, such as a translated sentence."""
    if isinstance(value, Markup):
        return Markup(visible(value))  # noqa: S704 - escaped before
    return visible(value) if isinstance(value, str) else value


def _with_code(text: str) -> Markup:
    """`text`, whose parts between backticks are code, with long lists of IDs cut."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(short_lists(text))))))  # noqa: S704 - escaped before


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def write_html(report: dict[str, Any], path: Path, *, secrets: Sequence[str] = (), lang: str = "en") -> None:
    """Write the page in one step; OSError, SecretFound or another SuiteError when not."""
    try:
        text = Renderer(lang).html(scrub(report, secrets))
    except Exception as error:
        raise SuiteError(f"{path} could not be made: {type(error).__name__}: {error}.") from error
    # The gate reads what a reader sees: `&lt;redacted:token&gt;` is not a secret.
    SecretScan(secrets).require_clean(path, html.unescape(text))
    write_output(path, text.encode("utf-8", "backslashreplace"))
