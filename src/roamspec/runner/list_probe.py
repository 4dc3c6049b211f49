"""Which form of the conversation list a target has, what makes a conversation stand in it, and how late."""

import contextlib
from dataclasses import replace

from roamspec.api.conversation_lists import LIST_FORMS, ListForm, read_page
from roamspec.errors import TargetError
from roamspec.session.capabilities import MessageSource
from roamspec.session.session import LONGEST_LIST_LAG_S, Session
from roamspec.world.conversations import Conversation
from roamspec.world.world import World, listed_as

_SEEN_AT_ONCE_S = 0.3


class ListProbe:
    """Finds what a session must know of the conversation lists of its target."""

    def __init__(self, session: Session, world: World) -> None:
        self._session = session
        self._world = world
        self.reason = ""
        """Why lists cannot be used, once `find` has found that."""

    def find(self, user: str, sent: Conversation, imported: Conversation, said_at: float) -> str:
        """How lists of this target are known to be readable; empty when they are not, for `reason`.

        The first form counts that shows a conversation; sent messages make one, or else imported ones.
        `said_at` is when the first message was sent, on the session's clock. Fills `session.capabilities`.
        """
        session = self._session
        began = session.clock()
        readable = self._readable_forms(user)
        if not readable:
            self.reason = "no form of the conversation list can be read"
            return ""
        ways: list[tuple[MessageSource, Conversation]] = [("send", sent)]
        if session.capabilities.message_sources.get("chat") != "send":
            ways.append((session.capabilities.message_sources["chat"], imported))
        # Few looks: a list may be read but five times a minute.
        pause, missed = 0.5, False
        while session.clock() - began < LONGEST_LIST_LAG_S:
            for form in readable:
                session.capabilities = replace(session.capabilities, list_form=form)
                looked_at, there = session.clock(), self._world.listed(user)
                for way, conversation in ways:
                    if listed_as(conversation, user) in there:
                        session.capabilities = replace(session.capabilities, list_way=way)
                        # What was long in coming here says little of how long it takes to be listed.
                        prompt = began - said_at <= _SEEN_AT_ONCE_S
                        # What takes a slow target to say which forms it has is no lag either.
                        lag = (looked_at - began) * missed if prompt else self._lag_of_another(user)
                        return self._know(form, way, lag)
            missed = True
            session.sleep(pause)
            pause *= 2
        session.capabilities = replace(session.capabilities, list_form=None)
        self.reason = "neither a sent nor an imported message creates a conversation in the list"
        return ""

    def _lag_of_another(self, other: str) -> float:
        """How long a message sent now takes into the list of a user whose list was not read yet."""
        session, world = self._session, self._world
        (user,) = world.users(1)
        chat = world.chat(user, other)
        world.send(chat, [user])
        began, pause = session.clock(), 0.5
        while (looked_at := session.clock()) - began < LONGEST_LIST_LAG_S:
            if listed_as(chat, user) in world.listed(user):
                break
            session.sleep(pause)
            pause *= 2
        return looked_at - began

    def _readable_forms(self, user: str) -> list[ListForm]:
        """The forms that the app token opens; if there are none, those that the user's own token opens."""
        readable = [form for form in LIST_FORMS if self._readable(form, user)]
        if readable:
            return readable
        with contextlib.suppress(TargetError):
            token = self._world.app.user_token(user, self._session.password)
            readable = [form for form in LIST_FORMS if self._readable(form, user, token)]
        if readable:
            self._session.capabilities = replace(self._session.capabilities, list_with_user_token=True)
        return readable

    def _readable(self, form: ListForm, user: str, token: str | None = None) -> bool:
        answer = read_page(self._world.app, form, user, token=token)
        data = answer.object.get("data")
        return answer.ok and isinstance(data, dict) and isinstance(data.get("channel_infos"), list)

    def _know(self, form: ListForm, way: MessageSource, after_s: float) -> str:
        session = self._session
        # What was there at the first look does not lag as far as can be seen.
        lag = after_s if after_s > _SEEN_AT_ONCE_S else 0.0
        session.capabilities = replace(session.capabilities, list_lag_s=lag)
        made_by = "a message sent" if way == "send" else "an imported message"
        read_with = ", read with the user's own token" if session.capabilities.list_with_user_token else ""
        if lag:
            session.notes.append(
                f"Conversation lists are delayed: a conversation took {lag:.1f} s to appear."
            )
        return f"{made_by} created a conversation in the list ({form}{read_with})"
