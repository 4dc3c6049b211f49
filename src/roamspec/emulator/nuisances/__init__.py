"""What networks and busy services do to a client, on a schedule that can be replayed.

Unlike a fault, a nuisance breaks no promise of the five operations: it tries how a client bears it.
"""

from roamspec.emulator.nuisances.rule import KINDS, Rule, parse_rule, read_rule
from roamspec.emulator.nuisances.schedule import Schedule

__all__ = ["KINDS", "Rule", "Schedule", "parse_rule", "read_rule"]
