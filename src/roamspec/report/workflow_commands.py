"""Commands that runners of pipelines read from what a job prints, such as `::error::text`."""

import re
from typing import Final

# GitHub reads `::word` at the start of a line, spaces before it or not, and `##[word]` anywhere; Azure reads
# `##vso[`, TeamCity `##teamcity[`.
_AT_A_START: Final = re.compile(r"^(\s*):(?=:[A-Za-z])", re.MULTILINE)
_ANYWHERE: Final = re.compile(r"#(?=#(?:[A-Za-z]*)\[)")


def without_workflow_commands(text: str, *, colon: str = r"\x3a", hash_sign: str = r"\x23") -> str:
    """`text` with the first character of each command written as `colon` or `hash_sign`: it is shown, not
    run."""
    text = _AT_A_START.sub(lambda found: found[1] + colon, text)
    return _ANYWHERE.sub(lambda _: hash_sign, text)


def json_without_workflow_commands(text: str) -> str:
    """The same for JSON, which says the same as before; a line of it never begins with a colon."""
    return text.replace("##", r"#\u0023")


def markup_without_workflow_commands(text: str) -> str:
    """The same for HTML and XML, where a reader sees no difference."""
    return without_workflow_commands(text, colon="&#58;", hash_sign="&#35;")
