"""`roamspec cleanup`: removes what runs left behind that ended before they could clean up."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from roamspec.cli.language import texts
from roamspec.cli.output import complain, say, say_text
from roamspec.cli.parser import Parser, environment
from roamspec.cli.target_options import add_target_options, toml_file
from roamspec.errors import TargetError
from roamspec.language.translation import N_
from roamspec.report.terminal_text import padded
from roamspec.report.text import visible

if TYPE_CHECKING:
    from roamspec.runner.orphan_cleanup import Disposal
    from roamspec.transport.ledger_file import Leftovers

DESCRIPTION = """\
Removes the users, groups and chatrooms that a run created and could not remove,
because it was killed or lost its target. The ledger of the run (ledger-*.jsonl
in its report folder) lists them, with the address and the apps; give the same
credentials. Only names with the mark of that run are removed.

exit status:
  0  nothing is left
  2  usage or configuration error; nothing was sent
  3  something is left, or the target could not be reached
  4  cleanup itself failed, or was cut short"""

_WORDS = {"removed": N_("removed"), "absent": N_("absent"), "left": N_("LEFT")}


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
        nothing = (
            f"There is nothing to clean up: there is no ledger ({PATTERN}) in {place}. --report-dir names "
            "another folder, --ledger a file.\n"
        )
        say(texts().sentence(nothing))
        return 0
    if not arguments.ledger:
        say(texts().sentence(f"Ledgers in {place}: {len(ledgers)}\n"))
    standing = [one for one in ledgers if not one.head.embedded and (one.made or one.uncertain)]
    file = toml_file()
    targets = [target_of_ledger(one, vars(arguments), environment(), file) for one in standing]
    for one in ledgers:
        if one.cut_line:
            complain(f"{one.file}, line {one.cut_line} is incomplete; it is ignored.")
        if one not in standing:
            _forget(one)
    counts: Counter[str] = Counter()

    def tell(disposal: "Disposal") -> None:
        counts[disposal.removal.outcome] += 1
        entry, removal = disposal.entry, disposal.removal
        why = f"  ({removal.why})" if removal.why else ""
        outcome = padded(texts().gettext(_WORDS[removal.outcome]), 9)
        say_text(f"{outcome}{entry.kind:<6}{entry.name}  {entry.app}{why}\n")

    left = 0
    for one, config in zip(standing, targets, strict=True):
        apps = ", ".join(sorted(map(str, one.apps)))
        say_text(texts().sentence(f"{one.file}: made at {one.head.base_url} in {apps}\n"))
        left += dispose(one, config, tell)
    say(texts().sentence(_summary(counts, len(standing))))
    return TargetError.exit_status if left else 0


def _forget(ledger: "Leftovers") -> None:
    """A ledger that lists nothing, or only what was in an emulator that has ended."""
    ledger.file.unlink(missing_ok=True)
    number = len(ledger.made) + len(ledger.uncertain)
    if number:
        removed_text = f"{number} of an embedded emulator's went with it: {visible(str(ledger.file))}\n"
        say(texts().sentence(removed_text))


def _summary(counts: Counter[str], ledgers: int) -> str:
    if not ledgers:
        return "Nothing is left.\n"
    removed_text = f"{counts['removed']} removed, {counts['absent']} did not exist any more"
    if not counts["left"]:
        return f"{removed_text}, nothing is left.\n"
    return (
        f"{removed_text}, {counts['left']} LEFT; their ledgers are kept, so that cleanup can be run again.\n"
    )
