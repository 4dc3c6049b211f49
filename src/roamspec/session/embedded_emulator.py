"""The embedded emulator: a process of its own, on a free loopback port, for as long as a run lasts."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from roamspec.errors import SuiteError
from roamspec.processes import OF_ITS_OWN_GROUP, neutral, wait_until_ended

if TYPE_CHECKING:
    from roamspec.config.target_config import AppConfig, TargetConfig

_START_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 5.0
_MODULE = "roamspec.faults"


class EmbeddedEmulator:
    """Starts at once, so that it gets ready while other things are prepared; `ready` waits for it."""

    def __init__(
        self, faults: Sequence[str] = (), *, options: Sequence[str] = (), module: str = _MODULE
    ) -> None:
        """`options` are further ones of the emulator's command line; `module` is what runs it."""
        # An embedded run is not paced, so its emulator must not count calls.
        # `-P`: a file in the current folder that is called like a library's module is not imported.
        words = [sys.executable, "-P", "-m", module]
        words += ["--exit-with-parent", "--set", "rate_limits=off"]
        for fault in faults:
            words += ["--fault", fault]
        words += options
        self._asked_to_end = False
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Ctrl-C is for us: the emulator must live until everything is cleaned up.
            **OF_ITS_OWN_GROUP,
            env={k: v for k, v in neutral(os.environ).items() if not k.startswith("ROAMSPEC_")},
        )

    def ready(self) -> dict[str, Any]:
        """The ready object, once the emulator accepts connections; SuiteError when it does not start."""
        stdout, stderr = self._process.stdout, self._process.stderr
        assert stdout is not None
        assert stderr is not None
        lines: SimpleQueue[bytes] = SimpleQueue()
        # A thread, because Windows cannot wait for a pipe with a time-out.
        threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
        with suppress(Empty):
            line = lines.get(timeout=_START_TIMEOUT_S)
            if line:
                ready = json.loads(line)
                assert isinstance(ready, dict)
                return ready
        self._process.kill()
        said = stderr.read().decode("utf-8", "replace").strip().splitlines()
        raise SuiteError(
            f"The embedded emulator did not start: {said[-1] if said else 'it printed nothing'}."
        )

    def stop(self) -> None:
        """Tell the process to end, and do not wait for it."""
        # A second signal could meet it when it no longer listens to any, and cut short what it writes last.
        if not self._asked_to_end:
            self._asked_to_end = True
            for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
                if stream:
                    stream.close()
            # On Windows this would kill it; the end of its input is enough.
            if sys.platform != "win32":
                self._process.terminate()

    def close(self) -> None:
        """Stop the process; returns when it has ended."""
        self.stop()
        try:
            wait_until_ended(self._process, _STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def embedded_config(config: "TargetConfig", ready: dict[str, Any]) -> "TargetConfig":
    """The configuration of a run against the emulator that announced itself with `ready`."""
    # What a configuration needs would only delay the start of an emulator.
    from roamspec.appkey import AppKey
    from roamspec.config.target_config import AppConfig, Credentials

    credentials = Credentials(client_id=ready["client_id"], client_secret=ready["client_secret"])

    def app(text: str) -> "AppConfig":
        return AppConfig(AppKey.parse(text, where="the ready object"), credentials)

    return replace(
        config,
        base_url=ready["base_url"],
        main=app(f"{ready['org']}/{ready['app']}"),
        neighbour=app(ready["neighbour_app"]),
        closed=app(ready["closed_app"]),
        observer_url=ready["observer_url"],
    )
