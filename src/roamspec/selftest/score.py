"""From trials to a score: pure functions, values in and values out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from roamspec.selftest.subjects import Broken
from roamspec.selftest.trial import Trial


@dataclass(frozen=True, slots=True)
class Finding:
    """What the suite made of one fault.

    `red` are the requirements of its operation that failed; `elsewhere` failed ones of operations that no
    fault of the same trial breaks. `after_s` is how long the operation's checks took until the first of
    `red` failed.
    """

    fault: Broken
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

    def caught(self, decisive: Collection[str]) -> bool:
        """One of the promises that it breaks is red, and the status says so where it decides."""
        hit = [name for name in self.fault.refutes if name in self.red]
        wants_status = any(name in decisive for name in hit)
        return bool(hit) and not self.trouble and (self.status == 1 or not wants_status)

    @property
    def exact(self) -> bool:
        """All declared requirements are red, and nothing that does not follow from them."""
        return not (self.missed or self.surplus or self.elsewhere or self.trouble)


def findings(trial: Trial, operation_of: Mapping[str, str]) -> list[Finding]:
    """One for each fault of the trial: what is red is shared out by operation."""
    broken = {fault.operation for fault in trial.subject.faults}
    elsewhere = tuple(sorted(name for name in trial.red if operation_of[name] not in broken))
    found = []
    for fault in trial.subject.faults:
        red = {name: after for name, after in trial.red.items() if operation_of[name] == fault.operation}
        came = {name: trial.came.get(name, "") for name in (*red, *elsewhere)}
        after_s = min(red.values(), default=None)
        status, trouble = trial.exit_status, trial.trouble
        found.append(Finding(fault, tuple(red), elsewhere, status, after_s, trouble, came))
    return found


@dataclass(frozen=True, slots=True)
class Score:
    """How sensitive and how fair the suite is; `conforming` are the trials of subjects without a fault,
    `requirements` those that the faults of this run should turn red between them."""

    findings: Sequence[Finding]
    conforming: Sequence[Trial]
    decisive: frozenset[str]
    requirements: Sequence[str]

    @property
    def caught(self) -> list[Finding]:
        return [each for each in self.findings if each.caught(self.decisive)]

    @property
    def survivors(self) -> list[Finding]:
        """Faults that the suite did not notice."""
        return [each for each in self.findings if not each.caught(self.decisive)]

    @property
    def exact(self) -> list[Finding]:
        return [each for each in self.findings if each.exact]

    @property
    def alone(self) -> list[Finding]:
        """Blamed exactly, and with nothing beside what is declared."""
        return [each for each in self.exact if not each.along]

    @property
    def inexact(self) -> list[Finding]:
        """Noticed, but with other requirements red than declared."""
        return [each for each in self.caught if not each.exact]

    @property
    def blamed_wrongly(self) -> list[Finding]:
        """An operation is accused that is not broken, or no promise that the fault breaks is."""
        return [each for each in self.findings if each.elsewhere or (each.red and not _hit(each))]

    @property
    def failed_conforming(self) -> list[Trial]:
        return [trial for trial in self.conforming if trial.exit_status != 0 or trial.red or trial.trouble]

    @property
    def never_red(self) -> list[str]:
        """Requirements that no fault of this run turned red."""
        red = {name for each in self.findings for name in each.red}
        return [name for name in self.requirements if name not in red]

    @property
    def percent_caught(self) -> float:
        return percent(len(self.caught), len(self.findings))

    @property
    def percent_exact(self) -> float:
        return percent(len(self.exact), len(self.findings))

    def exit_status(self) -> int:
        """1 when a fault survives or is blamed wrongly, or a conforming subject fails; else 0."""
        return int(bool(self.survivors or self.blamed_wrongly or self.failed_conforming))

    def by_family(self) -> dict[str, "Score"]:
        """The same of each family of faults alone."""
        families: dict[str, list[Finding]] = {}
        for each in self.findings:
            families.setdefault(each.fault.family, []).append(each)
        return {name: Score(found, (), self.decisive, ()) for name, found in families.items()}


def percent(part: int, whole: int) -> float:
    return round(100.0 * part / whole, 1) if whole else 100.0


def _hit(finding: Finding) -> bool:
    return any(name in finding.red for name in finding.fault.refutes)
