"""Runs the checks against a target and emits the events of the run."""

from roamspec.runner.run import run
from roamspec.runner.settings import RunSettings

__all__ = ["RunSettings", "run"]
