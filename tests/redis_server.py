"""A Redis or Valkey server of a test's own."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

BINARY: Final = shutil.which("redis-server") or shutil.which("valkey-server")
needs_redis: Final = pytest.mark.skipif(
    BINARY is None, reason="there is no redis-server or valkey-server on the path (Debian: redis-server)"
)
_TRIES: Final = 5
_STARTED: Final = "Ready to accept connections"


class RedisServer:
    """It keeps in `folder` what it has acknowledged, also when it is killed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self._options = options
        self.port = 0
        self._popen: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """On the port of the last start, or on a free one."""
        for _ in range(_TRIES):
            port = self.port or _free_port()
            if self._started(port):
                self.port = port
                return
        raise AssertionError("no server came up")

    def _started(self, port: int) -> bool:
        assert BINARY is not None
        command = [
            BINARY, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(self._folder), "--save", "",
            "--appendonly", "yes", "--appendfsync", "always", *self._options,
        ]  # fmt: skip
        popen = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert popen.stdout is not None
        for line in popen.stdout:
            if _STARTED in line:
                self._popen = popen
                return True
        popen.wait()
        popen.stdout.close()
        return False

    def kill(self) -> None:
        """As `kill -9` does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        if self._popen is not None:
            self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        assert self._popen is not None
        popen, self._popen = self._popen, None
        popen.send_signal(number)
        popen.wait()
        assert popen.stdout is not None
        popen.stdout.close()


@contextmanager
def redis_server(folder: Path, *options: str) -> Iterator[RedisServer]:
    server = RedisServer(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
