"""Values of the old run as names for those of a new one: `{{mark}}`, `{{m1}}`, `{{g1}}`, `{{t1}}`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from roamspec.reproduction.parsing import Meaning
from roamspec.transport.run_prefix import as_digits

_MARK: Final = re.compile(r"rs[0-9a-f]{10}(?![0-9a-f])")
_TIME: Final = re.compile(r"(?<![\d.])1\d{12}(?![\d.])")
_NUMBER: Final = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_TIMESTAMP: Final = re.compile(r'"timestamp"\s*:\s*(1\d{12})(?!\d)')
_REDACTED: Final = re.compile(r"<redacted:([a-z-]+)>")


@dataclass
class Symbols:
    """`ids` are the names of old IDs; `times` those of old times (Unix milliseconds), as they come up.

    `reference_ms` is the old service's time at the first request.
    """

    mark: str
    reference_ms: int
    app_path: str
    ids: dict[str, str] = field(default_factory=dict)
    times: dict[int, str] = field(default_factory=dict)
    said_at: dict[str, int] = field(default_factory=dict)
    """When each message was sent that the service dated, by its old ID."""

    def text(self, text: str) -> str:
        """A text of the old run with names in place of its values, for the script to fill in."""
        if self.mark:
            text = text.replace(self.mark, "{{mark}}").replace(self.mark.upper(), "{{MARK}}")
            text = text.replace(as_digits(self.mark), "{{digits}}")
        text = _REDACTED.sub(lambda match: f"{{{{{match[1]}}}}}", text)
        return _NUMBER.sub(self._number, text)

    def path(self, url: str, base_url: str) -> str:
        """The path of an old URL with symbols in place of its values."""
        path = url.removeprefix(base_url)
        if path.startswith(f"/{self.app_path}/"):
            path = "/{{org}}/{{app}}" + path.removeprefix(f"/{self.app_path}")
        return self.text(path)

    def _number(self, match: re.Match[str]) -> str:
        number = match[0]
        if number in self.ids:
            return f"{{{{{self.ids[number]}}}}}"
        if _TIME.fullmatch(number) and abs(int(number) - self.reference_ms) < 90 * 86_400_000:
            return f"{{{{{self.times.setdefault(int(number), f't{len(self.times) + 1}')}}}}}"
        return number

    def anchor(self, time_ms: int) -> tuple[str, int]:
        """The message that a time stands nearest to and the distance (ms), if the service dated it; empty
        for a time that the old run chose."""
        near = min(self.said_at, key=lambda one: abs(self.said_at[one] - time_ms), default="")
        if not near or abs(self.said_at[near] - time_ms) > 5_000:
            return "", time_ms - self.reference_ms
        return self.ids[near], time_ms - self.said_at[near]


def symbols_of(steps: Sequence[tuple[Mapping[str, Any], Meaning]], *, app_path: str) -> Symbols:
    """Everything that the steps give a new value to."""
    texts = [text for step, _ in steps for text in (step["url"], step["request_body"])]
    marks = (found[0] for text in texts for found in _MARK.finditer(text))
    symbols = Symbols(next(marks, ""), _reference(step for step, _ in steps), app_path)
    for step, one in steps:
        kind = "m" if one.what == "message" else "g"
        for identifier in one.gives:
            symbols.ids.setdefault(identifier, f"{kind}{len(symbols.ids) + 1}")
            stamp = _TIMESTAMP.search(step["response_body"])
            if kind == "m" and "/import" not in step["url"] and stamp:
                symbols.said_at[identifier] = int(stamp[1])
    return symbols


def _reference(steps: Iterable[Mapping[str, Any]]) -> int:
    """The service's time at the first step, by the first response that tells a time."""
    first: float | None = None
    for step in steps:
        first = step["sent_at"] if first is None else first
        if found := _TIMESTAMP.search(step["response_body"]):
            return int(int(found[1]) - (step["sent_at"] - first) * 1000)
    return 0
