"""An error that nobody foresaw: its traceback goes into a file, and one sentence says where."""

import traceback
from collections.abc import Sequence
from pathlib import Path

from roamspec.output_files import write_output
from roamspec.report.text import scrub

FILE_NAME = "traceback.txt"


def crash_sentence(error: BaseException, folder: Path, *, secrets: Sequence[str] = ()) -> str:
    """Write the traceback below `folder`, without the secrets; the sentence names the error and the file."""
    path = folder / FILE_NAME
    lines = "".join(traceback.format_exception(error))
    what = scrub(f"the suite itself failed ({type(error).__name__}: {_first_line(error)})", secrets)
    try:
        write_output(path, scrub(lines, secrets).encode("utf-8", "backslashreplace"))
    except OSError as unwritable:
        return f"{what}; its traceback could not be written to {path}: {unwritable.strerror}."
    return f"{what}; its traceback is in {path}."


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "no message")
