"""`roamspec cleanup`: removes what runs left behind that ended before they could clean up."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.output import complain, say, say_text
from roamspec.cli.parser import Parser, environment
from roamspec.cli.target_options import add_target_options, toml_file
from roamspec.errors import TargetError
from roamspec.report.text import visible

if TYPE_CHECKING:
    from roamspec.runner.orphan_cleanup import Disposal
    from roamspec.transport.ledger_file import Leftovers

DESCRIPTION = """\
Removes the users, groups and rooms that a run made and could not remove,
because it was killed or lost its target. What they are stands in the run's
ledger, ledger-*.jsonl in its report folder, with the address and the apps; what
is needed besides are the credentials. Only names with that run's mark are
removed.

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
    from roamspec.runner.orphan_cleanup import dispose, find_ledgers, target_of_ledger
    from roamspec.transport.ledger_file import PATTERN

    ledgers = find_ledgers(arguments.report_dir, arguments.ledger)
    place = visible(str(arguments.report_dir.resolve()))
    if not ledgers:
        say(
            f"Nothing is to be cleaned up: there is no ledger ({PATTERN}) in {place}. --report-dir names "
            "another folder, --ledger a file.\n"
        )
        return 0
    if not arguments.ledger:
        say(f"Ledgers in {place}: {len(ledgers)}\n")
    standing = [one for one in ledgers if not one.head.embedded and (one.made or one.uncertain)]
    file = toml_file()
    targets = [target_of_ledger(one, vars(arguments), environment(), file) for one in standing]
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
        say_text(f"{_WORDS[removal.outcome]:<9}{entry.kind:<6}{entry.name}  {entry.app}{why}\n")

    left = 0
    for one, config in zip(standing, targets, strict=True):
        apps = ", ".join(sorted(map(str, one.apps)))
        say_text(f"{one.file}: made at {one.head.base_url} in {apps}\n")
        left += dispose(one, config, tell)
    say(_summary(counts, len(standing)))
    return TargetError.exit_status if left else 0


def _forget(ledger: "Leftovers") -> None:
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
