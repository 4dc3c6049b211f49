"""Folders and files for as long as something runs; where none can be made, one sentence says what to do."""

import os
import tempfile
from pathlib import Path

from roamspec.errors import UsageError


def temporary_directory(prefix: str = "roamspec-") -> "tempfile.TemporaryDirectory[str]":
    """A folder that goes when its block ends; UsageError when none can be made.

    What cannot be removed from it stays behind: that changes the outcome of nothing.
    """
    try:
        return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:
        raise _none_usable(error) from error


def lasting_directory(prefix: str = "roamspec-") -> Path:
    """A folder that stays; UsageError when none can be made."""
    try:
        return Path(tempfile.mkdtemp(prefix=prefix))
    except OSError as error:
        raise _none_usable(error) from error


def temporary_file(prefix: str) -> Path:
    """An empty file, for the caller to remove; UsageError when none can be made."""
    try:
        handle, name = tempfile.mkstemp(prefix=prefix)
    except OSError as error:
        raise _none_usable(error) from error
    os.close(handle)
    return Path(name)


def temporary_place(name: str) -> Path | None:
    """Where a folder of this name may be made; None when there is no place for any."""
    try:
        return Path(tempfile.gettempdir()) / name
    except OSError:
        return None


def _none_usable(error: OSError) -> UsageError:
    return UsageError(
        f"No folder for temporary files is writable ({error.strerror}); set TMPDIR to one that is."
    )
