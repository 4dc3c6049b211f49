"""The last step of a command that judges: the files first, then the status, then what is printed of both."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from roamspec.cli.interrupts import not_interrupted
from roamspec.cli.language import texts
from roamspec.cli.output import complain, say
from roamspec.cli.report_files import ReportFiles
from roamspec.cli.step_summary import add_step_summary
from roamspec.errors import SuiteError
from roamspec.report.console import summary
from roamspec.report.terminal import Color, Terminal
from roamspec.report.text import scrub
from roamspec.security.redaction import redacted_tree

Blocks = Callable[[dict[str, Any], int], Sequence[Sequence[str]]]
"""What a command adds to the summary, made of the report and the number of columns."""


def _no_blocks(_report: dict[str, Any], _width: int) -> Sequence[Sequence[str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A run whose files are written; nothing changes its status any more.

    `report` holds no secret. `unwritten` are sentences on the files that could not be written.
    """

    report: dict[str, Any]
    files: ReportFiles
    unwritten: Sequence[str] = ()

    def withdraw(self) -> None:
        """Take the files away: the command does not end as they say."""
        self.files.discard()

    def publish(
        self, problems: Sequence[str | None] = (), more: Blocks = _no_blocks, color: Color = "auto"
    ) -> int:
        """Print the summary and the problems; the exit status, which is the one that was printed."""
        report = self.report
        with not_interrupted():
            terminal = Terminal.of(sys.stdout, color=color)
            judged = report["checks"]["finished"] or report["ending"] == "complete"
            # Where a problem is all that there is to say, its sentence is enough.
            if judged or self.unwritten or not any(problems):
                text = summary(
                    report,
                    path=str(self.files.report),
                    width=terminal.width,
                    colour=terminal.colour,
                    more=more(report, terminal.width),
                    lang=texts().lang,
                )
            else:
                text = f"{texts().gettext('Report:')} {self.files.report}\n"
            try:
                say(text)
            except SuiteError as error:
                # The verdict is in the files all the same.
                complain(str(error))
            for sentence in (*problems, *self.unwritten, add_step_summary(report, lang=texts().lang)):
                if sentence:
                    complain(sentence)
        status: int = report["exit_status"]
        return status


def conclude(report: dict[str, Any], files: ReportFiles) -> Conclusion:
    """Write the files. Where one cannot be written, the others say so too, and the status is 4."""
    report = redacted_tree(scrub(report, files.secrets))
    with not_interrupted():
        unwritten = files.write(report)
        if unwritten:
            report = _without_verdict(report, unwritten)
            files.rewrite(report)
    return Conclusion(report, files, unwritten)


def _without_verdict(report: dict[str, Any], unwritten: Sequence[str]) -> dict[str, Any]:
    verdict = report["verdict"]
    apart = [f"Apart from that, the run was {verdict}."] if verdict != "incomplete" else []
    return report | {
        "verdict": "incomplete",
        "exit_status": SuiteError.exit_status,
        "ending": "suite-error" if report["ending"] == "complete" else report["ending"],
        "because": [*unwritten, *apart, *report["because"]],
    }
