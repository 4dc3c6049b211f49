"""The names of checks, as reports and recordings show them."""

import posixpath


def check_id(nodeid: str) -> str:
    """`test_limit.py::test_fifty_ids[clearUser]` as `limit.fifty-ids[clearUser]`."""
    path, _, name = nodeid.partition("@")[0].rpartition("::")
    family = posixpath.basename(path).removeprefix("test_").removesuffix(".py")
    function, bracket, rest = name.removeprefix("test_").partition("[")
    return f"{family}.{function}{bracket}".replace("_", "-") + rest
