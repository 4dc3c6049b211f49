"""The events a run emits, in the order in which they happen.

    RunStarted  (CheckStarted? CheckFinished)*  RunFinished

Listeners render them (console, JSON, JUnit); the aggregate turns them into verdicts. The records are
plain values that survive a trip through JSON, because checks may run in another process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, Self

from roamspec.shard import Shard

Outcome = Literal["pass", "fail", "inconclusive", "error"]
"""Of a check: `error` means that the suite itself failed in it."""

JudgementVerdict = Literal["pass", "fail", "inconclusive"]

Ending = Literal["complete", "failures-reached", "interrupted", "target-lost", "suite-error"]
"""`failures-reached`: as many requirements that block have failed as the run was asked to end after."""


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """What was tested: `kind` as in the report, `app_key` as `org#app`."""

    kind: Literal["emulator", "service", "cassette", "sdk"]
    base_url: str
    app_key: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a requirement failed: every acceptable outcome, what came instead, and how to see it again.

    `exchanges` is the shortest sequence that shows it, each as `Exchange.as_dict()`; `reproduce` holds
    the same as curl lines that read the token from the environment.
    """

    expected: str
    actual: str
    exchanges: tuple[dict[str, Any], ...] = ()
    reproduce: str = ""
    hint: str = ""
    arranged: tuple[dict[str, Any], ...] = ()
    """The exchanges before those, in order, that made the users, groups and messages of which they speak."""
    compares: dict[str, Any] | None = None
    """What a script compares, as `Comparison.as_dict()`; None where no script can."""
    devices: tuple[dict[str, Any], ...] = ()
    """Online devices that were watched: `user`, `device`, and its `notifications` so far, in order."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one check found about one requirement.

    `served` says that a call which does not keep to the contract, and which the documentation does not
    reject, was answered with success: that is not a fault, but worth knowing.
    """

    requirement: str
    verdict: JudgementVerdict
    reason: str = ""
    failure: Failure | None = None
    served: bool = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The judgement that `dataclasses.asdict` has made plain."""
        failure = data.get("failure")
        if failure is not None:
            lists = {name: tuple(failure.get(name, ())) for name in ("exchanges", "arranged", "devices")}
            failure = Failure(**{**failure, **lists})
        reason, served = data.get("reason", ""), data.get("served", False)
        return cls(data["requirement"], data["verdict"], reason, failure, served)


@dataclass(frozen=True, slots=True)
class PartOfRun:
    """Which part of a run this is, and all that the parts of one run must have in common.

    `configuration` has what differs between runs, by its name for people, such as `profile`. `strict` is that
    of the run; `asked` has the capabilities that an option asks for, with that option.
    """

    shard: Shard
    configuration: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)


def rfc3339(moment: datetime) -> str:
    """A moment, which has a time zone, as reports have it: RFC 3339 in UTC, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event: what is judged, and how."""

    target: TargetInfo
    profile: str
    seed: int
    started_at: str
    """As `rfc3339` writes it."""
    planned_checks: int
    selected: frozenset[str] | None = None
    """Requirement IDs that `--req` selected; None means all."""
    command: tuple[str, ...] = ()
    """The command line of the run without seed, selection and secrets; empty where there is none."""
    part: PartOfRun | None = None
    """None for a whole run."""


@dataclass(frozen=True, slots=True)
class CheckStarted:
    """A check begins."""

    check: str


@dataclass(frozen=True, slots=True)
class CheckFinished:
    """A check has ended, with what it found."""

    check: str
    outcome: Outcome
    duration_s: float
    judgements: tuple[Judgement, ...] = ()
    detail: str = ""
    """With outcome `error`: what failed, as a person can read it."""
    requests: int = 0
    """What it has sent, with what it arranged and removed itself."""
    may_cost: int = 0
    """How many requests it says that it sends at most; 0 where it does not say."""
    began_at: float = 0.0
    """In Unix seconds, by this machine's clock; 0 where that is not known."""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event: how the run ended, and what holds for all of it."""

    duration_s: float
    requests: int
    ending: Ending
    detail: str = ""
    notes: tuple[str, ...] = ()
    """What a person should know of this run: capabilities found missing, lag seen, what was not cleaned."""
    left_out: frozenset[str] = frozenset()
    """Requirement IDs that checks of this run's profile and selection judge which somebody else left out:
    an argument for pytest, a plugin, a variable."""
    lags_s: Mapping[str, float] = field(default_factory=dict)
    """The longest that each kind of effect was seen to lag, in seconds, by `deletions`, `messages`, `lists`
    and `notifications`; 0 for what was there at the first look. Only kinds that were seen."""
    division: str = ""
    """Of a part of a run: which checks fell to which part, as a digest; the same for all of its parts."""


Event = RunStarted | CheckStarted | CheckFinished | RunFinished


class Listener(Protocol):
    """Anything that wants to hear of a run."""

    def __call__(self, event: Event, /) -> None:
        """Hear one event."""
