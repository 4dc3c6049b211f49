"""What `serve` needs to know, and the command line that says it."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFAULT_ORG = "acme"
DEFAULT_APP = "parlor"


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """`settings` are setting names with values, over those of `settings_file`; both fall to the main app
    and its neighbour. `announce` prints the ready object to standard output, with `print_env` as lines
    for a shell. `ui_everywhere` shows the window on other machines too; `announce_ui` names its address
    on standard error, `open_ui` opens it in a browser. `data` is the folder that keeps the state; without
    one it ends with the process. `store` is where the state is that several emulators have in common, and
    `workers` how many processes serve it."""

    host: str = "127.0.0.1"
    port: int = 0
    org: str = DEFAULT_ORG
    app: str = DEFAULT_APP
    ready_file: Path | None = None
    faults: tuple[str, ...] = ()
    nuisances: tuple[str, ...] = ()
    journal_file: Path | None = None
    announce: bool = True
    print_env: bool = False
    settings_file: Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    exit_with_parent: bool = False
    fault_files: tuple[Path, ...] = ()
    ui_everywhere: bool = False
    announce_ui: bool = False
    open_ui: bool = False
    data: Path | None = None
    store: str = "memory"
    workers: int = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `roamspec emulate` and of `python -m roamspec.faults`."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--org", default=DEFAULT_ORG, help="organisation of the main app")
    parser.add_argument("--app", default=DEFAULT_APP, help="name of the main app")
    parser.add_argument(
        "--ready-file", type=Path, metavar="F", help="write addresses and credentials to this file, as JSON"
    )
    parser.add_argument(
        "--print-env",
        action="store_true",
        help="print lines for a shell (export ROAMSPEC_BASE_URL=...) instead of JSON",
    )
    parser.add_argument(
        "--fault", action="append", default=[], dest="faults", metavar="NAME", help="activate a fault"
    )
    parser.add_argument(
        "--disturbance",
        "--nuisance",
        action="append",
        default=[],
        dest="nuisances",
        metavar="KIND[:NAME=VALUE,...]",
        help="a disturbance on the wire, such as 429:count=2,retry-after=1 (docs/faults.md lists the kinds)",
    )
    parser.add_argument(
        "--journal-file",
        type=Path,
        metavar="F",
        help="also write each exchange to this file, as a line of JSON",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="keep the state in this folder, and go on from it at the next start",
    )
    parser.add_argument(
        "--store",
        default="memory",
        metavar="URL",
        help="where the state is: memory (the default), or redis://HOST:PORT/DATABASE, a Redis or Valkey "
        "server that many emulators have in common",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        metavar="N",
        help="serve with N processes; more than one need --store (default: 1)",
    )
    parser.add_argument(
        "--fault-file",
        action="append",
        default=[],
        type=Path,
        dest="fault_files",
        metavar="F",
        help="a Python file that registers faults of your own; may be repeated",
    )
    parser.add_argument("--settings", type=Path, metavar="F", help="JSON, TOML or YAML file with settings")
    parser.add_argument(
        "--set", action="append", default=[], dest="assignments", metavar="NAME=VALUE", help="one setting"
    )
    parser.add_argument("--open", action="store_true", help="open the emulator's window in a browser")
    parser.add_argument(
        "--ui-everywhere",
        action="store_true",
        help="show the window (/_emulator/ui) to callers on other machines too",
    )
    parser.add_argument("--exit-with-parent", action="store_true", help="stop when standard input is closed")


def options_from(arguments: argparse.Namespace) -> EmulatorOptions:
    """ConfigurationError for an assignment that cannot be."""
    from roamspec.emulator.settings import parse_assignment

    return EmulatorOptions(
        host=arguments.host,
        port=arguments.port,
        org=arguments.org,
        app=arguments.app,
        ready_file=arguments.ready_file,
        faults=tuple(arguments.faults),
        nuisances=tuple(arguments.nuisances),
        journal_file=arguments.journal_file,
        print_env=arguments.print_env,
        settings_file=arguments.settings,
        settings=dict(parse_assignment(text, where="--set") for text in arguments.assignments),
        exit_with_parent=arguments.exit_with_parent,
        fault_files=tuple(arguments.fault_files),
        ui_everywhere=arguments.ui_everywhere,
        open_ui=arguments.open,
        data=arguments.data,
        store=arguments.store,
        workers=arguments.workers,
    )
