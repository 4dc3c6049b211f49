"""One check of one operation: everything the body of a check works with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from roamspec.api.app_client import AppClient
from roamspec.api.devices import Device
from roamspec.contract.operations import Operation
from roamspec.errors import SetupFailed
from roamspec.results.events import Judgement
from roamspec.session.capabilities import Capabilities
from roamspec.session.session import Session
from roamspec.suite.exploration_limits import ExplorationEffort
from roamspec.suite.operation_under_test import OperationUnderTest
from roamspec.suite.recorder import VerdictRecorder
from roamspec.transport.http_messages import Response
from roamspec.world.facts import facts_of
from roamspec.world.world import World


@dataclass
class CheckContext:
    """The operation under test, the session, the verdicts, and worlds that are cleaned up afterwards."""

    session: Session
    operation: Operation
    verdicts: VerdictRecorder
    limits: ExplorationEffort = field(default_factory=ExplorationEffort)
    requests: int = 0
    """What the check has sent from a thread of its own, if it ran in one."""
    _worlds: list[World] = field(default_factory=list)
    _pool_key: str | None = None
    began: int = field(init=False)
    """The number of the last fact that was known before the check began."""
    compared: bool = False
    """Whether everything that is known was compared after the check."""
    devices_lack: str = ""
    """Why some devices could not be watched; what the check leaves open is open for this reason. Empty when
    all could be watched."""
    looked: int = 0
    """How many looks were taken for the comparison after the check alone."""
    looked_far: int = 0
    """How many of these were where no call of the check acts."""

    def __post_init__(self) -> None:
        self.began = facts_of(self.session).number()
        self.verdicts.watched = lambda: [device for world in self._worlds for device in world.devices]

    @property
    def subject(self) -> OperationUnderTest:
        """The operation under test, as checks call it."""
        return OperationUnderTest(self.operation, facts_of(self.session))

    @property
    def capabilities(self) -> Capabilities:
        """What the target lets a check arrange and observe."""
        return self.session.capabilities

    def has(self, *capabilities: str) -> bool:
        """Whether the target offers all of these."""
        return not self.session.capabilities.lacking(capabilities)

    @property
    def user_pool_key(self) -> str:
        """Who meets the same people: all checks, or where several run at once, those of one operation."""
        if self._pool_key is None:
            at_once = self.session.is_slow or self.session.overlapping
            self._pool_key = self.operation.name if at_once else ""
        return self._pool_key

    def world(self, app: AppClient | None = None) -> World:
        """A new world in the app under test, or in `app`; it is cleaned up after the check."""
        world = World(self.session, app, pool_key=self.user_pool_key, operation=self.operation.name)
        self._worlds.append(world)
        return world

    @property
    def worlds(self) -> Sequence[World]:
        """Those that this check made."""
        return self._worlds

    @property
    def responses(self) -> list[Response]:
        """To calls as the documentation describes them, in the main app."""
        return [each for world in self._worlds if world.app is self.session.main for each in world.responses]

    def devices(self, world: World, *users: str, name: str = "d1") -> list[Device]:
        """An online device of each of the users; none where not all of them can be watched.

        Then `devices_lack` says why, and what devices would be notified stays open.
        """
        if not self.has("devices"):
            return []
        try:
            # Some owners have further devices, which nothing is asked of.
            variety = self.session.variety
            for number in range(variety.dice().randrange(3) if variety and users and name == "d1" else 0):
                world.device(users[0], f"{name}-{number}")
            return [world.device(user, name) for user in users]
        except SetupFailed as reason:
            self.devices_lack = str(reason)
            return []

    def judgements(self, ended_because: str = "") -> tuple[Judgement, ...]:
        """All judgements of the check. What it left open is inconclusive: because of `ended_because`, or
        because devices could not be watched."""
        return self.verdicts.judgements(ended_because or self.devices_lack)

    def close(self) -> None:
        """Remove what the worlds of the check made."""
        for world in self._worlds:
            world.close()


@dataclass(frozen=True)
class JointCheckContext:
    """One check of all operations at once; `of` has the case of each by its name."""

    session: Session
    effort: ExplorationEffort
    of: Mapping[str, CheckContext]
