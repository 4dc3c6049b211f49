"""An error that nobody foresaw: its traceback goes into a file, and one sentence says where."""

import traceback
from collections.abc import Sequence
from pathlib import Path

from roamspec.output_files import write_output
from roamspec.report.text import scrub
from roamspec.security.redaction import redacted
from roamspec.temporary import temporary_place

FILE_NAME = "traceback.txt"


def crash_sentence(error: BaseException, folder: Path | None = None, *, secrets: Sequence[str] = ()) -> str:
    """Write the traceback below `folder`, without the secrets; the sentence names the error and the file.

    Without `folder`, or where that cannot be written, it goes to the folder for temporary files; where that
    cannot be either, the sentence says at least where in the program the error arose. Never raises.
    """
    try:
        return _sentence(error, folder, secrets)
    except Exception as another:  # noqa: BLE001 - of this error nobody else could tell
        names = type(error).__name__, type(another).__name__
        return f"the suite itself failed ({names[0]}), and its traceback could not be formatted ({names[1]})."


def _sentence(error: BaseException, folder: Path | None, secrets: Sequence[str]) -> str:
    what = _clean(f"the suite itself failed ({type(error).__name__}: {_first_line(error)})", secrets)
    lines = _clean("".join(traceback.format_exception(error)), secrets)
    problem = ""
    for path in (folder and folder / FILE_NAME, temporary_place(FILE_NAME)):
        if path is None:
            continue
        try:
            write_output(path, lines.encode("utf-8", "backslashreplace"))
        except OSError as unwritable:
            problem = problem or f"its traceback could not be written to {path}: {unwritable.strerror}"
        else:
            return f"{what}; {problem + ', and ' if problem else 'its traceback '}is in {path}."
    return f"{what} at {_place(error)}; {problem or 'there is no folder for its traceback'}."


def _clean(text: str, secrets: Sequence[str]) -> str:
    return redacted(str(scrub(text, secrets)))


def _place(error: BaseException) -> str:
    """The last place of ours that it went through, as `module.py, line 7`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "roamspec" in Path(frame.filename).parts] or list(frames)
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "an unknown place"


def _first_line(error: BaseException) -> str:
    try:
        return next(iter(str(error).splitlines()), "no message")
    except Exception:  # noqa: BLE001 - an error whose own text cannot be made
        return "its message cannot be shown"
