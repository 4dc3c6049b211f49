"""One connection to one target: its HTTP client, its apps, the ledger, and what the target supports."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roamspec.api.app_client import AppClient, TokenGrant
from roamspec.appkey import AppKey
from roamspec.config.required_capabilities import Asked
from roamspec.config.target_config import AppConfig, Credentials, TargetConfig, is_loopback
from roamspec.contract.operations import Contract
from roamspec.security.redactor import Redactor
from roamspec.session.capabilities import Capabilities
from roamspec.session.names import NameSource
from roamspec.session.opening import RequestLimits, RunIdentity
from roamspec.session.preflight_result import PreflightResult
from roamspec.session.shared_objects import SharedObjects
from roamspec.session.turns import TurnLock, Turns
from roamspec.session.waiting import WaitPolicy
from roamspec.transport.client_settings import DEADLINE_S, NO_STAND_INS, SendingLimits, StandIns
from roamspec.transport.guard import Guard, base_path
from roamspec.transport.http_client import TargetClient
from roamspec.transport.ledger import Ledger
from roamspec.transport.network_settings import Network

if TYPE_CHECKING:
    from roamspec.api.devices import Device
    from roamspec.world.variety import Variety

SHORT_TTL_S = 2
LONGEST_LIST_LAG_S = 8.0
LONGEST_NOTICE_LAG_S = 6.0
MOST_HASTE_FOR_NOTICES = 4.0
"""They come over a connection of their own, after the response, also where nothing lags."""
_QUICK_S = 0.1
_QUICK_NOTICE_S = 0.2
_QUICK_ANSWER_S = 0.012


@dataclass
class Session:
    """Everything the checks of one run share."""

    contract: Contract
    client: TargetClient
    ledger: Ledger
    names: NameSource
    password: str
    main: AppClient
    neighbour: AppClient | None
    closed: AppClient | None
    observer_url: str | None
    network: Network
    """What connections to the target and to the observer are opened with."""
    exclusive: bool
    """Whether nobody else calls these apps during the run."""
    asked: Sequence[Asked] = ()
    """What the preflight must find, because somebody asked for it."""
    capabilities: Capabilities = field(default_factory=Capabilities)
    patience: WaitPolicy = field(default_factory=WaitPolicy)
    arrival_patience: WaitPolicy = field(default_factory=WaitPolicy)
    """For messages that were said, which may lag where deletions do not."""
    notice_patience: WaitPolicy = field(default_factory=lambda: WaitPolicy(first_s=LONGEST_NOTICE_LAG_S))
    list_patience: WaitPolicy = field(default_factory=lambda: WaitPolicy(first_s=LONGEST_LIST_LAG_S))
    shared_users: dict[str, list[str]] = field(default_factory=dict)
    """Users of the main app that several checks of one pool may share; each check's owner is its own."""
    user_pool: dict[AppKey, list[str]] = field(default_factory=dict)
    """Users that are registered and that nobody has met yet, by app."""
    shared: SharedObjects = field(default_factory=SharedObjects)
    """What several checks share because it is costly to arrange (see `roamspec.suite.long_conversation`)."""
    requests_elsewhere: int = 0
    """What other processes of this run have sent."""
    lags_elsewhere_s: Mapping[str, float] = field(default_factory=dict)
    """What other processes of this run have seen, as `lags_s`."""
    notes: list[str] = field(default_factory=list)
    no_credentials: Credentials = field(default_factory=Credentials)
    """For apps that do not exist."""
    variety: "Variety | None" = None
    """What differs between the worlds of checks by chance; None where every run must send the same."""
    turns: Turns = field(default_factory=Turns)
    """Which check goes on while others wait for an effect."""
    overlapping: bool = False
    """Whether a check was begun while another one waited."""
    lock: TurnLock = field(init=False)
    """For what checks that run at once share."""
    tell: Callable[[str], None] = lambda _: None
    """Hears how far something is that takes long."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    """This machine's clock, in Unix seconds."""
    connect_device: "Callable[[str, AppKey, str, str], Device] | None" = None
    """How a device comes online, where that is not `Device.connect`: observer, app, user, name."""
    _short_token: str = ""
    _expires_at: float = 0.0

    def __post_init__(self) -> None:
        self.lock = TurnLock(self.turns)

    def app(self, name: str) -> AppClient:
        """`main`, `neighbour` or `closed`; only those that the capabilities list."""
        app = {"main": self.main, "neighbour": self.neighbour, "closed": self.closed}[name]
        assert app is not None, name
        return app

    @property
    def is_slow(self) -> bool:
        """Whether most of a run would be waiting: this target lags, is slow, left calls unanswered, or gives
        messages times so coarse that one must wait between two."""
        step_s = self.capabilities.time_step_ms / 1000
        effects = (self.patience.lag_s, self.arrival_patience.lag_s, self.list_patience.lag_s)
        lags = (*effects, self.capabilities.list_lag_s, self.notice_patience.lag_s - _QUICK_NOTICE_S)
        seen = max(*lags, step_s)
        return seen > _QUICK_S or self.client.mean_response_s > _QUICK_ANSWER_S or self.client.unanswered > 0

    @property
    def lags_s(self) -> dict[str, float]:
        """The longest that each kind of effect was seen to lag, in this process and in others; only kinds
        that were seen."""
        policies = {
            "deletions": self.patience,
            "messages": self.arrival_patience,
            "lists": self.list_patience,
            "notifications": self.notice_patience,
        }
        here = {kind: policy.lag_s for kind, policy in policies.items() if policy.seen}
        if "lists" in self.capabilities.found:
            here["lists"] = max(here.get("lists", 0.0), self.capabilities.list_lag_s)
        kinds = [kind for kind in policies if kind in here or kind in self.lags_elsewhere_s]
        return {kind: max(here.get(kind, 0.0), self.lags_elsewhere_s.get(kind, 0.0)) for kind in kinds}

    def wait_for_lag(self, lag_s: float, *, here: bool = False) -> None:
        """Wait until what lags by `lag_s` shows the last thing that was sent, deleted or made, or the last
        that was by this thread (`here`, see `TargetClient.changed_in_thread_at`)."""
        if lag_s:
            changed_at = self.client.changed_in_thread_at if here else self.client.changed_at
            left_s = changed_at + lag_s - self.clock()
            if left_s > 0:
                with self.turns.aside():
                    self.sleep(left_s)

    def service_now_ms(self) -> int:
        """The service's clock, estimated from its own messages, in Unix milliseconds."""
        return int(self.wall() * 1000) + self.capabilities.clock_offset_ms

    def hasten(self, haste: float) -> None:
        """Make waits for an effect so many times shorter."""
        self.patience, self.arrival_patience = WaitPolicy(haste=haste), WaitPolicy(haste=haste)
        self.list_patience = WaitPolicy(haste=haste, first_s=LONGEST_LIST_LAG_S)
        notices = min(haste, MOST_HASTE_FOR_NOTICES)
        self.notice_patience = WaitPolicy(haste=notices, first_s=LONGEST_NOTICE_LAG_S)

    def prepare_short_token(self) -> TokenGrant:
        """Request a token that expires soon, for the checks that need an expired one."""
        grant = self.main.new_token(ttl_s=SHORT_TTL_S)
        self._short_token = grant.token
        self.client.redactor.learn(grant.token, "expired-token")
        self._expires_at = self.clock() + (grant.expires_in or 0.0)
        return grant

    def expired_token(self) -> str:
        """A token that has expired; waits for that if need be."""
        if not self._short_token:
            self.prepare_short_token()
        # One second more, because lifetimes are counted in whole seconds.
        self.sleep(max(0.0, self._expires_at + 1.0 - self.clock()))
        return self._short_token

    def close(self) -> None:
        """Close the connections and the ledger."""
        self.client.close()
        self.ledger.close()


def open_session(
    config: TargetConfig,
    contract: Contract,
    *,
    identity: RunIdentity | None = None,
    limits: RequestLimits | None = None,
    stand_ins: StandIns = NO_STAND_INS,
    found: PreflightResult | None = None,
) -> Session:
    """Make a session; nothing is sent yet.

    Without an `identity` it has names, a ledger and a password of its own; without `limits` it keeps to the
    documented rates. `found` is what the preflight of another session on this target has found.
    """
    assert config.base_url is not None
    assert config.main is not None
    identity, limits = identity or RunIdentity(), limits or RequestLimits()
    redactor = Redactor()
    http_client = TargetClient(
        config.base_url,
        guard=Guard(
            identity.ledger,
            identity.names.run_prefix,
            loopback=is_loopback(config.base_url),
            base_path=base_path(config.base_url),
        ),
        limits=SendingLimits(
            limits.rate_limiter,
            limits.budget(identity.ledger),
            allow_burst=config.allow_burst,
            deadline_s=config.deadline or DEADLINE_S,
        ),
        redactor=redactor,
        network=config.network,
        stand_ins=stand_ins,
    )
    redactor.learn(identity.password, "password")
    for secret in config.network.proxies.secrets:
        redactor.learn(secret, "proxy-credentials")

    def client(app: AppConfig | None, opens: str) -> AppClient | None:
        return AppClient(http_client, app.key, app.credentials, opens=opens) if app else None

    main = client(config.main, "")
    assert main is not None
    session = Session(
        contract=contract,
        client=http_client,
        ledger=identity.ledger,
        names=identity.names,
        password=identity.password,
        main=main,
        neighbour=client(config.neighbour, "neighbour-"),
        closed=client(config.closed, "closed-"),
        observer_url=config.observer_url,
        network=config.network,
        exclusive=config.exclusive or is_loopback(config.base_url),
        asked=config.asked,
        sleep=stand_ins.sleep,
        clock=stand_ins.clock,
    )
    if found is not None:
        found.apply_to(session)
    return session
