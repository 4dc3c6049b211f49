"""`roamspec parity`: an emulator's answers beside those that were recorded."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.language import texts
from roamspec.cli.output import say_text
from roamspec.cli.parser import Parser
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.errors import UsageError
from roamspec.interruption import terminated_as_interrupted
from roamspec.report.files import write_clean
from roamspec.report.terminal import Terminal
from roamspec.report.terminal_text import wrap
from roamspec.report.text import visible

if TYPE_CHECKING:
    from roamspec.recording.parity import Parity

FILE_NAME = "parity.json"
DESCRIPTION = f"""\
Sends the requests of recordings to the embedded emulator (or to one on this
machine, with --base-url), in order, and compares the responses. The current
checks judge each difference: "open" where the documentation permits both,
"different" where a documented requirement fails. Writes {FILE_NAME}.

exit status:
  0  no response differs, except where the documentation permits both
  1  at least one response differs
  2  a recording or an option cannot be used
  3  the emulator could not be called
  4  the suite itself failed"""


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("cassettes/service"),
        metavar="DIR",
        help="the recordings (default: cassettes/service)",
    )
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/latest"),
        metavar="DIR",
        help=f"where {FILE_NAME} goes (default: reports/latest)",
    )
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    config = resolve_target(arguments)
    from roamspec.recording.parity import compare_with
    from roamspec.recording.replay import open_recordings
    from roamspec.runner.settings import RunSettings

    recordings = open_recordings(arguments.folder)
    if not recordings.recorded:
        raise UsageError(f"{arguments.folder} holds responses from documents; they cannot be sent anywhere.")
    with terminated_as_interrupted():
        result = compare_with(RunSettings(config=config, report_dir=arguments.report_dir), recordings)
    file = arguments.report_dir / FILE_NAME
    try:
        text = json.dumps(result.as_dict(), ensure_ascii=False, indent=1)
        write_clean(file, f"{text}\n".encode(), config.secrets)
    except OSError as error:
        raise UsageError(f"--report-dir: {file} cannot be written ({error.strerror}).") from error
    say_text(_text(result, Terminal.of(sys.stdout).width) + f"{texts().gettext('Report:')} {file}\n")
    return result.exit_status


def _text(result: "Parity", width: int) -> str:
    counts = result.counted()
    lines: list[str] = []
    check = None
    for (check_now, *_), alike in result.alike().items():
        if check_now != check:
            check = check_now
            lines.append(visible(check))
        finding, difference = alike[0], alike[0].difference
        more = f" (and in {len(alike) - 1} more answers)" if len(alike) > 1 else ""
        text = f"{finding.meaning}: request {finding.place + 1}, {finding.request}: {difference.where}: "
        text += f"recorded {difference.recorded}, answered {difference.present}{more}"
        lines += wrap(visible(text), width, first="  ", rest="    ")
        lines += [f"    breaks {promise}" for promise in finding.because]
    counted = (
        f"{result.answers:,} answers of {result.recordings} recordings: {counts['equal']:,} equal, "
        f"{counts['open']:,} open, {counts['differs']:,} different; parity {result.score:.1%}"
    )
    lines.append(texts().sentence(counted))
    return "\n".join(lines) + "\n"
