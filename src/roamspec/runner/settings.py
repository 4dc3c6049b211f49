"""What a run is asked to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from roamspec.config.target_config import TargetConfig
from roamspec.contract.requirements import Requirement
from roamspec.session.preflight_result import PreflightResult
from roamspec.shard import Shard
from roamspec.suite.exploration_limits import CORPUS, ExplorationEffort
from roamspec.suite.marks import Profile

EXAMPLES: Final = "ROAMSPEC_EXAMPLES"
SHARED_EXAMPLES: Final = "ROAMSPEC_SHARED_EXAMPLES"

Keep = Literal["nothing", "failed", "all"]


@dataclass(frozen=True, slots=True)
class RunSettings:
    """`requirements` are the patterns of `--req`, empty for all; `faults` are for the embedded emulator.

    `fault_files` register faults of somebody's own; `further_requirements` are judged beside those of the
    catalogue. `pytest_arguments` are further ones for pytest, which then shows each requirement: where they
    make it stop at the first failure, `strict` says which failures those are.

    `revision` is that of the catalogue, None for the latest. `haste` makes waits for an effect so many times
    shorter, for a target that is known not to lag. The run ends after `max_failures` requirements that block
    have failed, those of `accepted` (IDs, with reasons) apart; 0 for never. `campaign_s` is how long a
    campaign draws sequences, 0 for none.

    `checks` are the IDs of the only checks to run, empty for all: with an operation whatever the profile and
    the requirements select, without one as far as these do. `keep`
    says of which checks the users, groups and messages stay, in the ledger.
    """

    config: TargetConfig
    profile: Profile = "standard"
    seed: int = 0
    workers: int = 1
    requirements: tuple[str, ...] = ()
    report_dir: Path = Path("reports/latest")
    faults: tuple[str, ...] = ()
    haste: float = 1.0
    revision: int | None = None
    strict: bool = False
    fault_files: tuple[Path, ...] = ()
    further_requirements: tuple[Requirement, ...] = ()
    pytest_arguments: tuple[str, ...] = ()
    max_failures: int = 0
    accepted: Mapping[str, str] = field(default_factory=dict)
    campaign_s: float = 0.0
    keep_going: bool = False
    tell: Callable[[str], None] | None = None
    """Hears how far a campaign is."""
    checks: tuple[str, ...] = ()
    shard: Shard | None = None
    """Which part of the checks to run; None for all."""
    durations: Mapping[str, float] = field(default_factory=dict)
    """The seconds of checks in an earlier run, by ID, by which a run is divided into shards."""
    keep: Keep = "nothing"
    found: PreflightResult | None = None
    """What another preflight of the same service has found, with the same haste; None to look for oneself."""


def effort_of(settings: RunSettings, environ: Mapping[str, str]) -> ExplorationEffort:
    """What the generative checks of a run are asked to do; `environ` may name the folders of the corpus
    and of Hypothesis's own examples, its own and one that others share."""
    corpus, examples, shared = (environ.get(name) for name in (CORPUS, EXAMPLES, SHARED_EXAMPLES))
    return ExplorationEffort(
        seed=settings.seed,
        profile=settings.profile,
        corpus=Path(corpus) if corpus else settings.report_dir / "sequences",
        examples=Path(examples) if examples else None,
        shared_examples=Path(shared) if shared else None,
        command=_command(settings),
        campaign_s=settings.campaign_s,
        keep_going=settings.keep_going,
    )


def _command(settings: RunSettings) -> tuple[str, ...]:
    """The command line of this run, without what selects requirements and without what is secret."""
    config = settings.config
    words = ["roamspec", "run", "--profile", settings.profile]
    if settings.revision is not None:
        words += ["--revision", str(settings.revision)]
    for fault in settings.faults:
        words += ["--fault", fault]
    if config.base_url is not None and config.main is not None:
        words += ["--base-url", config.base_url, "--org", config.main.key.org, "--app", config.main.key.app]
    if config.observer_url is not None:
        words += ["--observer-url", config.observer_url]
    for option, app in (("--neighbour-app", config.neighbour), ("--closed-app", config.closed)):
        if app is not None:
            words += [option, f"{app.key.org}/{app.key.app}"]
    for key in sorted(config.confirmed, key=str):
        words += ["--confirm-app", f"{key.org}/{key.app}"]
    words += ["--rate", f"{config.rate:g}"] if config.rate is not None else []
    words += ["--deadline", f"{config.deadline:g}"] if config.deadline is not None else []
    words += ["--allow-burst"] if config.allow_burst else []
    words += ["--exclusive"] if config.exclusive else []
    words += config.network.options
    return tuple(words)
