"""The secret gate: reads everything before it is written, and every committed file in CI.

It looks for known values, for what has the shape of a token, and for whatever is hard to guess in a place
where a credential stands. It names the file and the position, never the value.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from roamspec.errors import SuiteError
from roamspec.security.secret_patterns import secrets_in

_SHORTEST_KNOWN: Final = 6


class SecretFound(SuiteError):  # noqa: N818 - what happened
    """Something that looks like a secret was about to be written, or has been."""


@dataclass(frozen=True, slots=True)
class LeakedSecret:
    """Where a secret stands, counted from 1, and of what kind it is; never the secret itself."""

    line: int
    column: int
    kind: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.kind}"


class SecretScan:
    """Knows the secrets of a run, or none, and looks for them and for others."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        plain = [value for value in known if len(value) >= _SHORTEST_KNOWN]
        self._known = sorted({*plain, *(quote(value, safe="") for value in plain)}, key=len, reverse=True)

    def leaks(self, text: str) -> list[LeakedSecret]:
        """Everything in `text` that looks like a secret, in the order of the text."""
        found: dict[tuple[int, int], LeakedSecret] = {}
        # Most lines of a large report stand in it many times.
        in_line = cache(lambda line: tuple(self._in_line(line)))
        for number, line in enumerate(text.splitlines(), 1):
            for start, kind in in_line(line):
                found.setdefault((number, start), LeakedSecret(number, start + 1, kind))
        return [found[place] for place in sorted(found)]

    def require_clean(self, file: Path, text: str) -> None:
        """SecretFound, naming the file and the first position, when there is anything."""
        found = self.leaks(text)
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise SecretFound(f"{file}: {found[0]}{more}; the file was not written.")

    def _in_line(self, line: str) -> Iterator[tuple[int, str]]:
        for value in self._known:
            start = line.find(value)
            if start >= 0:
                yield start, "a secret of this run"
        for secret in secrets_in(line):
            yield secret.start, secret.description
