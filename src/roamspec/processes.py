"""The processes that roamspec starts: their environment, waiting for their end, and ending them."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

_GRACE_S: Final = 5.0
OF_ITS_OWN_GROUP: Final[Mapping[str, Any]] = (
    {"creationflags": 0x200} if sys.platform == "win32" else {"start_new_session": True}
)
"""Arguments of Popen for a process that Ctrl-C does not reach; the number is CREATE_NEW_PROCESS_GROUP."""
_UNHEARD_S: Final = 0.5
_OF_LIBRARIES: Final = (
    "PYTEST_",
    "HYPOTHESIS_",
    "SCHEMATHESIS_",
    "UVICORN_",
    "WEB_CONCURRENCY",
    "FORWARDED_ALLOW_IPS",
)
"""How the names of variables begin that pytest and other libraries read by themselves."""
_WHERE_CODE_IS: Final = frozenset(
    {
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONPLATLIBDIR",
        "PYTHONUSERBASE",
        "PYTHONNOUSERSITE",
        "PYTHONPYCACHEPREFIX",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONUTF8",
    }
)


def neutral(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what changes how Python, pytest or a library of ours works.

    A variable that is meant for somebody's own tests (`PYTEST_ADDOPTS`, `PYTHONVERBOSE`) decides no verdict.
    """
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(_OF_LIBRARIES) and (not name.startswith("PYTHON") or name in _WHERE_CODE_IS)
    }


@contextlib.contextmanager
def neutral_environment() -> Iterator[None]:
    """Inside, this process has the `neutral` environment, and so has whatever it starts."""
    taken_out = {name: os.environ[name] for name in os.environ.keys() - neutral(os.environ).keys()}
    for name in taken_out:
        del os.environ[name]
    # Packages of others register themselves with Hypothesis, and break or change it as it is imported.
    os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"
    try:
        yield
    finally:
        del os.environ["HYPOTHESIS_NO_PLUGINS"]
        os.environ.update(taken_out)


def wait_until_ended(process: "subprocess.Popen[Any]", timeout_s: float) -> int:
    """Its status, as soon as it has one; TimeoutExpired where it has none in time.

    `Popen.wait` with a timeout asks every 50 ms; this does not ask, and an interrupt ends it as well.
    """
    waiting = threading.Thread(target=process.wait, daemon=True)
    waiting.start()
    until = time.monotonic() + timeout_s
    while waiting.is_alive() and (left := until - time.monotonic()) > 0:
        # On Windows an interrupt is heard between two waits only.
        waiting.join(min(left, _UNHEARD_S))
    return process.wait(0)


def stop_group(process: "subprocess.Popen[Any]") -> None:
    """End a process and all of its group; first as a terminal would, then without asking."""
    if sys.platform == "win32":
        _stop_tree(process)
    else:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                wait_until_ended(process, _GRACE_S)


def _stop_tree(process: "subprocess.Popen[Any]") -> None:
    """The same on Windows, which can end a process with all that it started, but cannot ask it to end."""
    words = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
    with contextlib.suppress(OSError):
        subprocess.run(words, capture_output=True, check=False)  # noqa: S603 - a program of Windows itself
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        wait_until_ended(process, _GRACE_S)
