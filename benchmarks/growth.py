"""How the cost of a call grows with what the emulator holds: messages, users and apps.

    python benchmarks/growth.py [--small]

Without HTTP, in time of the processor: medians of deleting 50 IDs and of pulling a page of 50, with few and
with many messages in the conversation, users in the app, and apps in the service. Ends with 1 when the most
cost more than `MOST` times the fewest. `emulator_devices.py` says the same of devices.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Final

from emulator_domain import CHAT, START, delete, fill, median_us, new_app

from roamspec.emulator.apps import App
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.roaming import PullQuery, pull
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service

MOST: Final = 3.0
SIZES: Final = {"messages": (1_000, 10_000, 100_000), "users": (100, 1_000, 50_000), "apps": (1, 100, 2_000)}
_CALLS: Final = 15
_PAGE: Final = 50


def with_messages(count: int) -> App:
    app = new_app(Service(STEPS), "alice", "bob")
    fill(app, count - _CALLS * _PAGE)
    return app


def with_users(count: int) -> App:
    app = new_app(Service(STEPS), "alice", "bob")
    for number in range(count - 2):
        accounts.register(app.context(START), f"u{number}", "1", None)
    return app


def with_apps(count: int) -> App:
    service = Service(STEPS)
    for _ in range(count - 1):
        fill(new_app(service, "alice", "bob"), 20)
    return new_app(service, "alice", "bob")


MAKE: Final[dict[str, Callable[[int], App]]] = {
    "messages": with_messages,
    "users": with_users,
    "apps": with_apps,
}


def cost_us(app: App) -> tuple[float, float]:
    """Medians of deleting 50 IDs and of pulling 50."""
    ids = fill(app, _CALLS * _PAGE)
    context = app.context(START)
    parts = [ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE)]
    pulls = median_us([lambda: pull(context, "alice", PullQuery(CHAT, "", size=_PAGE))] * (5 * _CALLS))
    deletions = median_us([lambda part=part: delete(app, "deleteChatMessages", ids=part) for part in parts])  # type: ignore[misc]
    return deletions, pulls


def grown(costs: Sequence[tuple[float, float]]) -> float:
    """How many times the cost of the smallest size the largest one has, of the call that grows more."""
    return max(last / first for first, last in zip(costs[0], costs[-1], strict=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="leave out the largest sizes")
    small = parser.parse_args().small
    worst = 0.0
    cost_us(with_messages(SIZES["messages"][0]))  # whatever is built once is built now
    for what, sizes in SIZES.items():
        costs = []
        for size in sizes[:-1] if small else sizes:
            costs.append(cost_us(MAKE[what](size)))
            deletion, page = costs[-1]
            sys.stdout.write(
                f"{size:>9,} {what:<9} delete 50 IDs {deletion:7.1f} us   pull 50 {page:7.1f} us\n"
            )
        worst = max(worst, grown(costs))
        sys.stdout.write(f"{what} cost {grown(costs):.2f} times as much (at most {MOST:g})\n")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
