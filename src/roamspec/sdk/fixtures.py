"""What the pytest fixtures hand to a test: an app, its journal, its faults."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Final, Protocol
from uuid import uuid4

from roamspec.errors import RoamspecError
from roamspec.sdk.calls import ObservedCall
from roamspec.sdk.control import Control
from roamspec.sdk.evaluate import CallerNames, announce, given_messages, judge_calls
from roamspec.sdk.finding import ClientFinding, IntendedValues

CONTROL_VARIABLE: Final = "ROAMSPEC_CONTROL_URL"
"""Set below `roamspec sdk`: its emulator is used then, so that its verdict counts these calls too."""
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9.-]+")


HIDDEN: Final = methodcaller("errisinstance", (AssertionError, RoamspecError))
"""For `__tracebackhide__`: what a test did wrong is shown in the test, without the frames that found it."""


class Controls(Protocol):
    """The control API of an emulator, wherever it runs."""

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON of the control API's answer; an error answer is raised."""


@dataclass(frozen=True, slots=True)
class RoamingApp:
    """One app, for one test. `scenario` names the groups and messages that were seeded last."""

    base_url: str
    ws_url: str
    control_url: str
    observer_url: str
    org: str
    app: str
    client_id: str
    client_secret: str
    app_token: str
    controls: Controls

    @property
    def app_key(self) -> str:
        """`ORG#APP`."""
        return f"{self.org}#{self.app}"

    def control(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A call of the control API below this app, such as `GET` `/users/alice`."""
        __tracebackhide__ = HIDDEN
        return self.controls.call(method, f"/apps/{self.org}/{self.app}{path}", body)

    def seed(self, **scenario: Any) -> dict[str, list[str]]:
        """Make users, groups, rooms and messages; the IDs of groups and messages, in order."""
        __tracebackhide__ = HIDDEN
        made: dict[str, list[str]] = self.control("POST", "/scenario", scenario)
        return made

    def set(self, **settings: Any) -> None:
        """Change settings of the app: docs/choices.md lists them."""
        __tracebackhide__ = HIDDEN
        self.control("PATCH", "/settings", settings)

    def user(self, name: str) -> dict[str, Any]:
        """What a user sees: conversations with their messages, devices that are online."""
        __tracebackhide__ = HIDDEN
        found: dict[str, Any] = self.control("GET", f"/users/{name}")
        return found

    def reset(self) -> None:
        """Forget users, groups, messages and journal."""
        __tracebackhide__ = HIDDEN
        self.control("POST", "/reset")

    @property
    def journal(self) -> "RoamingJournal":
        """The calls that this app got."""
        return RoamingJournal(self)

    @property
    def faults(self) -> "RoamingFaults":
        """The faults and disturbances of this app."""
        return RoamingFaults(self)


@dataclass(frozen=True, slots=True)
class RoamingJournal:
    """The calls of one app, read anew each time."""

    app: RoamingApp

    @property
    def calls(self) -> list[ObservedCall]:
        """All calls so far, oldest first."""
        __tracebackhide__ = HIDDEN
        entries = self.app.control("GET", "/journal?limit=100000")["entries"]
        return announce((ObservedCall.from_journal(entry) for entry in entries), ())

    def of(self, operation: str) -> list[ObservedCall]:
        """Those of one operation, such as `deleteChatMessages`."""
        __tracebackhide__ = HIDDEN
        return [call for call in self.calls if call.operation == operation]

    def findings(self, *, users: Sequence[str] = (), groups: Sequence[str] = ()) -> list[ClientFinding]:
        """What is wrong with them; `users` and `groups` are the IDs that the test meant to send."""
        __tracebackhide__ = HIDDEN
        calls = self.calls
        meant = IntendedValues(
            frozenset(users),
            frozenset((*users, *groups)),
            given_messages(calls),
            (self.app.client_secret,),
        )
        callers = CallerNames({(self.app.org, self.app.app): "this test"})
        return [finding for finding in judge_calls(calls, meant, callers) if finding.verdict == "fail"]

    def check(self, *, users: Sequence[str] = (), groups: Sequence[str] = (), strict: bool = False) -> None:
        """AssertionError when a call breaks a requirement that decides, with `strict` any requirement."""
        __tracebackhide__ = HIDDEN
        from roamspec.contract.operations import slug_of
        from roamspec.sdk.catalogue import client_catalogue

        lines = []
        for finding in self.findings(users=users, groups=groups):
            name = f"{slug_of(finding.operation)}.{finding.name}"
            if strict or client_catalogue()[name].decisive:
                lines.append(f"{name}: expected {finding.expected}, came {finding.actual}")
        if lines:
            raise AssertionError("\n".join(lines))


@dataclass(frozen=True, slots=True)
class RoamingFaults:
    """Faults break requirements of the service, disturbances are what networks do: docs/faults.md."""

    app: RoamingApp

    def on(self, *names: str) -> None:
        """Exactly these faults from now on."""
        __tracebackhide__ = HIDDEN
        self.app.control("PUT", "/faults", {"faults": list(names)})

    def nuisances(self, *rules: Mapping[str, Any]) -> None:
        """Exactly these from now on, such as `{"kind": "429", "count": 2, "retry_after": 1}`."""
        __tracebackhide__ = HIDDEN
        self.app.control("PUT", "/nuisances", {"nuisances": list(rules)})

    def off(self) -> None:
        """Switch all faults and disturbances off."""
        __tracebackhide__ = HIDDEN
        self.on()
        self.nuisances()


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator, on which each test gets an app."""

    base_url: str
    ws_url: str
    controls: Controls

    @contextmanager
    def app(self, test: str) -> Iterator[RoamingApp]:
        """An app whose name tells the test; it is removed in the end."""
        made = self.controls.call(
            "POST",
            "/apps",
            {
                "org": f"test-{uuid4().hex[:8]}",
                "app": (_NO_NAME.sub("-", test).strip("-.") or "test")[:60],
                "settings": {"rate_limits": "off"},
            },
        )
        app = RoamingApp(
            base_url=self.base_url,
            ws_url=self.ws_url,
            control_url=f"{self.base_url}/_emulator",
            observer_url=f"{self.base_url}/_emulator/observer",
            **{name: made[name] for name in ("org", "app", "client_id", "client_secret", "app_token")},
            controls=self.controls,
        )
        try:
            yield app
        finally:
            app.control("DELETE", "")


@contextmanager
def emulator() -> Iterator[Emulator]:
    """That of `roamspec sdk` where these tests run below it, else a process of our own."""
    given = os.environ.get(CONTROL_VARIABLE)
    if given:
        yield Emulator(os.environ["ROAMSPEC_BASE_URL"], os.environ["ROAMSPEC_WS_URL"], Control(given))
        return
    from roamspec.session.embedded_emulator import EmbeddedEmulator

    with EmbeddedEmulator() as process:
        ready = process.ready()
        yield Emulator(ready["base_url"], ready["ws_url"], Control(ready["control_url"]))
