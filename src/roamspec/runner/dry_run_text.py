"""The plan of a run for a terminal: what would be judged, with how many calls, in what time."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from roamspec.report.terminal_text import padded, table, width_of, wrap
from roamspec.report.text import visible
from roamspec.report.translation import Translation, translation

if TYPE_CHECKING:
    from roamspec.runner.dry_run import DryRun


def plan_text(
    plan: "DryRun", *, target: str, profile: str, width: int = 80, verbose: bool, lang: str = "en"
) -> str:
    """The text; `verbose` lists every requirement."""
    texts = translation(lang)
    blocks = [
        list(_head(plan, target, profile, width, texts)),
        list(_operations(plan, texts)),
        list(_open(plan, width, texts)),
        list(_requirements(plan, texts)) if verbose else [],
        list(_calls(plan, texts)),
        list(_time(plan, width, texts)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(plan: "DryRun", target: str, profile: str, width: int, texts: Translation) -> Iterator[str]:
    said = f"Plan for {target}, profile {profile}: {plan.checks} checks."
    if plan.shard is not None:
        said = (
            f"Plan for {target}, profile {profile}, shard {plan.shard.index} of {plan.shard.count}: "
            f"{plan.checks} checks."
        )
    yield from wrap(visible(texts.sentence(said)), width)
    said = (
        "Nothing was sent to the target. The calls were counted in one run of the checks on an embedded "
        "emulator; a target that offers less, or has pages of another size, gets fewer or more calls."
    )
    yield from wrap(texts.sentence(said), width)


def _operations(plan: "DryRun", texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    every = Counter(one.operation for one in plan.requirements)
    judged = Counter(one.operation for one in plan.requirements if one.id not in plan.reasons)
    rows = [[name, str(judged[name]), str(every[name] - judged[name])] for name in every]
    total = [str(judged.total()), str(every.total() - judged.total())]
    yield from table([[_("requirements of"), _("judged"), _("open")], *rows, [_("all"), *total]])


def _open(plan: "DryRun", width: int, texts: Translation) -> Iterator[str]:
    for reason, number in Counter(plan.reasons.values()).most_common():
        yield from wrap(visible(texts.sentence(reason)), width, first=f"{number:>5}  ")


def _requirements(plan: "DryRun", texts: Translation) -> Iterator[str]:
    words = [texts.gettext("judge"), texts.gettext("open")]
    column = max(map(width_of, words)) + 3
    for one in plan.requirements:
        yield padded(words[one.id in plan.reasons], column) + one.id


def _calls(plan: "DryRun", texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    rows = [[_("calls against the limit of"), _("calls"), _("per second")]]
    for bucket, number in sorted(plan.calls.items(), key=lambda item: -item[1]):
        limit = plan.limits[bucket]
        rows.append([bucket, str(number), f"{limit:g}" if limit else _("no limit")])
    yield from table([*rows, [_("all"), str(plan.requests)]])


def _time(plan: "DryRun", width: int, texts: Translation) -> Iterator[str]:
    said = (
        f"About {_duration(plan.duration_s)} in one process at these rates, plus the additional "
        "response times of the target."
    )
    yield from wrap(texts.sentence(said), width)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes"
