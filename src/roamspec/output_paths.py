"""What the path of an output really names: the end of its symbolic links, or a descriptor of this process."""

import errno
import os
import re
import stat
import sys
from pathlib import Path
from typing import Final

_STANDARD: Final = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR: Final = re.compile(r"/(?:dev|proc/(?:self|thread-self|(?P<process>\d+)))/fd/(?P<number>\d+)")
_MOST_LINKS: Final = 40


def followed(path: Path) -> Path:
    """`path` without symbolic links at its end; a link to nothing leads to what it names.

    A descriptor of this process stays as it is written: what it leads to may have no path at all. OSError
    for a circle of links, and for a link that another user put into a folder such as `/tmp`, which the
    kernel does not follow either.
    """
    for _ in range(_MOST_LINKS):
        if descriptor_of(path) is not None or not path.is_symlink():
            return path
        _refuse_planted(path)
        # `..` of a link's target counts from the folder that the link is really in.
        path = Path(os.path.normpath(path.parent.resolve() / path.readlink()))
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def descriptor_of(path: Path) -> int | None:
    """The number of the descriptor of this process that `path` names; None when it names none."""
    text = os.path.normpath(path.absolute())
    if text in _STANDARD:
        return _STANDARD[text]
    found = _DESCRIPTOR.fullmatch(text)
    if found is None or found["process"] not in (None, str(os.getpid())):
        return None
    return int(found["number"])


def own_user() -> int:
    """The user of this process, as `st_uid` of a file has it; on Windows, every file has 0."""
    if sys.platform == "win32":
        return 0
    return os.geteuid()


def _refuse_planted(link: Path) -> None:
    folder, found = link.parent.stat(), link.lstat()
    shared = folder.st_mode & stat.S_ISVTX and folder.st_mode & stat.S_IWOTH
    if shared and found.st_uid not in (own_user(), folder.st_uid):
        raise PermissionError(errno.EACCES, "another user's link in a shared folder", str(link))
