"""Samples in the lines of a page: requests as curl lines, responses as JSON objects."""

import itertools
import json
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from roamspec.documentation.facts import SampleRequest

Numbered = Sequence[tuple[int, str]]

_METHOD_OPTIONS: Final = ("-X", "--request")
_HEADER_OPTIONS: Final = ("-H", "--header")
_KEY: Final = re.compile(r"(?:^|&)([^=&]+)=")


def sample_requests(lines: Numbered) -> Iterator[SampleRequest]:
    """Each command that begins with `curl`, with the lines it continues on; lines count from 0."""
    at = 0
    while at < len(lines):
        first = at
        if not lines[at][1].lstrip("$ ").startswith("curl "):
            at += 1
            continue
        command = ""
        while at < len(lines):
            line = lines[at][1].rstrip()
            at += 1
            command += f" {line.removesuffix(chr(92))}"
            if not line.endswith(chr(92)):
                break
        request = _request(command.strip().lstrip("$ "), lines[first][0] + 1, lines[at - 1][0] + 1)
        if request is not None:
            yield request


def _request(command: str, line: int, last_line: int) -> SampleRequest | None:
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    urls = [word for word in words if re.match(r"https?://", word)]
    if not urls:
        return None
    url = urlsplit(urls[0])
    method = next(_values(words, _METHOD_OPTIONS), "GET")
    headers = {}
    for header in _values(words, _HEADER_OPTIONS):
        name, _, value = header.partition(":")
        headers[name.strip()] = value.strip()
    return SampleRequest(method, url.path, tuple(_KEY.findall(url.query)), headers, line, last_line)


def _values(words: Sequence[str], options: Sequence[str]) -> Iterator[str]:
    for option, value in itertools.pairwise(words):
        if option in options:
            yield value


def sample_responses(lines: Numbered) -> Iterator[Any]:
    """Each JSON object that begins on a line of its own."""
    texts = [line for _, line in lines]
    at = 0
    while at < len(texts):
        if not texts[at].strip().startswith("{"):
            at += 1
            continue
        for end in range(at + 1, min(at + 60, len(texts)) + 1):
            try:
                found = json.loads("\n".join(texts[at:end]))
            except ValueError:
                continue
            yield found
            at = end
            break
        else:
            at += 1
