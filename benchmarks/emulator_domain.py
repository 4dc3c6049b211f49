"""Cost of the domain, without HTTP: one long conversation, many other things around it, a million messages.

    python benchmarks/emulator_domain.py [--million]

Medians over many calls, in time of the processor. The second line repeats the calls with 1,000 more users
and 100 more apps: the cost of a call must not grow with them.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain import deletion as steps
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.delivery import OutgoingMessage, import_to_user
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.domain.roaming import PullQuery, pull
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings

START = 1_700_000_000_000
LONG = 100_000
CHAT = ConversationKey("chat", "bob")


def new_app(service: Service, *names: str) -> App:
    app = service.create(None, AppSettings())
    for name in names:
        accounts.register(app.context(START), name, "1", None)
    return app


def fill(app: App, count: int, sender: str = "alice", receiver: str = "bob") -> list[str]:
    context = app.context(START)
    return [
        import_to_user(
            context, OutgoingMessage(sender, "txt", f"message {number}", None), receiver, START + number
        )
        for number in range(count)
    ]


def delete(app: App, operation: str, **what: object) -> None:
    deletion = Deletion(app.context(START), KINDS[operation], "alice", "bob", **what)  # type: ignore[arg-type]
    for step in (steps.limits, steps.resolve, steps.select, steps.apply, steps.notify):
        step(deletion)


def median_us(calls: list[Callable[[], object]]) -> float:
    times = []
    for call in calls:
        began = time.process_time_ns()
        call()
        times.append((time.process_time_ns() - began) / 1000)
    return statistics.median(times)


def long_conversation(app: App) -> tuple[float, float, float]:
    """Median µs of deleting 50 IDs and of pulling a page of 50; µs per message of clearing half."""
    ids = fill(app, LONG)
    context = app.context(START)
    lists = [ids[start : start + 50] for start in range(20_000, 40_000, 50)]
    by_ids = median_us([lambda part=part: delete(app, "deleteChatMessages", ids=part) for part in lists])  # type: ignore[misc]
    cursors = [f"{START + number}_{ids[number]}" for number in range(100, LONG, 500)]
    pages = median_us([lambda c=c: pull(context, "alice", PullQuery(CHAT, c, size=50)) for c in cursors])  # type: ignore[misc]
    view = app.store.view("alice", CHAT)
    assert view is not None
    before = len(view)
    began = time.process_time_ns()
    delete(app, "clearChatBefore", time_ms=START + LONG // 2)
    spent = (time.process_time_ns() - began) / 1000
    return by_ids, pages, spent / (before - len(view))


def resident_mib() -> float:
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - a file of the kernel
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--million", action="store_true", help="measure the memory of a million messages")
    options = parser.parse_args()
    service = Service(STEPS)
    write = sys.stdout.write
    write("one conversation of 100,000 messages    delete 50 IDs   pull 50   clear, per message\n")
    write("alone                                   {:9.1f} us {:6.1f} us {:12.3f} us\n".format(
        *long_conversation(new_app(service, "alice", "bob"))
    ))  # fmt: skip
    for number in range(100):
        crowd = new_app(service, *(f"u{n}" for n in range(10)))
        fill(crowd, 20, f"u{number % 10}", f"u{(number + 1) % 10}")
    app = new_app(service, "alice", "bob", *(f"u{n}" for n in range(1000)))
    for number in range(1000):
        fill(app, 1, "alice", f"u{number}")
    write("among 100 apps, 1,000 conversations     {:9.1f} us {:6.1f} us {:12.3f} us\n".format(
        *long_conversation(app)
    ))  # fmt: skip
    if options.million:
        for old in list(service.apps()):
            service.remove(old)
        before = resident_mib()
        app = service.create(AppKey("o", "a"), AppSettings())
        for number in range(100):
            accounts.register(app.context(START), f"u{number}", "1", None)
        for number in range(100):
            fill(app, 10_000, f"u{number}", f"u{(number + 1) % 100}")
        write(f"1,000,000 messages in 200 views: {resident_mib():.0f} MiB resident, {before:.0f} before\n")


if __name__ == "__main__":
    main()
