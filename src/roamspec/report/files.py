"""Reports and recordings, which the secret gate reads before they are written."""

from collections.abc import Sequence
from pathlib import Path

from roamspec.output_files import write_output
from roamspec.security.secret_scan import SecretScan


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`, in one step where a regular file is or nothing; OSError when that cannot be
    done, and then such a file is as before."""
    write_output(path, content)


def write_clean(path: Path, content: bytes, secrets: Sequence[str]) -> None:
    """`write_atomically` what the secret gate has read; SecretFound when it finds anything."""
    SecretScan(secrets).require_clean(path, content.decode("utf-8", "replace"))
    write_atomically(path, content)
