"""The verdicts on a requirement, as people read them."""

from typing import Final

from roamspec.report.translation import N_

VERDICT_LABELS: Final = {
    "pass": N_("passed"),
    "fail": N_("failed"),
    "inconclusive": N_("inconclusive"),
    "waived": N_("waived"),
    "not-run": N_("not run"),
}
