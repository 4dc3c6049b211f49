"""What happens in an app, drawn: calls of every kind that changes what it holds."""

import random
from collections.abc import Callable
from typing import Any, Literal

from roamspec.emulator.apps import App
from roamspec.emulator.control.scenario import play, read_scenario
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain import deletion as steps
from roamspec.emulator.domain.conversations import delete_conversation
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.delivery import (
    OutgoingMessage,
    import_to_group,
    import_to_user,
    send_to_group,
    send_to_user,
)
from roamspec.emulator.domain.views import views_of

NAMES = ("ann", "ben", "cat", "dan")
DAY_MS = 86_400_000


class AppLife:
    """Draws what happens in an app; each `step` is one call's worth."""

    def __init__(self, app: App, dice: random.Random) -> None:
        self.app = app
        self.dice = dice

    def step(self) -> None:
        self.dice.choice(self.steps())()

    def steps(self) -> list[Callable[[], object]]:
        return [
            self.send, self.send, self.send_to_a_group, self.import_one, self.import_to_a_group,
            self.delete_some, self.clear_before, self.clear_user, self.delete_conversation,
            self.make_group, self.delete_group, self.join, self.leave, self.delete_user,
            self.issue_token, self.expire, self.seed, self.snapshot, self.go_back,
            self.forget_snapshot, self.configure, self.fetch_waiting, self.pin,
        ]  # fmt: skip

    @property
    def context(self) -> Any:
        return self.app.context(self.app.clock.now())

    def user(self) -> str:
        name = self.dice.choice(NAMES)
        if self.app.store.user(name) is None:
            accounts.register(self.context, name, "1", self.dice.choice((None, "昵称 \ud800")))
        return name

    def draft(self) -> OutgoingMessage:
        extra = self.dice.choice((None, {"ext": {"n": 2**70, "x": [1.5, "\x00"]}}))
        return OutgoingMessage(self.user(), "txt", self.dice.choice(("hi", "“你好” \ud83d")), extra)

    def group(self) -> str:
        found = [group.id for group in self.app.store.groups()]
        return self.dice.choice(found) if found else self.make_group()

    def view_of(self) -> tuple[str, Any]:
        owner = self.user()
        views = self.app.store.views(owner)
        return owner, self.dice.choice(views) if views else None

    def send(self) -> None:
        send_to_user(self.context, self.draft(), self.user())

    def send_to_a_group(self) -> None:
        group = self.app.store.group(self.group())
        assert group is not None
        send_to_group(self.context, self.draft(), group.id, group.kind)

    def import_one(self) -> None:
        import_to_user(self.context, self.draft(), self.user(), self.dice.randrange(10**12))

    def import_to_a_group(self) -> None:
        import_to_group(self.context, self.draft(), self.group(), self.app.clock.now())

    def run(self, deletion: Deletion) -> None:
        for step in (steps.limits, steps.resolve, steps.select, steps.apply, steps.notify):
            step(deletion)

    def delete_some(self) -> None:
        owner, view = self.view_of()
        if view is not None:
            kind = "deleteChatMessages" if view.conversation.type == "chat" else "deleteGroupMessages"
            ids = [message.id for message in view if self.dice.random() < 0.5][:50]
            self.run(Deletion(self.context, KINDS[kind], owner, view.conversation.id, ids=ids))

    def clear_before(self) -> None:
        owner, view = self.view_of()
        if view is not None:
            kind = "clearChatBefore" if view.conversation.type == "chat" else "clearGroupBefore"
            at = self.dice.choice([message.time_ms for message in view] or [0])
            self.run(Deletion(self.context, KINDS[kind], owner, view.conversation.id, time_ms=at))

    def clear_user(self) -> None:
        now = self.app.clock.now()
        self.run(Deletion(self.context, KINDS["clearUser"], self.user(), time_ms=now))

    def delete_conversation(self) -> None:
        owner, view = self.view_of()
        if view is not None:
            delete_conversation(
                self.context, owner, view.conversation, with_messages=self.dice.random() < 0.5
            )

    def make_group(self) -> str:
        kind: Literal["group", "room"] = self.dice.choice(("group", "room"))
        members = [self.user(), self.user()]
        made = accounts.create_group(self.context, kind, self.user(), members, {"maxusers": 9}, None)
        return made.id

    def delete_group(self) -> None:
        group = self.app.store.group(self.group())
        assert group is not None
        accounts.delete_group(self.context, group)

    def join(self) -> None:
        group = self.app.store.group(self.group())
        assert group is not None
        accounts.add_members(self.context, group, [self.user()])

    def leave(self) -> None:
        group = self.app.store.group(self.group())
        assert group is not None
        others = [name for name in group.members if name != group.owner]
        if others:
            accounts.remove_member(self.context, group, self.dice.choice(others))

    def delete_user(self) -> None:
        name = self.user()
        accounts.delete_user(self.context, name)
        self.app.tokens.revoke_user(name)
        self.app.devices.close(name, "removed")

    def issue_token(self) -> None:
        user = self.dice.choice((None, self.user()))
        self.app.tokens.issue(user, self.dice.choice((0, 60)), self.app.clock.now())

    def expire(self) -> None:
        self.app.configure(self.app.settings.with_changes({"retention_days": 1}, where="test"))
        self.app.clock.advance(DAY_MS * self.dice.randrange(3))
        views_of(self.context, self.user())

    def seed(self) -> None:
        sender, receiver = self.user(), self.user()
        message = {"from": sender, "to": receiver, "count": 3}
        play(self.app, read_scenario({"messages": [message]}))

    def pin(self) -> None:
        owner, view = self.view_of()
        if view is not None and view.conversation.type == "chat":
            entry = {"user": owner, "id": view.conversation.id, "top": 5, "unread": 7, "marks": ["m"]}
            play(self.app, read_scenario({"conversations": [entry]}))

    def snapshot(self) -> None:
        self.app.take_snapshot()

    def go_back(self) -> None:
        if self.app.snapshots:
            self.app.restore_snapshot(self.dice.choice(list(self.app.snapshots)))
        elif self.dice.random() < 0.1:
            self.app.reset()

    def forget_snapshot(self) -> None:
        if self.app.snapshots:
            del self.app.snapshots[self.dice.choice(list(self.app.snapshots))]

    def configure(self) -> None:
        limit = self.dice.randrange(1, 600)
        changes = {"conversation_capacity": limit, "message_ids": self.dice.choice(("growing", "random"))}
        self.app.configure(self.app.settings.with_changes(changes, where="test"))
        self.dice.choice((self.app.clock.freeze, self.app.clock.run))()

    def fetch_waiting(self) -> None:
        name = self.user()
        for conversation in self.app.devices.offline.counts(name):
            keys = [key for key, _ in self.app.devices.offline.page(name, conversation, 0, 10)]
            self.app.devices.offline.acknowledge(name, conversation, self.dice.choice(keys))
