"""Brings the text of a page: from a file, or with one GET and the redirects that follow it."""

from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from roamspec import __version__
from roamspec.errors import TargetError, Unreachable, UsageError
from roamspec.transport.connection_errors import unreachable
from roamspec.transport.deadline import Deadline, DeadlineTransport
from roamspec.transport.network_settings import Network

MOST_BYTES: Final = 8 * 1024 * 1024
_DEADLINE_S: Final = 30.0
_MOST_REDIRECTS: Final = 5
_HEADERS: Final = {
    "User-Agent": f"roamspec/{__version__}",
    "Accept": "text/html, text/markdown, text/plain;q=0.9, */*;q=0.5",
    "Accept-Encoding": "identity",
}


class Unreadable(TargetError):  # noqa: N818 - what it is
    """What came is no text of a page."""


def is_url(place: str) -> bool:
    """Whether a place is an address of HTTP, not a file."""
    return urlsplit(place).scheme.lower() in ("http", "https")


def read_file(path: Path) -> str:
    """The text of a saved page; UsageError when the file cannot be opened, Unreadable when it is no text."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}); name a saved page or its URL."
        ) from error
    return _text(content, "utf-8", str(path))


def fetch(url: str, network: Network) -> str:
    """The text at a URL; Unreachable when nobody answers, Unreadable for anything but a page."""
    first = url
    for _ in range(_MOST_REDIRECTS + 1):
        response, content = _get(url, network)
        if not response.has_redirect_location:
            if response.status_code != 200:
                raise Unreadable(f"{url} answers {response.status_code}; check the address of the page.")
            return _text(content, response.charset_encoding or "utf-8", url)
        url = urljoin(url, response.headers["location"])
        if not is_url(url):
            break
    raise Unreadable(f"{first} redirects without end, or to what is no page; give the address of the page.")


def _get(url: str, network: Network) -> tuple[httpx.Response, bytes]:
    deadline = Deadline()
    try:
        with (
            httpx.Client(transport=DeadlineTransport(deadline, url, network), headers=_HEADERS) as client,
            deadline.within(_DEADLINE_S),
            client.stream("GET", url) as response,
        ):
            content = b""
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    break
            return response, content
    except httpx.InvalidURL as error:
        raise UsageError(f"{url} is no address of a page ({error}).") from error
    except httpx.HTTPError as error:
        said = str(error) or type(error).__name__
        raise Unreachable(unreachable(error, said, url, network)) from error


def _text(content: bytes, encoding: str, where: str) -> str:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"{where} is longer than {MOST_BYTES >> 20} MiB; name the page alone.")
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"{where} is no text in {encoding}; save the page as UTF-8.") from error
    if "\0" in text:
        raise Unreadable(f"{where} is no text; save the page as HTML, Markdown or plain text.")
    return text
