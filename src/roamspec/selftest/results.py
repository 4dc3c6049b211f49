"""What came out of the fault runs so far, and which faults it makes worth another look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from roamspec.selftest.fault_run import FaultRun
from roamspec.selftest.score import FaultResult, fault_results
from roamspec.selftest.subjects import BrokenEmulator, EmulatorUnderTest, together


@dataclass
class Results:
    """A fault that is tried again alone replaces its first finding.

    Faults share a fault run because what is red of an operation is the work of that operation's fault. The
    further looks prove that rather than trust it: what is not as declared is tried alone, and what is then
    not red any more was another's work, so all that shared the fault run are tried alone, too. Who accuses
    an operation that it does not touch is seen there.
    """

    operation_of: Mapping[str, str]
    requests: int = 0
    conforming: list[FaultRun] = field(default_factory=list)
    found: dict[str, FaultResult] = field(default_factory=dict)
    _shared: dict[str, tuple[FaultResult, EmulatorUnderTest]] = field(default_factory=dict)
    """By fault: what a shared fault run made of it, and the subject of that run."""
    _alone: set[str] = field(default_factory=set)
    """The faults that are or were tried alone."""

    def take(self, fault_run: FaultRun) -> list[EmulatorUnderTest]:
        """Note what came out; returns what to try next because of it."""
        self.requests += fault_run.requests
        subject = fault_run.subject
        if not subject.faults:
            self.conforming.append(fault_run)
            return []
        found = fault_results(fault_run, self.operation_of)
        self.found |= {each.fault.name: each for each in found}
        if len(found) == 1:
            self._alone.add(found[0].fault.name)
            return self._each_alone(self._company_that_did_it(found[0]))
        self._shared |= {each.fault.name: (each, subject) for each in found}
        return self._each_alone([each.fault for each in found if not each.exact])

    def _company_that_did_it(self, alone: FaultResult) -> list[BrokenEmulator]:
        """Those beside which a fault got other failing requirements than alone."""
        if alone.fault.name not in self._shared:
            return []
        before, subject = self._shared[alone.fault.name]
        unexplained = {*before.surplus, *before.elsewhere} - {*alone.red, *alone.elsewhere}
        return [fault for fault in subject.faults if unexplained]

    def _each_alone(self, faults: list[BrokenEmulator]) -> list[EmulatorUnderTest]:
        further = [fault for fault in faults if fault.name not in self._alone]
        self._alone |= {fault.name for fault in further}
        return together(further, "none")
