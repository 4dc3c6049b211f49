"""`roamspec cleanup`: removes what runs left behind that ended before they could clean up."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.output import complain, say
from roamspec.cli.parser import Parser
from roamspec.cli.target_options import add_target_options, resolve_target
from roamspec.errors import TargetError
from roamspec.report.text import visible

if TYPE_CHECKING:
    from roamspec.client.ledger_file import Remains
    from roamspec.runner.remains import Disposal

DESCRIPTION = """\
Removes the users, groups and rooms that a run made and could not remove,
because it was killed or lost its target. What they are stands in the run's
ledger; only names with that run's mark are removed.

exit status:
  0  nothing is left
  2  usage or configuration error; nothing was sent
  3  something is left, or the target could not be reached
  4  cleanup itself failed, or was cut short"""

_WORDS = {"removed": "removed", "absent": "was gone", "left": "LEFT"}


def add_arguments(parser: Parser) -> None:
    parser.add_argument(
        "--report-dir",
        type=Path,
        default=Path("reports/latest"),
        metavar="DIR",
        help="the folder of the run's report, which holds its ledgers (default: reports/latest)",
    )
    parser.add_argument(
        "--ledger",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="only these ledgers",
    )
    add_target_options(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Everything that can be wrong without asking the target is found before anything is sent."""
    from roamspec.runner.remains import dispose, find_ledgers, require_target

    ledgers = find_ledgers(arguments.report_dir, arguments.ledger)
    if not ledgers:
        say(f"Nothing is to be cleaned up: there is no ledger in {visible(str(arguments.report_dir))}.\n")
        return 0
    standing = [one for one in ledgers if not one.head.embedded and (one.made or one.uncertain)]
    config = resolve_target(arguments) if standing else None
    if config:
        require_target(standing, config)
    for one in ledgers:
        if one.cut_line:
            complain(f"{one.file}, line {one.cut_line} was not written to its end; it is passed over.")
        if one not in standing:
            _forget(one)
    counts: Counter[str] = Counter()

    def tell(disposal: "Disposal") -> None:
        counts[disposal.removal.outcome] += 1
        entry, removal = disposal.entry, disposal.removal
        why = f"  ({removal.why})" if removal.why else ""
        say(visible(f"{_WORDS[removal.outcome]:<9}{entry.kind:<6}{entry.name}  {entry.app}{why}") + "\n")

    left = sum(dispose(one, config, tell) for one in standing) if config else 0
    say(_summary(counts, len(standing)))
    return TargetError.exit_status if left else 0


def _forget(ledger: "Remains") -> None:
    """A ledger that lists nothing, or only what was in an emulator that is gone."""
    ledger.file.unlink(missing_ok=True)
    number = len(ledger.made) + len(ledger.uncertain)
    if number:
        say(f"{number} of an embedded emulator's went with it: {visible(str(ledger.file))}\n")


def _summary(counts: Counter[str], ledgers: int) -> str:
    if not ledgers:
        return "Nothing is left.\n"
    gone = f"{counts['removed']} removed, {counts['absent']} gone already"
    if not counts["left"]:
        return f"{gone}, nothing is left.\n"
    return f"{gone}, {counts['left']} LEFT; their ledgers stay, so that cleanup can be called again.\n"
