"""A page as a whole: its facts beside the contract, its words beside the citations, and what that touches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from roamspec.contract.citations import Citations, Source
from roamspec.contract.errata import Erratum
from roamspec.contract.operations import Contract
from roamspec.contract.requirements import Requirement
from roamspec.documentation.comparison import compare, operation_of
from roamspec.documentation.extraction import extract
from roamspec.documentation.facts import DocumentedPage
from roamspec.documentation.findings import Finding
from roamspec.documentation.page import Page
from roamspec.documentation.statements import Looked, Passages, look_up
from roamspec.errors import TargetError


class NotThisPage(TargetError):  # noqa: N818 - what it is
    """What was read is no page of the five operations."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a page says: its facts, how each compares, and where the cited words stand."""

    page: Page
    documented: DocumentedPage
    operations: tuple[str, ...]
    findings: tuple[Finding, ...]
    looked: tuple[Looked, ...]
    by_finding: dict[Finding, tuple[str, ...]]
    by_passage: dict[tuple[str, str | None], tuple[str, ...]]

    @property
    def changed(self) -> bool:
        """Whether the page says something else than the contract or the citations."""
        return bool(self.differences or self.changed_passages)

    @property
    def differences(self) -> list[Finding]:
        """The facts that do not agree with the contract."""
        return [finding for finding in self.findings if not finding.agrees]

    @property
    def changed_passages(self) -> list[Looked]:
        """The citations whose words are no longer there."""
        return [each for each in self.looked if each.standing == "changed"]

    @property
    def touched(self) -> list[str]:
        """The IDs of all requirements that rest on something that changed, each once."""
        by_change = [self.by_finding[each] for each in self.differences]
        by_change += [self.by_passage[each.name, each.operation] for each in self.changed_passages]
        return list(dict.fromkeys(identifier for each in by_change for identifier in each))

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that `roamspec doc --json` prints."""
        return {
            "form": self.page.form,
            "operations": list(self.operations),
            "changed": self.changed,
            "facts": [
                finding.as_dict() | ({} if finding.agrees else {"requirements": self.by_finding[finding]})
                for finding in self.findings
            ],
            "citations": [
                {
                    "name": each.name,
                    "operation": each.operation,
                    "says": each.says,
                    "outcome": each.standing,
                    "line": each.line,
                    "requirements": self.by_passage[each.name, each.operation],
                }
                for each in self.looked
            ],
            "requirements": self.touched,
        }


def examine(
    page: Page,
    contract: Contract,
    citations: Citations,
    errata: Sequence[Erratum],
    requirements: Iterable[Requirement],
) -> Examination:
    """Compare a page with the contract and with what is cited of it; NotThisPage when it has no operation."""
    documented = extract(page, citations.headings.values())
    if not documented.operations:
        raise NotThisPage(
            "no request line of the five operations (such as DELETE https://.../rest/message/roaming/...) "
            "stands on this page; name a page that documents them."
        )
    passages = Passages(page)
    known = {line for each in errata for place in each.places for line in passages.lines_of(place)}
    named = [(each, operation_of(each, contract)) for each in documented.operations]
    sections = {ours.name: range(each.first, each.last + 1) for each, ours in named if ours is not None}
    findings = tuple(compare(documented, contract, known))
    looked = tuple(look_up(page, citations, errata, sections))
    touching = _Touching(citations, errata, tuple(requirements))
    return Examination(
        page=page,
        documented=documented,
        operations=tuple(each.name if each else f"{of.method} {of.path}" for of, each in named),
        findings=findings,
        looked=looked,
        by_finding={
            each: touching.by_fact(each.fact, each.operation) for each in findings if not each.agrees
        },
        by_passage={(each.name, each.operation): touching.by_statement(each) for each in looked},
    )


class _Touching:
    """Which requirements rest on a statement."""

    def __init__(
        self, citations: Citations, errata: Sequence[Erratum], requirements: Sequence[Requirement]
    ) -> None:
        self._citations = citations
        self._ids = [each.id for each in requirements]
        self._resting: dict[Source, dict[str, None]] = {}
        for each in requirements:
            for source in each.sources:
                self._resting.setdefault(source, {})[each.id] = None
        self._errata = {f"erratum {each.id}": each.requirements for each in errata}

    def by_fact(self, fact: str, operation: str) -> tuple[str, ...]:
        """Those that rest on the statements of this fact, else on those of its kind: `query/new` is `query`,
        and what no statement is of is a matter of the request line."""
        facts = self._citations.facts
        names = facts.get(fact) or facts.get(fact.partition("/")[0]) or facts.get("request", ())
        sources = [source for name in names for source in self._sources(name, operation)]
        return self._resting_on(sources)

    def by_statement(self, looked: Looked) -> tuple[str, ...]:
        if looked.name in self._errata:
            patterns = self._errata[looked.name]
            return tuple(
                each for each in self._ids if any(fnmatchcase(each, pattern) for pattern in patterns)
            )
        return self._resting_on([self._citations.by_id[looked.name][looked.operation]])

    def _sources(self, statement: str, operation: str) -> list[Source]:
        by_operation = self._citations.by_id[statement]
        own = [by_operation[key] for key in (operation, None) if key in by_operation]
        # What the contract has no operation for, or what is said of all, is a matter of every operation.
        return own if operation in self._citations.headings else list(by_operation.values())

    def _resting_on(self, sources: Sequence[Source]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for source in sources for each in self._resting.get(source, ())))
