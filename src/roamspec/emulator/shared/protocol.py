"""What the rest of the emulator asks of a shared state."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from roamspec.emulator.apps import App

T = TypeVar("T")


class Sharing(Protocol):
    """Each method may raise StoreGone, when the store does not answer now."""

    async def find(self, org: str, app: str) -> "App | None":
        """The app of these two first segments of a path, whichever worker made it."""

    async def run(self, app: "App", compute: Callable[[], T], *, alone: bool = False) -> T:
        """What a call returns or raises, once its changes are in the store.

        It may be computed several times, unless it runs alone. AppGone when the app has been removed.
        """

    async def come_online(self, app: "App", compute: Callable[[], T]) -> T:
        """Like `run` alone, for a call of a device, which hears from now on what other workers do."""

    async def control(self, names: Mapping[str, str], compute: Callable[[], T]) -> T:
        """A call of the control API; `names` are the parameters of its path."""
