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
    rehearsal: "DryRun", *, target: str, profile: str, width: int = 80, verbose: bool, lang: str = "en"
) -> str:
    """The text; `verbose` lists every requirement."""
    texts = translation(lang)
    blocks = [
        list(_head(rehearsal, target, profile, width, texts)),
        list(_operations(rehearsal, texts)),
        list(_open(rehearsal, width, texts)),
        list(_requirements(rehearsal, texts)) if verbose else [],
        list(_calls(rehearsal, texts)),
        list(_time(rehearsal, width, texts)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(rehearsal: "DryRun", target: str, profile: str, width: int, texts: Translation) -> Iterator[str]:
    said = f"Plan for {target}, profile {profile}: {rehearsal.checks} checks."
    if rehearsal.shard is not None:
        said = (
            f"Plan for {target}, profile {profile}, shard {rehearsal.shard.index} of "
            f"{rehearsal.shard.count}: {rehearsal.checks} checks."
        )
    yield from wrap(visible(texts.sentence(said)), width)
    said = (
        "Nothing was sent to the target. The calls were counted in one run of the checks on an embedded "
        "emulator; a target that offers less, or has pages of another size, gets fewer or more calls."
    )
    yield from wrap(texts.sentence(said), width)


def _operations(rehearsal: "DryRun", texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    every = Counter(one.operation for one in rehearsal.requirements)
    judged = Counter(one.operation for one in rehearsal.requirements if one.id not in rehearsal.reasons)
    rows = [[name, str(judged[name]), str(every[name] - judged[name])] for name in every]
    total = [str(judged.total()), str(every.total() - judged.total())]
    yield from table([[_("requirements of"), _("judged"), _("open")], *rows, [_("all"), *total]])


def _open(rehearsal: "DryRun", width: int, texts: Translation) -> Iterator[str]:
    for reason, number in Counter(rehearsal.reasons.values()).most_common():
        yield from wrap(visible(texts.sentence(reason)), width, first=f"{number:>5}  ")


def _requirements(rehearsal: "DryRun", texts: Translation) -> Iterator[str]:
    words = [texts.gettext("judge"), texts.gettext("open")]
    column = max(map(width_of, words)) + 3
    for one in rehearsal.requirements:
        yield padded(words[one.id in rehearsal.reasons], column) + one.id


def _calls(rehearsal: "DryRun", texts: Translation) -> Iterator[str]:
    _ = texts.gettext
    rows = [[_("calls against the limit of"), _("calls"), _("per second")]]
    for bucket, number in sorted(rehearsal.calls.items(), key=lambda item: -item[1]):
        limit = rehearsal.limits[bucket]
        rows.append([bucket, str(number), f"{limit:g}" if limit else _("no limit")])
    yield from table([*rows, [_("all"), str(rehearsal.requests)]])


def _time(rehearsal: "DryRun", width: int, texts: Translation) -> Iterator[str]:
    said = (
        f"About {_duration(rehearsal.duration_s)} in one process at these rates, plus the additional "
        "response times of the target."
    )
    yield from wrap(texts.sentence(said), width)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} minutes"
