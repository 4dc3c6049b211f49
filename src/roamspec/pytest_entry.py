"""How a pytest session gets the plugin of the suite, when somebody calls pytest instead of `roamspec run`."""

import os
import pickle
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from roamspec.config.language_option import language_of
from roamspec.config.run_variables import chosen_patterns, chosen_profile, chosen_seed
from roamspec.config.shard_option import ShardOption, chosen_shard
from roamspec.config.target_config import resolve
from roamspec.config.toml_file import FILE_NAME
from roamspec.contract.load import load_contract
from roamspec.contract.requirements import load_catalogue
from roamspec.errors import ConfigurationError, RoamspecError, UsageError
from roamspec.language.translation import translation
from roamspec.pytest_options import as_pytest_options, given_options, given_run_options, settings_file
from roamspec.resources import folder
from roamspec.results.events import Listener
from roamspec.results.waivers import NOTHING, Accepted
from roamspec.runner.conformance import Conformance, WorkerConformance
from roamspec.runner.live_run import LiveRun
from roamspec.runner.pytest_arguments import blocks_connections, refuse_forked
from roamspec.runner.session_source import SessionSource
from roamspec.runner.settings import RunSettings
from roamspec.runner.terminal_summary import TerminalSummary
from roamspec.runner.worker import WORKER_INPUT
from roamspec.temporary import lasting_directory, temporary_directory

REPORTS = Path("reports/latest")
"""Where `roamspec run` and `roamspec cleanup` look for what a run has left on a service."""


def register(config: pytest.Config) -> None:
    """Add the plugin, unless it is there; pytest.UsageError for an option or a variable that cannot be used.

    In a worker of pytest-xdist it works on the target that the process which was called has opened.
    """
    manager = config.pluginmanager
    if manager.has_plugin("roamspec-checks") or config.option.help:
        return
    handed = getattr(config, "workerinput", {}).get(WORKER_INPUT)
    if handed is not None:
        # From our own process, over its own pipe.
        for plugin in WorkerConformance(pickle.loads(handed)).plugins:  # noqa: S301
            manager.register(plugin)
        return
    refuse_forked(config)
    try:
        accepted = _accepted(config)
        source = _source(config, accepted)
    except RoamspecError as error:
        said = translation(_language(config)).sentence(str(error))
        raise pytest.UsageError(as_pytest_options(said)) from None
    given = config.getoption("roamspec_report_dir", None)
    report_dir = _report_folder(config, given) if given else None
    further: list[Listener] = []
    if report_dir is not None and source.part is not None and not hasattr(config, "workerinput"):
        further.append(_log_of_shard(config, report_dir, source.secrets))
    summary = TerminalSummary(source, report_dir, accepted, lang=_language(config), further=further)
    conformance = Conformance(source, [summary.aggregate, *further], shown=True)
    plugins = conformance.plugins
    if not hasattr(config, "workerinput"):
        plugins.append(summary.of(conformance))
    for plugin in plugins:
        manager.register(plugin)


def _log_of_shard(config: pytest.Config, folder: Path, secrets: Sequence[str]) -> Listener:
    """Writes the events of a shard where `roamspec merge` looks for them."""
    from roamspec.output_files import open_output
    from roamspec.report.event_log import FILE_NAME as OF_SHARD
    from roamspec.report.ndjson import EventLog

    try:
        stream = open_output(folder / OF_SHARD)
    except OSError as error:
        raise pytest.UsageError(
            f"--roamspec-report-dir: cannot write to {folder / OF_SHARD} ({error.strerror}); name another."
        ) from error
    config.add_cleanup(stream.close)
    return EventLog(stream, secrets)


def _language(config: pytest.Config) -> str:
    """Of what the checks say: the variable, `roamspec.toml` or the locale; pytest itself speaks English."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    file = settings_file(config, FILE_NAME)
    folder_ = file.parent if file else config.invocation_params.dir
    try:
        return language_of((), os.environ, folder=folder_, encoding=encoding)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from None


def _accepted(config: pytest.Config) -> Accepted:
    """The failures that do not count; nothing is imported where none is named."""
    names = [config.getoption(f"roamspec_{name}", None) for name in ("waivers", "baseline")]
    if not any(names):
        return NOTHING
    from roamspec.report.acceptance import read_accepted

    waivers, baseline = (config.invocation_params.dir / name if name else None for name in names)
    return read_accepted(waivers, baseline)


def _source(config: pytest.Config, accepted: Accepted) -> SessionSource:
    """What the checks run on: recordings with `--record-mode=none`, else the target."""
    mode = config.getoption("record_mode", None)
    if mode is None:
        _refuse_blocked(config)
        return LiveRun(settings_of(config, os.environ, accepted), share=_share(config))
    from roamspec.recording.record_run import RecordRun
    from roamspec.recording.replay import open_recordings, selected_of
    from roamspec.recording.replay_run import ReplayRun

    if mode not in ("none", "rewrite"):
        raise UsageError(
            f"--record-mode={mode} mixes new answers with recorded ones, and a check needs all of them from "
            "one time: give none to replay the recordings, or rewrite to make them anew."
        )
    if any(config.hook.pytest_roamspec_requirements()):
        raise UsageError(
            f"--record-mode={mode} knows the checks of roamspec alone; leave it out to run your own."
        )
    place = config.getoption("roamspec_cassettes", None)
    if mode == "rewrite":
        _refuse_blocked(config)
        if _processes(config) > 1:
            raise UsageError("--record-mode=rewrite records in one process; leave out -n.")
        if _shard(config, os.environ).shard is not None:
            raise UsageError("--record-mode=rewrite makes all recordings at once; leave out --shard.")
        folder_ = config.invocation_params.dir / place if place else None
        return RecordRun(settings_of(config, os.environ, accepted), folder_, root=config.rootpath)
    _refuse_target(config)
    recordings = open_recordings(
        config.invocation_params.dir / place if place else folder("cassettes") / "emulator"
    )
    contract = load_contract()
    patterns = chosen_patterns(config.getoption("roamspec_req", None) or (), os.environ)
    catalogue = load_catalogue(contract=contract)
    requirements = selected_of(catalogue, patterns)
    reasons = accepted.reasons(catalogue, _today())
    strict = bool(config.getoption("roamspec_strict", default=False))
    worker = hasattr(config, "workerinput")
    return ReplayRun(
        recordings,
        requirements,
        strict=strict,
        whole=not worker,
        all_checks=_asks_for_all_checks(config),
        accepted=reasons,
    )


def _asks_for_all_checks(config: pytest.Config) -> bool:
    """Whether every check is collected; not if a file or a test is named."""
    return any(
        (config.invocation_params.dir / name).is_dir() or name == "roamspec.conformance"
        for name in config.args
    )


def _refuse_target(config: pytest.Config) -> None:
    """A UsageError where a target is named on the command line, which recordings do not call."""
    options = {**given_options(config), **given_run_options(config)}
    given = [name for name, value in options.items() if value]
    given += ["fault"] if config.getoption("roamspec_fault", None) else []
    if given:
        option = given[0].replace("_", "-")
        raise UsageError(f"--record-mode=none replays recordings and calls no target; leave out --{option}.")


def _refuse_blocked(config: pytest.Config) -> None:
    if blocked := blocks_connections(config):
        option, exceptions = blocked
        raise UsageError(
            f"{option} leaves no way to the target; give --record-mode=none as well to judge recordings, "
            f"or {exceptions}."
        )


def _today() -> date:
    return datetime.now(UTC).date()


def settings_of(
    config: pytest.Config, environ: Mapping[str, str], accepted: Accepted = NOTHING
) -> RunSettings:
    """The run that pytest's options, the environment and `roamspec.toml` ask for."""
    further = tuple(each for several in config.hook.pytest_roamspec_requirements() for each in several)
    fault_files = tuple(each for several in config.hook.pytest_roamspec_fault_files() for each in several)
    catalogue = load_catalogue(contract=load_contract()).extended(further)
    target = resolve(given_options(config), environ, settings_file(config, FILE_NAME))
    faults = tuple(dict.fromkeys(config.getoption("roamspec_fault", None) or ()))
    if faults and not target.embedded:
        raise UsageError("--fault breaks the embedded emulator; leave out --base-url, or leave out --fault.")
    if faults:
        from roamspec.faults.registry import find, load_faults

        load_faults(fault_files)
        for name in faults:
            find(name)
    patterns = chosen_patterns(config.getoption("roamspec_req", None) or (), environ)
    shard = _shard(config, environ)
    given = config.getoption("roamspec_report_dir", None)
    return RunSettings(
        config=target,
        profile=chosen_profile(config.getoption("roamspec_profile", None), environ),
        seed=chosen_seed(config.getoption("roamspec_seed", None), environ, shared=shard.shard is not None),
        workers=_processes(config),
        requirements=tuple(r.id for r in catalogue.select(patterns)) if patterns else (),
        report_dir=_folder(config, given, lasting=not target.embedded),
        faults=faults,
        fault_files=fault_files,
        further_requirements=further,
        strict=bool(config.getoption("roamspec_strict", default=False)),
        accepted=accepted.reasons(catalogue, _today()),
        shard=shard.shard,
        durations=_durations(config, shard),
    )


def _shard(config: pytest.Config, environ: Mapping[str, str]) -> ShardOption:
    return chosen_shard(given_run_options(config), environ, settings_file(config, FILE_NAME))


def _durations(config: pytest.Config, chosen: ShardOption) -> Mapping[str, float]:
    if chosen.durations is None:
        return {}
    from roamspec.report.event_log import durations_of

    return durations_of(config.invocation_params.dir / chosen.durations, chosen.where)


def _processes(config: pytest.Config) -> int:
    """How many workers of pytest-xdist there will be; 1 for none."""
    if hasattr(config, "workerinput"):
        return 1
    return max(1, len(getattr(config.option, "tx", None) or ()))


def _share(config: pytest.Config) -> float:
    """The part of the allowed rate and requests that is this process's: all of it, unless other workers of
    pytest-xdist run on the same target, and nobody has opened it for all of them."""
    return 1 / int(getattr(config, "workerinput", {}).get("workercount", 1))


def _report_folder(config: pytest.Config, given: str) -> Path:
    folder = config.invocation_params.dir / given
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise pytest.UsageError(
            f"--roamspec-report-dir: cannot write to {folder} ({error.strerror}); name another."
        ) from error
    return folder


def _folder(config: pytest.Config, given: str | None, *, lasting: bool) -> Path:
    """Where ledgers and failing sequences are kept: where it was asked for; for a service where `roamspec
    cleanup` looks; else in pytest's cache. A temporary folder where none of these can be written to."""
    if given:
        return _report_folder(config, given)
    places = [config.invocation_params.dir / REPORTS] if lasting else []
    if config.pluginmanager.has_plugin("cacheprovider"):
        places.append(Path(config.rootpath, config.getini("cache_dir"), "d", "roamspec"))
    for place in places:
        if _can_be_written_to(place):
            return place
    if lasting:
        return lasting_directory()
    passing = temporary_directory()
    config.add_cleanup(passing.cleanup)
    return Path(passing.name)


def _can_be_written_to(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
