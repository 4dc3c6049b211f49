"""What can be registered into an emulator: faults that break it, and disturbances of its connections.

The emulator knows none of them. Whoever starts it with some gives its `ModelService` an `Extension`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from starlette.types import Receive, Send

from roamspec.emulator.domain.api_error import ApiError
from roamspec.errors import ConfigurationError

if TYPE_CHECKING:
    from roamspec.emulator.apps import App

Serve = Callable[[Send, ApiError | None], Awaitable[None]]
"""Serves the call and sends the response; with an error response it rejects instead."""


JudgeCalls = Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]]
"""For entries of the journal, one record each of what the contract says of them: `verdict` (`pass`, `fail`,
`none`) and `findings`."""


class Disturbance(Protocol):
    """What happens to one call; its kind is empty when nothing does."""

    @property
    def kind(self) -> str:
        """The name of its kind, as the control API lists it."""


class Schedule(Protocol):
    """The disturbances of one app, in the order of its calls."""

    def next(self, operation: str) -> Disturbance:
        """What happens to the next call of this operation."""

    async def apply(self, disturbance: Any, serve: Serve, receive: Receive, send: Send) -> None:
        """Let one call, whose body has been read, happen as the disturbance wants it."""

    def as_dict(self) -> dict[str, Any]:
        """The rules, and what they have done so far."""


class ConditionalFault(Protocol):
    """A fault behind conditions, and how often there was an occasion for it."""

    calls: int
    met: int
    shown: int

    def as_dict(self) -> dict[str, Any]:
        """The fault and how often its conditions were met, as the control API shows it."""


class Extension(Protocol):
    """Breaks and disturbs apps; ConfigurationError for a name or a rule that is not known."""

    def fault_list(self) -> Sequence[Mapping[str, Any]]:
        """Every fault: its name, operations, the requirements that it refutes, and a sentence."""

    def switch_on(self, app: "App", names: Sequence[str]) -> None:
        """Break the app in these ways, and in no others."""

    def disturbance_kinds(self) -> Mapping[str, str]:
        """A sentence on each kind."""

    def schedule(self, rules: Sequence[Any], *, where: str) -> Schedule | None:
        """The schedule of rules, each an object or the text of an option; None for no rules."""


class NoExtension:
    """For an emulator that can only conform."""

    def fault_list(self) -> Sequence[Mapping[str, Any]]:
        """Nothing can be switched on."""
        return ()

    def switch_on(self, app: "App", names: Sequence[str]) -> None:  # noqa: ARG002
        """ConfigurationError for any fault."""
        if names:
            raise ConfigurationError(f"there is no fault {names[0]!r}: this emulator has none registered.")

    def disturbance_kinds(self) -> Mapping[str, str]:
        """There are none."""
        return {}

    def schedule(self, rules: Sequence[Any], *, where: str) -> Schedule | None:
        """ConfigurationError for any rule."""
        if rules:
            raise ConfigurationError(f"{where}: this emulator has no disturbances registered.")
        return None
