"""What the page shows, in the order in which it shows it: plain values made from a report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from roamspec.report.html.charts import Bar, Curve, lag_bars, operation_bars, rate_curve, slowest_bars
from roamspec.report.html.findings import Finding, finding_of
from roamspec.report.html.matrix import Matrix, matrix_of
from roamspec.report.translation import N_, Translation
from roamspec.results.verdict import VERDICTS

ENDINGS: Final = (
    N_("complete"),
    N_("failures-reached"),
    N_("interrupted"),
    N_("target-lost"),
    N_("suite-error"),
)
KINDS: Final = (N_("emulator"), N_("service"), N_("cassette"), N_("sdk"))


@dataclass(frozen=True, slots=True)
class Group:
    """Requirements that were not judged for the same reason."""

    reason: str
    items: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template shows."""

    report: dict[str, Any]
    verdicts: Sequence[str]
    operations: Sequence[str]
    families: Sequence[str]
    matrix: Matrix
    blocking: Sequence[Finding]
    further: Sequence[Finding]
    waived: Sequence[Finding]
    inconclusive: Sequence[Group]
    not_run: Sequence[Group]
    passed: Sequence[dict[str, Any]]
    slowest: Sequence[Bar]
    per_operation: Sequence[Bar]
    rate: Curve | None
    lags: Sequence[Bar]
    configuration: Sequence[tuple[str, str]]
    request_rate: float


def page_of(report: dict[str, Any], texts: Translation) -> Page:
    """The page of a report."""
    items = report["requirements"]
    failed = [item for item in items if item["verdict"] == "fail"]
    blocks = [item for item in failed if item["decisive"] or report["strict"]]
    return Page(
        report=report,
        verdicts=VERDICTS,
        operations=list(dict.fromkeys(name for item in items for name in item["operations"])),
        families=list(dict.fromkeys(family_of(item) for item in items)),
        matrix=matrix_of(items, strict=report["strict"]),
        blocking=[finding_of(item, texts) for item in blocks],
        further=[finding_of(item, texts) for item in failed if item not in blocks],
        waived=[finding_of(item, texts) for item in items if item["verdict"] == "waived"],
        inconclusive=_groups(items, "inconclusive"),
        not_run=_groups(items, "not-run"),
        passed=[item for item in items if item["verdict"] == "pass"],
        slowest=slowest_bars(items),
        per_operation=operation_bars(items),
        rate=rate_curve(report),
        lags=lag_bars(report, _kinds(texts)),
        configuration=_configuration(report, texts),
        request_rate=report["requests"] / report["duration_s"] if report["duration_s"] else 0.0,
    )


def _kinds(texts: Translation) -> dict[str, str]:
    _ = texts.gettext
    return {
        "deletions": _("A deletion in the history"),
        "messages": _("A new message in the history"),
        "lists": _("A change in the conversation list"),
        "notifications": _("A notification on a device"),
    }


def family_of(item: dict[str, Any]) -> str:
    """The middle of `<slug of the operation>.<family>.<name>`."""
    return str(item["id"]).split(".")[1]


def _groups(items: Sequence[dict[str, Any]], verdict: str) -> Sequence[Group]:
    open_ones = [item for item in items if item["verdict"] == verdict]
    reasons = Counter(item["reason"] for item in open_ones)
    return [
        Group(reason, [item for item in open_ones if item["reason"] == reason])
        for reason, _ in reasons.most_common()
    ]


def _configuration(report: dict[str, Any], texts: Translation) -> Sequence[tuple[str, str]]:
    """How the run was made: what the report knows of it holds no secret."""
    _, target = texts.gettext, report["target"]
    rows = [
        (_("Target"), f"{_(target['kind'])} {target['base_url']}".strip()),
        (_("App Key"), target["app_key"]),
        (_("Profile"), report["profile"]),
        (_("Seed"), str(report["seed"])),
        (_("Strict"), _("yes") if report["strict"] else _("no")),
        (_("Started"), report["started_at"]),
        (_("roamspec version"), report["tool"]["version"]),
        (_("Revision of the requirements"), str(report["catalogue"]["revision"])),
        (_("SHA-256 of the contract"), report["contract"]["sha256"]),
        (_("Checks"), f"{report['checks']['finished']} / {report['checks']['planned']}"),
        (_("How the run ended"), _(report["ending"])),
    ]
    if "sdk" in report:
        rows.append((_("Command"), " ".join(report["sdk"]["command"]["words"])))
    return [(name, value) for name, value in rows if value]
