"""Everything that roamspec writes to a path that a person named goes through here.

A regular file of the caller's is replaced in one step, so that a reader sees the old content or the new one.
Everything else that a path can name is written through and stays what it is: a device, a named pipe, a
descriptor of this process (`/dev/stdout`), a file of another user, a file with several names, a file whose
folder cannot be changed (one that is mounted into a container). Symbolic links are followed.
"""

import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from roamspec.output_paths import descriptor_of, followed, own_user

READABLE_BY_ALL: Final = 0o644
READABLE_BY_OWNER: Final = 0o600

LONGEST_WAIT_FOR_A_READER_S: Final = 30.0
_BETWEEN_LOOKS_S: Final = 0.02
_FOLDER_REFUSES: Final = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY)
"""A file in such a folder can still be written, but not be replaced."""


def _never() -> bool:
    return False


def write_output(
    path: Path, content: bytes, *, mode: int = READABLE_BY_ALL, cancelled: Callable[[], bool] = _never
) -> None:
    """Put `content` at `path`; OSError when that cannot be done, and then a regular file is as before.

    `mode` is that of a file that is new or replaced. A named pipe waits for its reader, at most
    `LONGEST_WAIT_FOR_A_READER_S` seconds or until `cancelled` says so.
    """
    file = followed(path)
    if descriptor_of(file) is None and _may_be_replaced(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            _replace(file, content, mode)
        except OSError as error:
            if error.errno not in _FOLDER_REFUSES or not file.exists():
                raise
        else:
            return
    with open_output(path, cancelled=cancelled) as stream:
        stream.write(content)


def open_output(path: Path, *, cancelled: Callable[[], bool] = _never) -> BinaryIO:
    """A stream into `path` for what is written bit by bit; a regular file is emptied first. Else as
    `write_output`."""
    file = followed(path)
    descriptor = descriptor_of(file)
    if descriptor is not None:
        # The position is shared with whoever else writes there: opening it anew would begin at its start.
        return os.fdopen(os.dup(descriptor), "wb")
    if not file.is_fifo():
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("wb")
    return os.fdopen(_open_pipe(file, cancelled), "wb")


def prove_writable(path: Path) -> None:
    """OSError when nothing can be put at `path`. Makes its folder, and changes nothing else."""
    file = followed(path)
    descriptor = descriptor_of(file)
    if descriptor is not None:
        os.close(os.dup(descriptor))
        return
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        if not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return
    with tempfile.TemporaryFile(dir=file.parent):
        pass


def remove_output(path: Path) -> None:
    """Take away what an earlier run wrote to `path`; OSError when it stays.

    What is no regular file keeps nothing and is left alone; a file that may not be replaced is emptied.
    """
    file = followed(path)
    if descriptor_of(file) is not None or not file.is_file():
        return
    try:
        if _may_be_replaced(file):
            file.unlink()
            return
    except OSError as error:
        if error.errno not in _FOLDER_REFUSES:
            raise
    with file.open("wb"):
        pass


def _may_be_replaced(file: Path) -> bool:
    """Whether a new file may take its place: nothing is there, or a regular file of ours with one name."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return True
    return stat.S_ISREG(found.st_mode) and found.st_uid == own_user() and found.st_nlink == 1


def _replace(file: Path, content: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.chmod(mode)
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _open_pipe(file: Path, cancelled: Callable[[], bool]) -> int:
    """Opening a pipe that nobody reads would block for ever, and no signal of an event loop would end it."""
    if sys.platform == "win32":
        raise NotImplementedError  # it has no pipes among its files
    until = time.monotonic() + LONGEST_WAIT_FOR_A_READER_S
    while True:
        try:
            handle = os.open(file, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() > until or cancelled():
                raise OSError(errno.ENXIO, "nobody reads this pipe", str(file)) from None
            time.sleep(_BETWEEN_LOOKS_S)
        else:
            os.set_blocking(handle, True)
            return handle
