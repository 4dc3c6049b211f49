"""The one language of patterns for requirements and faults, both named `<operation>.<family>.<rest>`.

A pattern is the name of an operation (`clearUser`, `clear-user`), a family (`limit`), or describes a name
with `*` and `?`, with its operation in front or without it: `clear-chat-before.time.*`,
`clearChatBefore.time.*`, `*.limit.*`, `limit.*`.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_NEAR: Final = 0.4
"""Less alike than this is no slip of the pen."""


@dataclass(frozen=True, slots=True)
class Matchable:
    """Something that a pattern may fit: its full name, and the operation it belongs to."""

    name: str
    operation: str

    @property
    def _parts(self) -> tuple[str, str, str]:
        """The operation as it begins the name, the family, and the name without the operation."""
        slug, _, rest = self.name.partition(".")
        return slug, rest.partition(".")[0], rest

    def fits(self, pattern: str) -> bool:
        """Whether a pattern (`*` and `?`) means it: by name, with or without its operation, by operation or
        by family."""
        slug, family, rest = self._parts
        if pattern in (slug, self.operation, family):
            return True
        return any(fnmatchcase(name, pattern) for name in (self.name, rest, f"{self.operation}.{rest}"))

    def patterns(self) -> Iterable[str]:
        """Patterns that fit it, for whoever meant one of them."""
        slug, family, rest = self._parts
        return (
            family,
            self.operation,
            slug,
            f"{family}.*",
            f"{slug}.*",
            f"{slug}.{family}.*",
            rest,
            self.name,
        )


def nearest_pattern(pattern: str, every: Iterable[Matchable]) -> str | None:
    """The pattern nearest to one that fits nothing, of those that fit something; None when none is near."""
    # What stands before the family without naming an operation says nothing.
    bare = re.sub(r"^[*?]+\.", "", pattern)
    known = dict.fromkeys(known for one in every for known in one.patterns())
    near = difflib.get_close_matches(bare, known, n=1, cutoff=_NEAR)
    return near[0] if near else None
