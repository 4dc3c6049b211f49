"""Connections to the service: direct, or through the proxy that the environment names."""

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, urlsplit

from roamspec.errors import UsageError
from roamspec.transport.network_settings import Network
from roamspec.transport.proxies import Proxy

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Upstream:
    """The service: where it is, under which name it is asked, and what its paths begin with."""

    url: str
    secure: bool
    host: str
    port: int
    name: bytes
    prefix: bytes
    network: Network = field(default_factory=Network)

    @classmethod
    def of(cls, url: str) -> Self:
        """UsageError for what is no address of a service."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = SplitResult("", "", "", "", ""), None
        problem = ""
        if parts.scheme not in ("http", "https") or not parts.hostname:
            problem = "it is no http or https address"
        elif parts.username is not None:
            problem = "it holds credentials, which belong into the client's requests"
        elif parts.query or parts.fragment:
            problem = "it has a query or a fragment"
        if problem:
            # Nothing of an address with credentials is repeated.
            shown = "" if parts.username is not None else f" {url!r}"
            raise UsageError(f"--upstream{shown}: {problem}; write it as https://HOST[:PORT][/PATH].")
        secure = parts.scheme == "https"
        host = parts.hostname or ""
        return cls(
            url.rstrip("/"),
            secure,
            host,
            port or (443 if secure else 80),
            parts.netloc.encode("idna" if not parts.netloc.isascii() else "ascii"),
            parts.path.rstrip("/").encode(),
        )

    async def connect(self) -> Streams:
        """A connection of its own; OSError when there is none to be had."""
        context = self.network.trust.context if self.secure else None
        proxy = self.network.proxy_for(self.url)
        if proxy is None:
            return await asyncio.open_connection(
                self.host, self.port, ssl=context, server_hostname=self.host if self.secure else None
            )
        reader, writer = await self._through(proxy)
        if context is not None:
            await writer.start_tls(context, server_hostname=self.host)
        return reader, writer

    async def _through(self, proxy: Proxy) -> Streams:
        parts = urlsplit(proxy.url)
        secure = parts.scheme == "https"
        reader, writer = await asyncio.open_connection(
            parts.hostname,
            parts.port or (443 if secure else 80),
            ssl=self.network.trust.context if secure else None,
        )
        place = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if proxy.auth is not None:
            lines.append("Proxy-Authorization: Basic " + base64.b64encode(b":".join(proxy.auth)).decode())
        writer.write("\r\n".join((*lines, "", "")).encode())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            writer.close()
            raise OSError(f"{proxy} opened no tunnel") from error
        status = head.split(b" ", 2)[1:2]
        if status != [b"200"]:
            writer.close()
            raise OSError(f"{proxy} opened no tunnel: {head.splitlines()[0].decode('latin-1')}")
        return reader, writer
