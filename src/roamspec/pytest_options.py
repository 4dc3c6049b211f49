"""The options of `pytest tests/conformance`: those of `roamspec run`, each with a prefix of its own.

Every pytest run of everybody who has roamspec loads this module: it imports little.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from roamspec.config.options import OPTIONS, RUN_OPTIONS

PREFIX: Final = "--roamspec-"
_GROUP: Final = "roamspec"


def add_options(parser: pytest.Parser) -> None:
    """The options; each stands for itself and has no default, so that a variable or the file may give it."""
    group = parser.getgroup(_GROUP, "roamspec: what the conformance checks are run against")
    for option in (*OPTIONS.values(), *RUN_OPTIONS.values()):
        name, dest = f"{PREFIX}{option.name}", f"roamspec_{option.attribute}"
        described = f"{option.help} ({option.variable})"
        if option.kind == "flag":
            group.addoption(name, dest=dest, action="store_true", default=None, help=described)
        elif option.kind == "texts":
            group.addoption(
                name, dest=dest, action="append", default=[], metavar=option.metavar, help=described
            )
        else:
            group.addoption(name, dest=dest, metavar=option.metavar, help=described)
    group.addoption(
        f"{PREFIX}profile",
        dest="roamspec_profile",
        metavar="NAME",
        help="quick, standard (the default) or deep (ROAMSPEC_PROFILE)",
    )
    group.addoption(
        f"{PREFIX}req",
        dest="roamspec_req",
        action="append",
        default=[],
        metavar="PATTERN",
        help="judge only these: an ID (with * and ?), an operation or a family (ROAMSPEC_REQ)",
    )
    group.addoption(f"{PREFIX}seed", dest="roamspec_seed", metavar="N", help="repeat a run (ROAMSPEC_SEED)")
    group.addoption(
        f"{PREFIX}fault",
        dest="roamspec_fault",
        action="append",
        default=[],
        metavar="NAME",
        help="seed a fault into the embedded emulator; may be repeated",
    )
    group.addoption(
        f"{PREFIX}strict",
        dest="roamspec_strict",
        action="store_true",
        help="every failing requirement fails its check; one that stays inconclusive fails the session",
    )
    group.addoption(
        f"{PREFIX}waivers",
        dest="roamspec_waivers",
        metavar="FILE",
        help="accept the failures that this TOML file lists, until their dates (see `roamspec waive`)",
    )
    group.addoption(
        f"{PREFIX}baseline",
        dest="roamspec_baseline",
        metavar="REPORT",
        help="accept the failures of this earlier report.json: only new ones fail",
    )
    group.addoption(
        f"{PREFIX}cassettes",
        dest="roamspec_cassettes",
        metavar="DIR",
        help="the recordings of --record-mode=none (default: those of the emulator that roamspec brings "
        "along) and of --record-mode=rewrite",
    )
    group.addoption(
        f"{PREFIX}report-dir",
        dest="roamspec_report_dir",
        metavar="DIR",
        help="also write report.json and junit.xml there, as `roamspec run` does",
    )


def given_options(config: pytest.Config) -> Mapping[str, Any]:
    """The target options, by attribute, as `roamspec.config.target_config.resolve` takes them."""
    return {
        option.attribute: config.getoption(f"roamspec_{option.attribute}", None)
        for option in OPTIONS.values()
    }


def given_run_options(config: pytest.Config) -> Mapping[str, Any]:
    """The options of a run beside its target, such as `shard`, by attribute; None where one is not given."""
    return {
        option.attribute: config.getoption(f"roamspec_{option.attribute}", None)
        for option in RUN_OPTIONS.values()
    }


def settings_file(config: pytest.Config, name: str) -> Path | None:
    """`roamspec.toml` of the folder that pytest was called in, else of its root folder."""
    folders = (config.invocation_params.dir, config.rootpath)
    return next((folder / name for folder in folders if (folder / name).exists()), None)


def as_pytest_options(sentence: str) -> str:
    """A sentence about options of `roamspec run`, for somebody who calls pytest."""
    names = "|".join(
        map(re.escape, (*OPTIONS, *RUN_OPTIONS, "profile", "req", "seed", "fault", "waivers", "baseline"))
    )
    return re.sub(rf"(?<![\w-])--(?=(?:{names})(?![\w-]))", PREFIX, sentence)
