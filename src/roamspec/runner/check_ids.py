"""The names of checks, as reports and recordings show them."""

import posixpath
import re
from typing import Final

_REPETITION: Final = re.compile(r"(\[|-)\d+-\d+\]$")
"""What pytest-repeat adds to the ID of a test: `[2-5]` or `-2-5]`."""


def check_id(nodeid: str) -> str:
    """`test_limit.py::test_fifty_ids[clearUser]` as `limit.fifty-ids[clearUser]`; the same for each time that
    somebody repeats it."""
    nodeid = _REPETITION.sub(lambda found: "]" if found[1] == "-" else "", nodeid)
    path, _, name = nodeid.partition("@")[0].rpartition("::")
    family = posixpath.basename(path).removeprefix("test_").removesuffix(".py")
    function, bracket, rest = name.removeprefix("test_").partition("[")
    return f"{family}.{function}{bracket}".replace("_", "-") + rest


def kind_of(nodeid: str) -> str:
    """Of the conversations that a check of one operation uses: what is costly is made once for each kind."""
    return "chats" if "Chat" in nodeid.partition("[")[2] else "others"
