"""One app as the emulator runs it: its store, tokens, limits, devices, clock and settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from secrets import token_hex, token_urlsafe
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import uuid4

from roamspec.appkey import AppKey
from roamspec.emulator.clock import AppClock
from roamspec.emulator.devices.hub import DeviceHub
from roamspec.emulator.domain.context import Context
from roamspec.emulator.domain.conversations import conversation_list
from roamspec.emulator.domain.ids import IdSource
from roamspec.emulator.domain.lists import ListHistory
from roamspec.emulator.limits import RateLimits
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.store.memory import MemoryAppStore
from roamspec.emulator.store.protocol import AppStore
from roamspec.emulator.tokens import TokenBook

if TYPE_CHECKING:
    from roamspec.emulator.extension import ConditionalFault, Schedule
    from roamspec.emulator.http.operations.deletions import DeletionSteps


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An app's state: what it holds, how it behaves, what time it is. Tokens and devices stay outside."""

    store: AppStore
    settings: AppSettings
    steps: "Mapping[str, DeletionSteps]"
    faults: tuple[str, ...]
    clock: tuple[int, int | None]


class AppIdentity(TypedDict, total=False):
    """How clients and answers name an app beside its App Key; what is missing or None is random."""

    client_id: str | None
    client_secret: str | None
    uuid: str | None
    """`application` in the answers."""
    app_id: str | None
    """What the sister brand has in place of an App Key."""
    app_certificate: str | None
    """What the sister brand has in place of client credentials."""


class App:
    """`steps` holds each deletion's steps, with the faults that are switched on built in.

    `nuisances` is the schedule of its disturbances, or None while there are none; `conditionals` are the
    faults that stand behind conditions.
    """

    __slots__ = (
        "app_certificate",
        "app_id",
        "client_id",
        "client_secret",
        "clock",
        "conditionals",
        "devices",
        "faults",
        "ids",
        "key",
        "limits",
        "lists",
        "nuisances",
        "settings",
        "snapshots",
        "steps",
        "store",
        "tokens",
        "uuid",
    )

    def __init__(
        self,
        key: AppKey,
        settings: AppSettings,
        ids: IdSource,
        steps: "Mapping[str, DeletionSteps]",
        **identity: Unpack[AppIdentity],
    ) -> None:
        self.key = key
        self.uuid = identity.get("uuid") or str(uuid4())
        self.app_id = identity.get("app_id") or uuid4().hex
        self.app_certificate = identity.get("app_certificate") or token_hex(16)
        self.client_id = identity.get("client_id") or f"YXA6{token_urlsafe(12)}"
        self.client_secret = identity.get("client_secret") or f"YXA6{token_urlsafe(24)}"
        self.settings = settings
        self.ids = ids
        self.steps = steps
        self.faults: tuple[str, ...] = ()
        self.conditionals: tuple[ConditionalFault, ...] = ()
        self.nuisances: Schedule | None = None
        self.clock = AppClock(settings.clock_offset_ms)
        self.store: AppStore = MemoryAppStore()
        self.tokens = TokenBook()
        self.limits = RateLimits()
        self.devices = DeviceHub()
        self.lists = ListHistory()
        self.snapshots: dict[str, Snapshot] = {}

    def context(self, now: int) -> Context:
        """What the domain works with in one call that comes at `now` (Unix milliseconds of the app's
        clock)."""
        return Context(self.store, self.settings, self.ids, self.devices, self.lists, now)

    def configure(self, settings: AppSettings) -> None:
        """Take new settings; what depends on their change follows."""
        before, now = self.settings, self.clock.now()
        if settings.clock_offset_ms != before.clock_offset_ms:
            self.clock.shift_to(settings.clock_offset_ms)
        if settings.list_lag_ms and not before.list_lag_ms:
            self._start_lagging(now)
        self.settings = settings

    def _start_lagging(self, now: int) -> None:
        """Readers have seen the lists as they are; later changes reach them later."""
        self.lists = ListHistory()
        context = self.context(now)
        for account in self.store.users():
            self.lists.start(account.name, conversation_list(context, account.name))

    def reset(self) -> None:
        """Forget users, groups, messages and limits; keep key, credentials, settings and faults.

        Tokens of the app stay good, so that a client in the middle of a test-suite goes on; users'
        tokens go with their users.
        """
        self.devices.close(reason="removed")
        self.store = MemoryAppStore()
        self.tokens.restore({text: token for text, token in self.tokens.items() if token.user is None})
        self.limits.clear()
        self.lists = ListHistory()
        self.clock.shift_to(self.settings.clock_offset_ms)
        self.snapshots.clear()

    def take_snapshot(self) -> str:
        """The name under which `restore_snapshot` finds it."""
        name = uuid4().hex[:12]
        self.snapshots[name] = Snapshot(
            self.store.copy(), self.settings, self.steps, self.faults, self.clock.state
        )
        return name

    def restore_snapshot(self, name: str) -> None:
        """Back to a snapshot, which is kept; tokens of users that no longer exist are revoked."""
        snapshot = self.snapshots[name]
        self.store = snapshot.store.copy()
        self.devices.offline.forget()
        self.steps, self.faults = snapshot.steps, snapshot.faults
        self.settings = replace(snapshot.settings, list_lag_ms=0)
        self.clock.restore(snapshot.clock)
        self._start_lagging(self.clock.now())
        self.settings = snapshot.settings
        kept = {text: token for text, token in self.tokens.items() if self._is_known(token.user)}
        self.tokens.restore(kept)

    def _is_known(self, user: str | None) -> bool:
        return user is None or self.store.user(user) is not None
