"""The command `roamspec`: finds the command, and turns whatever goes wrong into one sentence and a status."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from roamspec import __version__
from roamspec.cli.crash import crash_sentence
from roamspec.cli.inspection import end_despite_inspection
from roamspec.cli.language import choose_language, texts
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
    "observe": Command("roamspec.cli.observe", "run, with online devices observed by your own command"),
    "merge": Command("roamspec.cli.merge", "give one verdict from the shards of a run"),
    "load": Command("roamspec.cli.load", "let many users work on a target, and check every answer"),
    "record": Command("roamspec.cli.record", "record a target"),
    "replay": Command("roamspec.cli.replay", "check recordings, without a network"),
    "parity": Command("roamspec.cli.parity", "compare an emulator's answers with recorded ones"),
    "drift": Command("roamspec.cli.drift", "list what changed between two sets of recordings"),
    "emulate": Command("roamspec.cli.emulate", "serve the emulator until it is stopped"),
    "sdk": Command("roamspec.cli.sdk", "check the calls that an SDK's own tests make"),
    "proxy": Command("roamspec.cli.proxy", "pass calls on to a real service, and check both sides"),
    "cleanup": Command("roamspec.cli.cleanup", "remove what a killed run left behind"),
    "faults": Command("roamspec.cli.bank", "list the faults that the emulator can be given"),
    "selftest": Command("roamspec.cli.selftest", "measure which faults the suite detects"),
    "report": Command("roamspec.cli.report", "render the report of an earlier run again"),
    "diff": Command("roamspec.cli.diff", "list what changed from one report to the next"),
    "trend": Command("roamspec.cli.trend", "show how verdicts changed over the reports of a folder"),
    "waive": Command("roamspec.cli.waive", "write a file that accepts the failures of a report"),
    "requirements": Command("roamspec.cli.requirements", "list the requirements and their sources"),
    "doc": Command("roamspec.cli.doc", "list what changed on a page of the vendor's documentation"),
}


class CommandModule(Protocol):
    """What a module of a command has; it is imported when its command is called, not before."""

    DESCRIPTION: str

    def add_arguments(self, parser: Parser) -> None:
        """Add the command's arguments to its parser."""

    def execute(self, arguments: object) -> int:
        """Do what the arguments ask for; returns the exit status. RoamspecError has the sentence and the
        status of a failure."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit statuses are those of docs/exit-statuses.md."""
    status = _status(list(sys.argv[1:] if argv is None else argv))
    if argv is None:
        end_despite_inspection(status)
    return status


def _status(arguments: list[str]) -> int:
    try:
        prepare_streams()
        return _dispatch(choose_language(arguments))
    except RoamspecError as error:
        complain(str(error))
        return error.exit_status
    except KeyboardInterrupt as error:
        complain(str(error) or "interrupted.")
        return SuiteError.exit_status
    except BaseException as error:  # noqa: BLE001 - the outermost level: no traceback reaches a terminal
        complain(crash_sentence(error))
        return SuiteError.exit_status
    finally:
        settle_streams()


def _dispatch(arguments: list[str]) -> int:
    if not arguments:
        raise UsageError(f"give a command: {', '.join(COMMANDS)}; `roamspec --help` says what they do.")
    first, rest = arguments[0], arguments[1:]
    if first in ("-h", "--help", "help"):
        say(texts().sentence(_help()))
        return 0
    if first in ("-V", "--version"):
        say(f"roamspec {__version__}\n")
        return 0
    if first not in COMMANDS:
        kind = "option" if first.startswith("-") else "command"
        raise UsageError(
            f"the {kind} {first.partition('=')[0]!r} is not known; {did_you_mean(first, COMMANDS)}"
        )
    module = cast(CommandModule, importlib.import_module(COMMANDS[first].module))
    parser = Parser(prog=f"roamspec {first}", description=module.DESCRIPTION, texts=texts())
    module.add_arguments(parser)
    try:
        parsed = parser.parse(rest)
    except SystemExit as leaving:
        # argparse has printed the help that was asked for.
        return int(leaving.code or 0)
    return module.execute(parsed)


def _help() -> str:
    width = max(map(len, COMMANDS))
    commands = "".join(
        f"  {name:<{width}}  {texts().sentence(command.summary)}\n" for name, command in COMMANDS.items()
    )
    return (
        "usage: roamspec COMMAND [OPTION...]\n\n"
        "Tests whether a service conforms to the Easemob IM documentation of the five\n"
        "REST operations that delete roaming messages one-way.\n\n"
        f"commands:\n{commands}\n"
        "`roamspec COMMAND --help` lists the options of a command;\n"
        "`roamspec --version` prints the version.\n"
    )
