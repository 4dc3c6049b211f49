"""What waits for one device until it fetches: a queue for each conversation, and one for notifications."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from roamspec.emulator.devices.hub import QUEUE_MAX
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.metas import message_as_meta
from roamspec.emulator.websocket import frames
from roamspec.emulator.websocket.login import Login
from roamspec.wire.message_body_pb2 import JID, Meta

PAGE: Final = 50
"""Messages that one fetch gives at most, beside those that were announced."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a fetch gives. `next_key` asks for the page behind it; None where it holds no waiting message."""

    metas: Sequence[Meta]
    next_key: int | None
    is_last: bool


class WaitingQueues:
    """Of one login: messages that came while its user had no device, and what was announced to the device."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._key = str(login.app.key)
        self._announced: dict[tuple[str, str], list[Meta]] = {}
        self._number = 0

    def announce(self, queue: JID, meta: Meta) -> bool:
        """Keep what is announced until the device fetches; False when more waits than it may leave."""
        self._announced.setdefault((queue.name, queue.domain), []).append(meta)
        self._number += 1
        return self._number <= QUEUE_MAX

    def counts(self) -> list[tuple[JID, int]]:
        """Each queue that holds something, and how much.

        A client passes over an announcement that comes while it fetches, and finds the rest here.
        """
        offline = self._login.app.devices.offline.counts(self._login.user)
        numbers = Counter({(key.id, frames.jid(self._key, key).domain): n for key, n in offline.items()})
        numbers.update({name: len(metas) for name, metas in self._announced.items()})
        return [(JID(appKey=self._key, name=name, domain=domain), n) for (name, domain), n in numbers.items()]

    def fetch(self, queue: JID, key: int) -> Page:
        """A page of one queue; `key` is that of the last page, which the device has, or 0.

        Messages that were deleted while they waited are left out. What was announced to this device came
        after all that waited for any, so it ends the last page.
        """
        login, offline = self._login, self._login.app.devices.offline
        in_group = queue.domain.startswith("conference.")
        conversation = ConversationKey("group" if in_group else "chat", queue.name)
        if key:
            offline.acknowledge(login.user, conversation, key)
        page = offline.page(login.user, conversation, key, PAGE + 1)
        shown = page[:PAGE]
        view = login.app.store.view(login.user, conversation)
        metas = [
            message_as_meta(message, self._key)
            for _, message in shown
            if view is not None and view.get(message.id) is not None
        ]
        next_key = shown[-1][0] if shown else None
        if len(page) > PAGE:
            return Page(metas, next_key, is_last=False)
        if next_key is not None:
            # The last page is not fetched behind: whoever got it has it.
            offline.acknowledge(login.user, conversation, next_key)
        return Page([*metas, *self._taken(queue)], next_key, is_last=True)

    def _taken(self, queue: JID) -> Sequence[Meta]:
        taken = self._announced.pop((queue.name, queue.domain), [])
        self._number -= len(taken)
        return taken
