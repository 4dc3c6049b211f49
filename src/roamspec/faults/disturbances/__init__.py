"""What networks and busy services do to a client, on a schedule that can be replayed.

Unlike a fault, a disturbance breaks no requirement of the five operations: it tries how a client bears it.
"""

from roamspec.faults.disturbances.rule import KINDS, DisturbanceRule, parse_rule, read_rule
from roamspec.faults.disturbances.schedule import Schedule

__all__ = ["KINDS", "DisturbanceRule", "Schedule", "parse_rule", "read_rule"]
