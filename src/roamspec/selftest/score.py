"""From fault runs to a score: pure functions, values in and values out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.subjects import BrokenEmulator


@dataclass(frozen=True, slots=True)
class FaultResult:
    """What the suite made of one fault.

    `red` are the requirements of its operation that failed; `elsewhere` failed ones of operations that no
    fault of the same run breaks. `after_s` is how long the operation's checks took until the first of
    `red` failed.
    """

    fault: BrokenEmulator
    red: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    status: int = 1
    after_s: float | None = None
    trouble: str = ""
    came: Mapping[str, str] = field(default_factory=dict)
    """What came instead of what each red requirement expects."""

    @property
    def missed(self) -> tuple[str, ...]:
        """Declared, but not red."""
        return tuple(name for name in self.fault.refutes if name not in self.red)

    @property
    def along(self) -> tuple[str, ...]:
        """Red because it follows from what is declared."""
        return tuple(n for n in self.red if n in self.fault.follows and n not in self.fault.refutes)

    @property
    def surplus(self) -> tuple[str, ...]:
        """Red, but neither declared nor following from it."""
        return tuple(name for name in self.red if not self.fault.explains(name))

    def detected(self, decisive: Collection[str]) -> bool:
        """One of the requirements that it breaks is red, and the status says so where it decides."""
        hit = [name for name in self.fault.refutes if name in self.red]
        wants_status = any(name in decisive for name in hit)
        return bool(hit) and not self.trouble and (self.status == 1 or not wants_status)

    @property
    def exact(self) -> bool:
        """All declared requirements are red, and nothing that does not follow from them."""
        return not (self.missed or self.surplus or self.elsewhere or self.trouble)


def fault_results(fault_run: FaultRun, operation_of: Mapping[str, str]) -> list[FaultResult]:
    """One for each fault of the run: what is red is shared out by operation."""
    broken = {fault.operation for fault in fault_run.subject.faults}
    elsewhere = tuple(sorted(name for name in fault_run.failing if operation_of[name] not in broken))
    found = []
    for fault in fault_run.subject.faults:
        red = {
            name: after for name, after in fault_run.failing.items() if operation_of[name] == fault.operation
        }
        came = {name: fault_run.came.get(name, "") for name in (*red, *elsewhere)}
        after_s = min(red.values(), default=None)
        status, trouble = fault_run.exit_status, fault_run.trouble
        found.append(FaultResult(fault, tuple(red), elsewhere, status, after_s, trouble, came))
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """How sensitive and how fair the suite is; `conforming` are the runs of subjects without a fault,
    `requirements` those that the faults of this run make fail between them."""

    findings: Sequence[FaultResult]
    conforming: Sequence[FaultRun]
    decisive: frozenset[str]
    requirements: Sequence[str]

    @property
    def detected(self) -> list[FaultResult]:
        """The faults that were detected."""
        return [each for each in self.findings if each.detected(self.decisive)]

    @property
    def undetected(self) -> list[FaultResult]:
        """Faults that the suite did not notice."""
        return [each for each in self.findings if not each.detected(self.decisive)]

    @property
    def exact(self) -> list[FaultResult]:
        """Faults whose declared requirements fail, and otherwise only what follows from them."""
        return [each for each in self.findings if each.exact]

    @property
    def alone(self) -> list[FaultResult]:
        """Faults that are attributed exactly, without a failing requirement beside the declared ones."""
        return [each for each in self.exact if not each.along]

    @property
    def inexact(self) -> list[FaultResult]:
        """Faults that are detected, with other failing requirements than declared."""
        return [each for each in self.detected if not each.exact]

    @property
    def misattributed(self) -> list[FaultResult]:
        """Faults that are attributed to an operation that is not broken, or to none of the requirements that
        they break."""
        return [each for each in self.findings if each.elsewhere or (each.red and not _hit(each))]

    @property
    def failed_conforming(self) -> list[FaultRun]:
        """Runs on a conforming subject that ended otherwise than with 0, or in which something failed."""
        return [
            fault_run
            for fault_run in self.conforming
            if fault_run.exit_status != 0 or fault_run.failing or fault_run.trouble
        ]

    @property
    def never_red(self) -> list[str]:
        """Requirements that no fault of this run failed."""
        red = {name for each in self.findings for name in each.red}
        return [name for name in self.requirements if name not in red]

    @property
    def percent_caught(self) -> float:
        """How many of all faults were detected, in percent."""
        return percent(len(self.detected), len(self.findings))

    @property
    def percent_exact(self) -> float:
        """How many of all faults were attributed exactly, in percent."""
        return percent(len(self.exact), len(self.findings))

    def exit_status(self) -> int:
        """1 when a fault survives or is attributed wrongly, or a conforming subject fails; else 0."""
        return int(bool(self.undetected or self.misattributed or self.failed_conforming))

    def by_family(self) -> dict[str, "Score"]:
        """The same of each family of faults alone."""
        families: dict[str, list[FaultResult]] = {}
        for each in self.findings:
            families.setdefault(each.fault.family, []).append(each)
        return {name: Score(found, (), self.decisive, ()) for name, found in families.items()}


def percent(part: int, whole: int) -> float:
    """A share in percent, with one decimal; 100 of nothing."""
    return round(100.0 * part / whole, 1) if whole else 100.0


def _hit(finding: FaultResult) -> bool:
    return any(name in finding.red for name in finding.fault.refutes)
