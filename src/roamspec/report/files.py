"""Files that are there whole or not at all."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from roamspec.recording.gate import Gate


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step; OSError when that cannot be done, and then `path` is as before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp makes files that only their owner may read; a report is for everyone.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_clean(path: Path, content: bytes, secrets: Sequence[str]) -> None:
    """`write_atomically` what the secret gate has read; SecretFound when it finds anything."""
    Gate(secrets).require_clean(path, content.decode("utf-8", "replace"))
    write_atomically(path, content)
