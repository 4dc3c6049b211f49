"""One exchange that passed: what was sent and answered, as far as it was understood."""

import zlib
from dataclasses import dataclass, field
from typing import Final, Literal

BODY_MAX: Final = 1 << 20
"""Bytes of a body that are kept beside passing it on."""

Problem = Literal["", "not-http", "left-early", "no-connection", "broken-off", "not-understood"]
"""Why an exchange is not whole: the client sent no HTTP or left, the service could not be reached or broke
the connection off, or its answer was no HTTP."""

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(slots=True)
class PassedBody:
    """Its first bytes; `cut` says that more came."""

    data: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def add(self, data: bytes) -> None:
        """Keep the data as far as there is room."""
        room = BODY_MAX - len(self.data)
        self.data += data[:room]
        self.cut = self.cut or len(data) > room

    def decoded(self, encoding: bytes) -> bytes | None:
        """Without its content encoding; None where it was cut or the encoding is not known here."""
        if self.cut:
            return None
        name = encoding.strip().lower()
        if name in (b"", b"identity"):
            return bytes(self.data)
        windows = {b"gzip": (31,), b"x-gzip": (31,), b"deflate": (15, -15)}.get(name, ())
        for bits in windows:
            try:
                reader = zlib.decompressobj(bits)
                found = reader.decompress(self.data, BODY_MAX)
            except zlib.error:
                continue
            return found if reader.eof else None
        return None


@dataclass(slots=True)
class PassedExchange:
    """`started_ns` and `ended_ns` are on a clock that only ever goes on, `ended_ms` is Unix milliseconds.

    `status` is 0 as long as no answer came; `switched` says that the connection speaks another protocol now.
    """

    method: bytes
    target: bytes
    headers: Headers
    started_ns: int
    body: PassedBody = field(default_factory=PassedBody)
    status: int = 0
    reason: bytes = b""
    answer_headers: Headers = ()
    answer: PassedBody = field(default_factory=PassedBody)
    ended_ns: int = 0
    ended_ms: int = 0
    switched: bool = False
    problem: Problem = ""

    def answer_header(self, name: bytes) -> bytes:
        """The last of this name, empty when there is none; names are lower-case."""
        return dict(self.answer_headers).get(name, b"")
