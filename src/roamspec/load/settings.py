"""What `roamspec load` is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from roamspec.config.target_config import TargetConfig
from roamspec.load.plan import LoadPlan
from roamspec.load.task import MASTER_PORT

Place = Literal["here", "master", "worker"]


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """`place`: all processes are on this machine, or it has the master of others, or one worker.

    `most_rate` is the rate that was given to a worker, which its master cannot exceed.
    """

    config: TargetConfig
    plan: LoadPlan
    report_dir: Path
    selected: frozenset[str] | None = None
    faults: tuple[str, ...] = ()
    place: Place = "here"
    host: str = "127.0.0.1"
    port: int = MASTER_PORT
    within_limits: bool = True
    most_rate: float | None = None
    accepted: Mapping[str, str] = field(default_factory=dict)
