"""Named ways to break exactly one requirement, off by default and without cost when off."""

from roamspec.faults.registry import Fault, known, switch_on

__all__ = ["Fault", "known", "switch_on"]
