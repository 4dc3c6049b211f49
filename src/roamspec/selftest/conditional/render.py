"""The table of faults behind conditions, for a terminal."""

from collections.abc import Sequence
from statistics import median

from roamspec.report import terminal_text
from roamspec.selftest.conditional.results import Outcome, ProfileResult
from roamspec.selftest.layers import LAYERS


def table(results: Sequence[ProfileResult]) -> str:
    """One column for each profile; below it what was not noticed, and what was attributed wrongly."""
    rows = [
        ["", *(result.profile for result in results)],
        ["faults", *(str(len(result.outcomes)) for result in results)],
        ["condition met", *(str(result.count("met")) for result in results)],
        ["shown to the suite", *(_share(result, "shown", result.met_percent) for result in results)],
        ["of these detected", *(_share(result, "noticed", result.noticed_percent) for result in results)],
        ["attributed to another operation", *(str(len(result.misattributed)) for result in results)],
    ]
    for layer in LAYERS:
        cells = (f"{r.by_layer(layer)} ({r.by_layer(layer, alone=True)} alone)" for r in results)
        rows.append([f"detected by {layer}", *cells])
    rows += [
        ["requests, median and most", *(_spread([o.requests for o in r.outcomes]) for r in results)],
        ["seconds, median and most", *(_spread([o.seconds for o in r.outcomes]) for r in results)],
    ]
    lines = terminal_text.table(rows, gap=2)
    for result in results:
        lines += _section(f"{result.profile}: by condition", _by_condition(result.outcomes))
        lines += _section(f"{result.profile}: shown and not detected", _unnoticed(result.outcomes))
        lines += _section(f"{result.profile}: not shown", _not_shown(result.outcomes))
        wrong = [f"{o.fault.text}: {', '.join(o.elsewhere)}" for o in result.misattributed]
        lines += _section(f"{result.profile}: attributed to another operation", wrong)
        troubles = [f"{o.fault.text}: {o.trouble}" for o in result.outcomes if o.trouble]
        lines += _section(f"{result.profile}: no verdict", troubles)
    return "\n".join(lines) + "\n"


def _share(result: ProfileResult, what: str, percent: float) -> str:
    return f"{result.count(what)} ({percent} %)"


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):,.0f} / {max(values):,.0f}" if values else "-"


def _by_condition(outcomes: Sequence[Outcome]) -> list[str]:
    """Of the faults behind each condition, how many were met, shown and noticed; what was shown least comes
    first."""
    drawn: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for condition in outcome.fault.conditions:
            drawn.setdefault(condition.text, []).append(outcome)

    def missed(item: tuple[str, list[Outcome]]) -> tuple[int, int, str]:
        shown, noticed = sum(each.shown for each in item[1]), sum(each.noticed for each in item[1])
        return shown - len(item[1]), noticed - shown, item[0]

    return [
        f"{text}: of {len(those)} faults {sum(each.met for each in those)} met, "
        f"{sum(each.shown for each in those)} shown, {sum(each.noticed for each in those)} detected"
        for text, those in sorted(drawn.items(), key=missed)
    ]


def _unnoticed(outcomes: Sequence[Outcome]) -> list[str]:
    return [f"{o.fault.text} ({o.occasion.shown} calls)" for o in outcomes if o.shown and not o.noticed]


def _not_shown(outcomes: Sequence[Outcome]) -> list[str]:
    return [
        f"{o.fault.text} (met {o.occasion.met} of {o.occasion.calls} calls)" for o in outcomes if not o.shown
    ]


def _section(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {item}" for item in items)] if items else []
