"""The pages on requirements, made of the catalogue, the checks and the seeded faults: one page per family."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from tools.documentation_site.families import CLIENTS, SERVICE, About
from tools.documentation_site.labels import Labels, labels_of

from roamspec.contract.citations import Source
from roamspec.contract.errata import Erratum
from roamspec.contract.requirements import Requirement
from roamspec.faults.exemptions import EXCUSED
from roamspec.faults.registry import Fault
from roamspec.language.translation import Translation

FOLDER = "requirements"
_SHOWN_AT_ONCE = 4
"""More faults than these are in a box that the reader opens."""


@dataclass(frozen=True)
class Material:
    """What the pages are made of.

    `checks` has the names of the requirements, without the operation, that each check judges.
    """

    service: Sequence[Requirement]
    clients: Sequence[Requirement]
    checks: Mapping[str, Sequence[str]]
    faults: Sequence[Fault]
    errata: Sequence[Erratum]
    revision: int

    @cached_property
    def judged_by(self) -> Mapping[str, Sequence[str]]:
        """The checks that judge each requirement, by its name without the operation."""
        found: dict[str, list[str]] = defaultdict(list)
        for check, names in self.checks.items():
            for name in names:
                found[name].append(check)
        return found

    @cached_property
    def broken_by(self) -> Mapping[str, Sequence[Fault]]:
        """The faults that break each requirement, by its ID."""
        found: dict[str, list[Fault]] = defaultdict(list)
        for fault in self.faults:
            for identifier in fault.refutes:
                found[identifier].append(fault)
        return found


def requirement_pages(material: Material, texts: Translation) -> Mapping[str, str]:
    """Markdown of each page by its path in the site; `texts` are those of its language."""
    labels = labels_of(texts.lang)
    ending = ".md" if texts.lang == "en" else f".{texts.lang}.md"
    pages = {f"{FOLDER}/index{ending}": "\n".join(_overview(material, labels)) + "\n"}
    for about, requirements in ((SERVICE, material.service), (CLIENTS, material.clients)):
        for family, entries in _by_family(requirements).items():
            lines = _family(family, about[family], entries, material, texts)
            pages[f"{FOLDER}/{family}{ending}"] = "\n".join(lines) + "\n"
    return pages


def _by_family(requirements: Iterable[Requirement]) -> Mapping[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        found[requirement.family].append(requirement)
    return found


def _overview(material: Material, labels: Labels) -> Iterator[str]:
    yield from (f"# {labels.overview}", "", labels.overview_text.format(revision=material.revision), "")
    for anchor, heading, about, requirements in (
        ("service", labels.service, SERVICE, material.service),
        ("clients", labels.clients, CLIENTS, material.clients),
    ):
        yield from (f"## {heading} {{ #{anchor} }}", "")
        yield from (f"| {' | '.join(labels.columns)} |", "| --- | --- | ---: | ---: |")
        for family, entries in _by_family(requirements).items():
            decisive = sum(each.decisive for each in entries)
            sentence = _said(about[family], labels)
            yield f"| [`{family}`]({family}.md) | {sentence} | {len(entries)} | {decisive} |"
        yield f"| {labels.all} | | {len(requirements)} | {sum(each.decisive for each in requirements)} |"
        yield ""


def _said(about: About, labels: Labels) -> str:
    return about.zh if labels.lang == "zh" else about.en


def _family(
    family: str, about: About, entries: Sequence[Requirement], material: Material, texts: Translation
) -> Iterator[str]:
    labels = labels_of(texts.lang)
    yield from ("---", f"title: {family}", "---", "")  # what the navigation shows
    yield from (f"# {labels.family.format(family=family)}", "", _said(about, labels), "")
    command = labels.client_commands if family in CLIENTS else labels.commands
    yield from (command.format(family=family), "")
    by_name: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in entries:
        by_name[requirement.id.partition(".")[2]].append(requirement)
    for name, alike in by_name.items():
        yield from (f"## `{name}` {{ #{name} }}", "")
        yield from _grounds(alike, texts)
        yield from _judged(name, alike, material, texts)
        if family not in CLIENTS:
            yield from _broken(name, alike, material, texts)
        yield from _errata(alike, material, labels)


def _grounds(alike: Sequence[Requirement], texts: Translation) -> Iterator[str]:
    """Title, level and citations, which may differ between the operations that have the requirement."""
    labels = labels_of(texts.lang)
    by_title: dict[tuple[str, str, str, str], list[Requirement]] = defaultdict(list)
    for each in alike:
        by_title[each.title, each.level, each.evidence, each.step].append(each)
    for (title, level, evidence, step), those in by_title.items():
        first = those[0]
        decides = labels.blocking if first.decisive else labels.non_blocking
        known = labels.comma.join(map(texts.gettext, (level, evidence)))
        yield from (f"**{texts.gettext(title)}**", "")
        yield f"- {labels.operations}{labels.colon}{_codes([each.operation for each in those], labels)}"
        yield f"- {labels.level}{labels.colon}{known}{decides}"
        if first.capabilities:
            yield f"- {labels.needs}{labels.colon}{_codes(first.capabilities, labels)}"
        if first.since > 1:
            yield f"- {labels.since}{labels.colon}{first.since}"
        yield from (f"- {labels.source}{labels.colon.rstrip()}", "")
        yield from (f"    - {line}" for line in _citations(those, texts))
        yield ""
        if step:
            yield from (f"{labels.thus}{texts.gettext(step)}", "")


def _citations(those: Sequence[Requirement], texts: Translation) -> Iterator[str]:
    """Each statement once, with every place where it is said: page, section, line."""
    labels = labels_of(texts.lang)
    places: dict[tuple[str, str, str], dict[Source, None]] = defaultdict(dict)
    for requirement in those:
        for source in requirement.sources:
            places[source.says, source.page.title, source.page.url].setdefault(source)
    for (says, page, url), sources in places.items():
        where = "; ".join(_place(source, labels) for source in sources)
        yield f"{texts.gettext(says)} ([{page}]({url}){labels.colon}{where})"


def _place(source: Source, labels: Labels) -> str:
    line = "" if source.line is None else labels.comma + labels.line.format(line=source.line)
    return source.section + line


def _judged(name: str, alike: Sequence[Requirement], material: Material, texts: Translation) -> Iterator[str]:
    labels = labels_of(texts.lang)
    checks = material.judged_by.get(name, ())
    if alike[0].family in CLIENTS:
        yield from (f"{labels.judged_by}{labels.colon}{labels.by_sdk}", "")
    elif checks:
        yield from (f"{labels.judged_by}{labels.colon}{_codes(checks, labels)}", "")
    for reason in dict.fromkeys(each.unchecked for each in alike if each.unchecked):
        yield from (labels.not_judged.format(reason=texts.gettext(reason)), "")


def _broken(name: str, alike: Sequence[Requirement], material: Material, texts: Translation) -> Iterator[str]:
    """The faults by their names without the operation, each with its sentence (English, as `roamspec faults`
    prints it) and, where not all have it, its operations."""
    labels = labels_of(texts.lang)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in alike:
        for fault in material.broken_by.get(each.id, ()):
            found[fault.name.partition(".")[2], fault.sentence].append(each.operation)
    if not found:
        if name in EXCUSED:
            yield from (labels.excused.format(reason=texts.gettext(EXCUSED[name])), "")
        return
    folded = len(found) > _SHOWN_AT_ONCE
    heading = labels.faults.format(count=len(found))
    yield from (f'??? note "{heading}"' if folded else f"{labels.broken_by}{labels.colon.rstrip()}", "")
    for (fault_name, sentence), operations in found.items():
        everywhere = len(operations) == len(alike)
        where = "" if everywhere else f" ({_codes(operations, labels)})"
        yield f"{'    ' if folded else ''}- `{fault_name}`{labels.colon}{sentence}{where}"
    yield ""


def _errata(alike: Sequence[Requirement], material: Material, labels: Labels) -> Iterator[str]:
    links = [
        f"[{erratum.id}](../errata.md#{erratum.id})"
        for erratum in material.errata
        if any(fnmatchcase(each.id, pattern) for pattern in erratum.requirements for each in alike)
    ]
    if links:
        yield from (f"{labels.errata}{labels.colon}{labels.comma.join(links)}", "")


def _codes(words: Iterable[str], labels: Labels) -> str:
    return labels.comma.join(f"`{word}`" for word in words)
