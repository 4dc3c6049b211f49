"""What pytest may be asked to do that no run of checks can do."""

from typing import Final

import pytest

_DEST: Final = "roamspec_"
_ONE_PROCESS: Final = (
    "--forked runs each check in a process that ends with it, and what it has made would not be removed; "
    "leave it out, and give {workers} for several processes."
)
_BLOCKING: Final = (("block_network", "allowed_hosts"), ("disable_socket", "allow_hosts"))
"""Options of pytest-recording and pytest-socket that block connections, each with the one for exceptions."""


def blocks_connections(config: pytest.Config) -> tuple[str, str] | None:
    """The option that lets a test connect to nobody and the one that would name exceptions, if the first is
    given alone."""
    option = config.option
    for blocking, excepting in _BLOCKING:
        if getattr(option, blocking, False) and not getattr(option, excepting, None):
            return _spelled(blocking), _spelled(excepting)
    return None


def _spelled(dest: str) -> str:
    return f"--{dest.replace('_', '-')}"


def refuse_forked(config: pytest.Config, *, workers: str = "-n") -> None:
    """pytest.UsageError where pytest-forked is asked for; `workers` is the option for several processes."""
    if getattr(config.option, "forked", False):
        raise pytest.UsageError(_ONE_PROCESS.format(workers=workers))


class ArgumentsOfRun:
    """Refuses what may not stand after the `--` of `roamspec run`: the target, recordings and the number of
    processes are said before it."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Refuse options of pytest that a run cannot honour; pytest.UsageError says which."""
        option = config.option
        refuse_forked(config, workers="--workers")
        given = sorted(name for name, value in vars(option).items() if name.startswith(_DEST) and value)
        if given:
            name = given[0].removeprefix(_DEST).replace("_", "-")
            raise pytest.UsageError(
                f"--roamspec-{name} is an option of `pytest tests/conformance`; `roamspec run` takes its own "
                "options before `--`."
            )
        if getattr(option, "record_mode", None):
            raise pytest.UsageError(
                "--record-mode is an option of `pytest tests/conformance`; `roamspec replay` judges "
                "recordings, and `roamspec record` makes them."
            )
        if blocked := blocks_connections(config):
            blocking, _ = blocked
            raise pytest.UsageError(
                f"{blocking} leaves no way to the target; `roamspec replay` judges recordings without a "
                "network."
            )
        processes = len(getattr(option, "tx", None) or ())
        if processes != (self._workers if self._workers > 1 else 0):
            raise pytest.UsageError("The number of processes is said before `--`: give --workers N, not -n.")
