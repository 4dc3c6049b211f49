"""One run: pytest with our plugin, from the emulator's start to the last thing cleaned up."""

from collections.abc import Sequence

import pytest

from roamspec.errors import UsageError
from roamspec.results.events import Listener
from roamspec.runner.conformance import Conformance
from roamspec.runner.engine import call_pytest
from roamspec.runner.live_run import LiveRun
from roamspec.runner.pytest_arguments import ArgumentsOfRun
from roamspec.runner.settings import RunSettings


def run(settings: RunSettings, listeners: Sequence[Listener]) -> None:
    """Run the checks that `settings` select; every listener hears every event.

    Raises a RoamspecError for whatever stops the run before its first check; what happens afterwards
    is reported in RunFinished. KeyboardInterrupt ends the run early, after cleaning up.
    """
    live = LiveRun(settings)
    arguments = settings.pytest_arguments
    plugin = Conformance(
        live,
        listeners,
        shown=bool(arguments),
        by_shared_fixtures=settings.workers > 1,
        only=settings.checks,
        keep=settings.keep,
    )
    plugins = [*plugin.plugins, ArgumentsOfRun(settings.workers)] if arguments else plugin.plugins
    cache = settings.report_dir.absolute() / ".pytest_cache"
    try:
        live.start()
        status = call_pytest(plugins, workers=settings.workers, more=arguments, cache=cache)
    finally:
        live.close()
    if status == pytest.ExitCode.USAGE_ERROR and plugin.failure is None:
        raise UsageError("pytest cannot use the arguments after `--`; its message is above.")
    finished = plugin.finished(status)
    for listener in listeners:
        listener(finished)
