"""What a run is asked to do."""

from dataclasses import dataclass
from pathlib import Path

from roamspec.suite.marks import Profile
from roamspec.target.config import TargetConfig


@dataclass(frozen=True, slots=True)
class RunSettings:
    """`requirements` are the patterns of `--req`, empty for all; `faults` are for the embedded emulator."""

    config: TargetConfig
    profile: Profile = "standard"
    seed: int = 0
    workers: int = 1
    requirements: tuple[str, ...] = ()
    report_dir: Path = Path("reports/latest")
    faults: tuple[str, ...] = ()
