"""How a pytest session gets the plugin of the suite, when somebody calls pytest instead of `roamspec run`."""

import os
import pickle
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.emulator.faults.registry import find
from roamspec.errors import ConfigurationError, RoamspecError, UsageError
from roamspec.pytest_options import as_pytest_options, given_options, settings_file
from roamspec.runner.checks import Checks
from roamspec.runner.conformance import Conformance, WorkerConformance
from roamspec.runner.live_run import LiveRun
from roamspec.runner.settings import RunSettings
from roamspec.runner.terminal_summary import TerminalSummary
from roamspec.runner.worker import WORKER_INPUT
from roamspec.suite.marks import PROFILES, Profile
from roamspec.target.config import resolve
from roamspec.target.spelling import did_you_mean
from roamspec.target.toml_file import FILE_NAME

REPORTS = Path("reports/latest")
"""Where `roamspec run` and `roamspec cleanup` look for what a run has left on a service."""


def register(config: pytest.Config) -> None:
    """Add the plugin, unless it is there; pytest.UsageError for an option or a variable that cannot be used.

    In a worker of pytest-xdist it works on the target that the process which was called has opened.
    """
    manager = config.pluginmanager
    if any(isinstance(plugin, Checks) for plugin in manager.get_plugins()) or config.option.help:
        return
    handed = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if handed is not None:
        # From our own process, over its own pipe.
        for plugin in WorkerConformance(pickle.loads(handed)).plugins:  # noqa: S301
            manager.register(plugin)
        return
    _refuse_forked(config)
    try:
        settings, share = settings_of(config, os.environ), _share(config)
        live = LiveRun(settings, share=share)
    except RoamspecError as error:
        raise pytest.UsageError(as_pytest_options(str(error))) from None
    summary = TerminalSummary(live, config.getoption("roamspec_report_dir", None))
    conformance = Conformance(live, [summary.tally], shown=True)
    plugins = conformance.plugins
    if not hasattr(config, "workerinput"):
        plugins.append(summary.of(conformance))
    for plugin in plugins:
        manager.register(plugin)


def settings_of(config: pytest.Config, environ: Mapping[str, str]) -> RunSettings:
    """The run that pytest's options, the environment and `roamspec.toml` ask for."""
    catalogue = load_catalogue(contract=load_contract())
    target = resolve(given_options(config), environ, settings_file(config, FILE_NAME))
    faults = tuple(dict.fromkeys(config.getoption("roamspec_fault", None) or ()))
    if faults and not target.embedded:
        raise UsageError("--fault breaks the embedded emulator; leave out --base-url, or leave out --fault.")
    for name in faults:
        find(name)
    patterns = config.getoption("roamspec_req", None) or _words(environ.get("ROAMSPEC_REQ", ""))
    given = config.getoption("roamspec_report_dir", None)
    return RunSettings(
        config=target,
        profile=_profile(config.getoption("roamspec_profile", None) or environ.get("ROAMSPEC_PROFILE")),
        seed=_seed(config.getoption("roamspec_seed", None) or environ.get("ROAMSPEC_SEED")),
        workers=_processes(config),
        requirements=tuple(r.id for r in catalogue.select(patterns)) if patterns else (),
        report_dir=_folder(config, given, lasting=not target.embedded),
        faults=faults,
        strict=bool(config.getoption("roamspec_strict", default=False)),
    )


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _profile(given: str | None) -> Profile:
    for profile in PROFILES:
        if profile == (given or "standard"):
            return profile
    raise ConfigurationError(f"--profile: {given!r} is not known; {did_you_mean(str(given), PROFILES)}")


def _seed(given: str | None) -> int:
    if given is None:
        return secrets.randbelow(2**32)
    if not given.isdecimal() or int(given) >= 2**32:
        raise ConfigurationError(f"--seed: {given!r} is no whole number from 0 to {2**32 - 1}.")
    return int(given)


def _processes(config: pytest.Config) -> int:
    """How many workers of pytest-xdist there will be; 1 for none."""
    if hasattr(config, "workerinput"):
        return 1
    return max(1, len(getattr(config.option, "tx", None) or ()))


def _share(config: pytest.Config) -> float:
    """The part of the allowed rate and requests that is this process's: all of it, unless other workers of
    pytest-xdist run on the same target, and nobody has opened it for all of them."""
    return 1 / int(getattr(config, "workerinput", {}).get("workercount", 1))


def _folder(config: pytest.Config, given: str | None, *, lasting: bool) -> Path:
    """Where ledgers and failing sequences are kept: where it was asked for; for a service where `roamspec
    cleanup` looks; else in pytest's cache. A temporary folder where none of these can be written to."""
    if given is not None:
        folder = config.invocation_params.dir / given
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"--report-dir: nothing can be written to {folder} ({error.strerror}); name another folder."
            ) from error
        return folder
    places = [config.invocation_params.dir / REPORTS] if lasting else []
    if config.pluginmanager.has_plugin("cacheprovider"):
        places.append(Path(config.rootpath, config.getini("cache_dir"), "d", "roamspec"))
    for place in places:
        if _can_be_written_to(place):
            return place
    return Path(tempfile.mkdtemp(prefix="roamspec-"))


def _can_be_written_to(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _refuse_forked(config: pytest.Config) -> None:
    if getattr(config.option, "forked", False):
        raise pytest.UsageError(
            "--forked runs each check in a process that ends with it, and what it has made would not be "
            "removed; leave it out, and give -n for several processes."
        )
