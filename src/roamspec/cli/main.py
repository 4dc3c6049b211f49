"""The command `roamspec`: finds the verb, and turns whatever goes wrong into one sentence and a status."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from roamspec import __version__
from roamspec.cli.crash import crash_sentence
from roamspec.cli.inspection import end_despite_inspection
from roamspec.cli.output import complain, prepare_streams, say, settle_streams
from roamspec.cli.parser import Parser
from roamspec.errors import RoamspecError, SuiteError, UsageError
from roamspec.spelling import did_you_mean


@dataclass(frozen=True, slots=True)
class Command:
    """`module` offers `add_arguments(parser)` and `execute(arguments) -> exit status`."""

    module: str
    summary: str


COMMANDS: Final = {
    "run": Command("roamspec.cli.run", "run the conformance checks against a target"),
    "reproduce": Command("roamspec.cli.reproduce", "show a failure of a report again, or as a shell script"),
    "observe": Command("roamspec.cli.observe", "run with online devices watched by a command of yours"),
    "record": Command("roamspec.cli.record", "write recordings of a target"),
    "replay": Command("roamspec.cli.replay", "judge recordings, without any network"),
    "parity": Command("roamspec.cli.parity", "compare an emulator's answers with recorded ones"),
    "drift": Command("roamspec.cli.drift", "tell what changed between two recordings"),
    "emulate": Command("roamspec.cli.emulate", "serve the emulator alone, until it is told to stop"),
    "sdk": Command("roamspec.cli.sdk", "judge an SDK by the calls that its own tests make"),
    "proxy": Command("roamspec.cli.proxy", "pass on and judge what an SDK and a service say to each other"),
    "cleanup": Command("roamspec.cli.cleanup", "remove what a run left behind that was killed"),
    "faults": Command("roamspec.cli.bank", "list the ways in which the emulator can be broken on purpose"),
    "selftest": Command(
        "roamspec.cli.selftest", "measure which faults the suite notices, and whom it blames"
    ),
    "report": Command("roamspec.cli.report", "render the report of an earlier run again"),
    "diff": Command("roamspec.cli.diff", "tell what changed from one report to the next"),
    "waive": Command("roamspec.cli.waive", "write a file that accepts the failures of a report"),
    "requirements": Command("roamspec.cli.requirements", "list what the document promises"),
}


class CommandModule(Protocol):
    DESCRIPTION: str

    def add_arguments(self, parser: Parser) -> None: ...
    def execute(self, arguments: object) -> int: ...


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the exit statuses are those of docs/exit-statuses.md."""
    status = _status(list(sys.argv[1:] if argv is None else argv))
    if argv is None:
        end_despite_inspection(status)
    return status


def _status(arguments: list[str]) -> int:
    try:
        prepare_streams()
        return _dispatch(arguments)
    except RoamspecError as error:
        complain(str(error))
        return error.exit_status
    except KeyboardInterrupt as error:
        complain(str(error) or "interrupted.")
        return SuiteError.exit_status
    except BaseException as error:  # noqa: BLE001 - the last door: no traceback reaches a terminal
        complain(crash_sentence(error))
        return SuiteError.exit_status
    finally:
        settle_streams()


def _dispatch(arguments: list[str]) -> int:
    if not arguments:
        raise UsageError(f"give a verb: {', '.join(COMMANDS)}; `roamspec --help` says what they do.")
    first, rest = arguments[0], arguments[1:]
    if first in ("-h", "--help", "help"):
        say(_help())
        return 0
    if first in ("-V", "--version"):
        say(f"roamspec {__version__}\n")
        return 0
    if first not in COMMANDS:
        kind = "option" if first.startswith("-") else "verb"
        raise UsageError(
            f"the {kind} {first.partition('=')[0]!r} is not known; {did_you_mean(first, COMMANDS)}"
        )
    module = cast(CommandModule, importlib.import_module(COMMANDS[first].module))
    parser = Parser(prog=f"roamspec {first}", description=module.DESCRIPTION)
    module.add_arguments(parser)
    try:
        parsed = parser.parse(rest)
    except SystemExit as leaving:
        # argparse has printed the help that was asked for.
        return int(leaving.code or 0)
    return module.execute(parsed)


def _help() -> str:
    width = max(map(len, COMMANDS))
    verbs = "".join(f"  {name:<{width}}  {verb.summary}\n" for name, verb in COMMANDS.items())
    return (
        "usage: roamspec VERB [OPTION...]\n\n"
        "Proves whether a service keeps what the five one-way roaming deletions promise.\n\n"
        f"verbs:\n{verbs}\n"
        "`roamspec VERB --help` lists the options of a verb, `roamspec --version` says\n"
        "which version this is.\n"
    )
