"""What a process of a load gets from the command that started it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from roamspec.config.target_config import TargetConfig
from roamspec.load.plan import LoadPlan
from roamspec.session.preflight_result import PreflightResult

Role = Literal["alone", "master", "worker"]
MASTER_PORT = 5557
"""Where a master listens for its workers, unless another port is given: that of Locust."""


@dataclass(frozen=True, slots=True)
class LoadTask:
    """One process: it makes the whole load `alone`, or is a `master` or a `worker` of several.

    `plan` is None for a worker, which gets it from its master. `mark` begins the names of what this machine
    makes, `number` tells its processes apart. `within_limits`: each operation keeps to its documented limit.
    `most_rate` is what this process may send per second whatever the plan says; None for no bound of its own.
    """

    role: Role
    config: TargetConfig
    found: PreflightResult
    mark: str
    report_dir: Path
    embedded: bool
    within_limits: bool
    plan: LoadPlan | None = None
    number: int = 0
    host: str = "127.0.0.1"
    port: int = MASTER_PORT
    most_rate: float | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def own_mark(self) -> str:
        """What the names begin with that this process gives; the command removes what it leaves behind."""
        return f"{self.mark}gw{self.number}"
