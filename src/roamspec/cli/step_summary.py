"""The summary of a GitHub job: Markdown that is added to the file of `$GITHUB_STEP_SUMMARY`."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

VARIABLE: Final = "GITHUB_STEP_SUMMARY"


def add_step_summary(
    report: Mapping[str, Any], environ: Mapping[str, str] = os.environ, *, lang: str = "en"
) -> str | None:
    """Add it, where the variable names a file; a sentence when that cannot be done. The file has what earlier
    steps of the same job wrote, so it is never replaced."""
    name = environ.get(VARIABLE)
    if not name:
        return None
    from roamspec.report.markdown import markdown

    try:
        with Path(name).open("a", encoding="utf-8", newline="\n", errors="backslashreplace") as stream:
            stream.write(markdown(dict(report), lang=lang))
    except OSError as error:
        return f"The summary could not be added to {VARIABLE} ({name}): {error.strerror}."
    return None
