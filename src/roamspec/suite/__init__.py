"""What the checks are written with: marks, cases, subjects and judgements."""

from roamspec.suite.context import CheckContext, JointCheckContext
from roamspec.suite.marks import costs, covers, expensive, generative, profile, serial, waits_for_expiry
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.suite.recorder import VerdictRecorder

__all__ = [
    "CheckContext",
    "JointCheckContext",
    "OperationUnderTest",
    "VerdictRecorder",
    "costs",
    "covers",
    "expensive",
    "generative",
    "profile",
    "serial",
    "waits_for_expiry",
]
