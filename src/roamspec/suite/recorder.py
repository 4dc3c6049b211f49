"""Collects what one check finds about each of its requirements; one finding never hides another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from roamspec.api.devices import Device
from roamspec.appkey import AppKey
from roamspec.reproduction.arranging import arranging, as_dicts
from roamspec.results.events import Failure, Judgement
from roamspec.suite.scripted_comparison import Comparison
from roamspec.suite.triage_hints import likely_fault
from roamspec.transport.curl import curl_lines
from roamspec.transport.exchange import Exchange
from roamspec.transport.http_messages import Response
from roamspec.world.conversations import HistoryView

Evidence = Exchange | Response | HistoryView | None
_NEVER_JUDGED: Final = "the check ended before it was judged"
"""Why a requirement is open that is neither judged nor said to be open."""


class VerdictRecorder:
    """Judgements of one check of one operation.

    A requirement may be judged several times: it fails if it failed once. Requirements that the check
    does not declare are an error of the check; those of other operations' shape (declared for the
    check, but unknown to this operation) are ignored.
    """

    def __init__(
        self,
        slug: str,
        declared: Mapping[str, str],
        known: Iterable[str],
        *,
        main: AppKey | None = None,
        besides: Mapping[str, str] = MappingProxyType({}),
        judged_as: Mapping[str, str] = MappingProxyType({}),
        history: Callable[[], Sequence[Exchange]] = tuple,
    ) -> None:
        """`declared` maps the names this operation has to the reason why they cannot be judged here
        (empty when they can); `known` are all names that the check declares; `main` is the app under test.
        `besides` are like `declared`, but of other checks': nothing is said of them unless one fails.
        `judged_as` has the IDs that are judged under another one, with that one. `history` has what the
        session has sent so far that changed something."""
        self._history = history
        self._judged_as = judged_as
        self._main = main
        self._slug = slug
        self._declared = dict(declared)
        self._besides = {name: lack for name, lack in besides.items() if name not in declared}
        self._known = {*known, *self._besides}
        self._found: dict[str, Judgement] = {}
        self.watched: Callable[[], Iterable[Device]] = tuple
        """The online devices of the check: a failure shows what they were notified of."""
        self.failed: Callable[[Judgement], None] | None = None
        """Hears of each failure at once, while what the check has made is still there."""
        self.judged: Callable[[str, bool], None] | None = None
        """Hears of each judgement, also of those that repeat another: the requirement, and whether it
        held."""
        self._served: set[str] = set()

    def wants(self, *names: str) -> bool:
        """Whether any of the names can be judged here: a check may save itself the work otherwise."""
        return any(name in self._declared and not self._declared[name] for name in names)

    def check(
        self,
        name: str,
        holds: bool,
        *evidence: Evidence,
        expected: str,
        actual: str,
        hint: str = "",
        compares: Comparison | None = None,
    ) -> bool:
        """Judge one requirement; `expected` names every acceptable outcome. Returns `holds`.

        `compares` says the same to a script, where curl and jq can see it."""
        if not self._may_judge(name):
            return holds
        identifier = self._identifier(name)
        if self.judged is not None:
            self.judged(identifier, holds)
        if not holds:
            if identifier not in self._found or self._found[identifier].verdict != "fail":
                seen = _exchanges(evidence)
                likely = hint or likely_fault(seen, family=name.partition(".")[0], main=self._main)
                failure = self._failure(seen, compares, expected, actual, likely)
                devices = tuple(device.as_dict() for device in self.watched())
                failure = replace(failure, devices=devices)
                self._found[identifier] = judgement = Judgement(identifier, "fail", "", failure)
                if self.failed is not None:
                    self.failed(judgement)
        elif name in self._declared:
            self._found.setdefault(identifier, Judgement(identifier, "pass"))
        return holds

    def served(self, name: str) -> None:
        """A call that does not keep to the contract was answered with success, which this requirement
        allows."""
        self._served.add(f"{self._slug}.{name}")

    def inconclusive(self, name: str, reason: str) -> None:
        """This requirement could not be judged here, and why."""
        if self._may_judge(name) and name in self._declared:
            identifier = self._identifier(name)
            self._found.setdefault(identifier, Judgement(identifier, "inconclusive", reason))

    def rest_inconclusive(self, reason: str) -> None:
        """What the check has not judged so far could not be judged, and why."""
        for name, lack in self._declared.items():
            if not lack:
                self.inconclusive(name, reason)

    def judgements(self, ended_because: str = "") -> tuple[Judgement, ...]:
        """All judgements; what is still open is inconclusive because of `ended_because`."""
        found = dict(self._found)
        for name, missing in self._declared.items():
            identifier = self._identifier(name)
            reason = missing or ended_because or _NEVER_JUDGED
            found.setdefault(identifier, Judgement(identifier, "inconclusive", reason))
        return tuple(map(self._remarked, found.values()))

    @property
    def left_open(self) -> frozenset[str]:
        """The IDs of requirements that could be judged here, and were neither judged nor said to be open."""
        identifiers = {self._identifier(name) for name, lacks in self._declared.items() if not lacks}
        return frozenset(identifiers - self._found.keys())

    def knows(self, name: str) -> bool:
        """Whether the operation has this requirement and it can be judged here."""
        return name in self._known and self._may_judge(name)

    @property
    def failed_an_effect(self) -> bool:
        """Whether anything has failed but what is said of the form of a success."""
        return any(
            each.verdict == "fail" and not each.requirement.startswith(f"{self._slug}.success.")
            for each in self._found.values()
        )

    def recorded(self) -> tuple[Judgement, ...]:
        """The judgements made so far, without those that are still open."""
        return tuple(map(self._remarked, self._found.values()))

    def _remarked(self, judgement: Judgement) -> Judgement:
        passed = judgement.verdict == "pass" and judgement.requirement in self._served
        return replace(judgement, served=True) if passed else judgement

    def _failure(
        self, seen: Sequence[Exchange], compares: Comparison | None, expected: str, actual: str, hint: str
    ) -> Failure:
        compared = compares.ids if compares and compares.kind in ("deleted", "retained") else ()
        exchanges = as_dicts(seen)
        return Failure(
            expected,
            actual,
            exchanges,
            curl_lines(exchanges),
            hint,
            as_dicts(arranging(self._history(), seen, compared)),
            compares.as_dict() if compares else None,
        )

    def _identifier(self, name: str) -> str:
        identifier = f"{self._slug}.{name}"
        return self._judged_as.get(identifier, identifier)

    def _may_judge(self, name: str) -> bool:
        if name not in self._known:
            raise AssertionError(f"the check judges {name!r}, which it does not declare")
        lacks = self._declared.get(name, self._besides.get(name))
        return lacks is not None and not lacks


def _exchanges(evidence: Iterable[Evidence]) -> list[Exchange]:
    found: list[Exchange] = []
    for item in evidence:
        exchange = item if isinstance(item, Exchange) or item is None else item.exchange
        if exchange is not None and exchange not in found:
            found.append(exchange)
    return found
