"""What the checks are written with: marks, cases, subjects and judgements."""

from roamspec.suite.case import Case, Cases
from roamspec.suite.judge import Judge
from roamspec.suite.marks import alone, costly, costs, generative, judges, late, profile
from roamspec.suite.subject import Subject

__all__ = [
    "Case",
    "Cases",
    "Judge",
    "Subject",
    "alone",
    "costly",
    "costs",
    "generative",
    "judges",
    "late",
    "profile",
]
