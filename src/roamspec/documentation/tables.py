"""Tables in the lines of a page, and what the cells of the vendor's tables say, in Chinese or English."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["path", "query", "header", "response", "error", "other", "parameters"]

_DIVIDER: Final = re.compile(r"^[\s|:-]*-{2,}[\s|:-]*$")
_YES: Final = ("是", "必需", "必填", "yes", "required", "true", "y")
_NO: Final = ("否", "可选", "no", "optional", "false", "n")
_DEFAULT: Final = (
    re.compile(
        r"(?:默认值?|default(?: value)?(?: is)?)[^A-Za-z0-9-]{0,12}(true|false|-?\d+)\b", re.IGNORECASE
    ),
    re.compile(r"\b(true|false)[^A-Za-z0-9]{0,4}(?:默认|default)", re.IGNORECASE),
)
_MOST: Final = re.compile(
    r"(?:最多|不超过|at most|up to|maximum of|no more than)\D{0,16}(\d+)", re.IGNORECASE
)
_RATE: Final = re.compile(
    r"(\d+)\s*(?:次|calls?|requests?|times)?\s*(?:/|per)\s*(?:秒|second|sec|s)\b", re.IGNORECASE
)
_KINDS: Final[Sequence[tuple[Kind, re.Pattern[str]]]] = (
    ("response", re.compile(r"响应|返回|respon", re.IGNORECASE)),
    ("header", re.compile(r"header|请求头", re.IGNORECASE)),
    ("path", re.compile(r"路径|\bpath\b", re.IGNORECASE)),
    ("query", re.compile(r"查询|\bquery\b", re.IGNORECASE)),
)
_REQUIRED_COLUMN: Final = re.compile(r"必需|必填|是否|required", re.IGNORECASE)
_STATUS_COLUMN: Final = re.compile(r"状态码|\bstatus\b|\bHTTP\b", re.IGNORECASE)
_HEADER_NAMES: Final = ("content-type", "accept", "authorization")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are pairs of a line (index from 0) and its cells; `header` is without them."""

    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def last_line(self) -> int:
        """The number of the table's last line."""
        return self.rows[-1][0] if self.rows else self.line + 1

    @property
    def names_requirement(self) -> bool:
        """Whether a column says which parameters are required."""
        return any(map(_REQUIRED_COLUMN.search, self.header))


def tables_in(lines: Sequence[str]) -> Iterator[Table]:
    """The tables of a page: a row, a line of dashes, and the rows that follow without a gap."""
    at = 1
    while at < len(lines):
        if not ("|" in lines[at] and _DIVIDER.match(lines[at]) and "|" in lines[at - 1]):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and "|" in lines[end]:
            end += 1
        rows = tuple((number, cells_of(lines[number])) for number in range(at + 1, end))
        yield Table(at - 1, cells_of(lines[at - 1]), rows)
        at = end + 1


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of one row, without the marks of code and of bold."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip().strip("`*").strip() for cell in inner.split("|"))


def kind_of(table: Table, lines: Sequence[str], after: int) -> Kind:
    """What a table is about: by its columns, else by the nearest words above it, down to the line `after`."""
    if _STATUS_COLUMN.search(table.header[0]):
        return "error"
    if any(cells[0].lower() in _HEADER_NAMES for _, cells in table.rows):
        return "header"
    for number in range(table.line - 1, after, -1):
        for kind, words in _KINDS:
            if words.search(lines[number]):
                return kind
    return "parameters" if table.names_requirement else "other"


def says_required(cell: str) -> bool | None:
    """What a cell of that column says; None when it is neither yes nor no."""
    word = cell.strip().lower()
    return True if word in _YES else False if word in _NO else None


def default_in(text: str) -> object:
    """The default that a description names: a truth value or a number; None where it names none."""
    found = next(filter(None, (pattern.search(text) for pattern in _DEFAULT)), None)
    if found is None:
        return None
    word = found[1].lower()
    return word == "true" if word in ("true", "false") else int(word)


def most_in(text: str) -> int | None:
    """How many items a description allows at most."""
    found = _MOST.search(text)
    return int(found[1]) if found else None


def rate_in(line: str) -> int | None:
    """The calls per second that a line allows."""
    found = _RATE.search(line)
    return int(found[1]) if found else None
