"""Online devices of the users of a sequence: what they must, may and must not be notified."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Final

from roamspec.api.devices import Device
from roamspec.appkey import AppKey
from roamspec.generative.call_sequence import DeleteStep
from roamspec.generative.difference import Difference, Found, Kind
from roamspec.generative.flaws import UNKNOWN_TARGET
from roamspec.generative.model import Effect
from roamspec.session.session import Session
from roamspec.suite.notified_calls import NotifiedCall, are_notified
from roamspec.world.conversations import Conversation

GRACE_S: Final = 0.15
"""How long to wait for a late event that should not come."""


class NotificationExpectations:
    """Some devices for each user, connected before the first step."""

    def __init__(
        self,
        session: Session,
        app: AppKey,
        names: Mapping[str, str],
        conversation: Callable[[str], Conversation],
        counts: Mapping[str, int],
    ) -> None:
        """`counts` says how many devices each user has."""
        assert session.observer_url is not None
        self._session = session
        self._names = names
        self._conversation = conversation
        self._must: Counter[tuple[str, str]] = Counter()
        self._calls: dict[tuple[str, str], list[NotifiedCall]] = {}
        self._may: Counter[tuple[str, str]] = Counter()
        self._open: set[str] = set()
        self._loose: set[tuple[str, str]] = set()
        self._ids: dict[tuple[str, str], set[str]] = {}
        self._times: dict[tuple[str, str], set[int]] = {}
        self._devices: dict[str, list[Device]] = {user: [] for user in names}
        try:
            for user, name in names.items():
                for number in range(counts.get(user, 0)):
                    device = Device.connect(
                        session.observer_url, app, name, f"d{number + 1}", network=session.network
                    )
                    self._devices[user].append(device)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Take all devices offline."""
        for devices in self._devices.values():
            for device in devices:
                device.close()

    def expect(
        self,
        call: DeleteStep,
        effect: Effect | None,
        ids: Collection[str] = (),
        time_ms: int | None = None,
        *,
        sent_at: float,
    ) -> None:
        """A call was answered that was sent at `sent_at`; `effect` is None when it was rejected, which tells
        nobody. `ids` and `time_ms` are what it named."""
        if effect is None or effect.notified == "nobody":
            return
        if call.flaw:
            # A wrong value may be announced as it was sent.
            self._loose.add((call.owner, call.place))
            if call.flaw == UNKNOWN_TARGET:
                self._open.add(call.owner)
        self._ids.setdefault((call.owner, call.place), set()).update(ids)
        if time_ms is not None:
            self._times.setdefault((call.owner, call.place), set()).add(time_ms)
        if not call.place:
            self._open.add(call.owner)
        elif effect.notified == "owner":
            self._must[call.owner, call.place] += 1
            due = NotifiedCall(frozenset(ids), time_ms, sent_at)
            self._calls.setdefault((call.owner, call.place), []).append(due)
        else:
            self._may[call.owner, call.place] += 1

    def compare(self, step: int, *, silence: bool) -> None:
        """Wait for what must be notified; with `silence` also for what must not, for a short time."""
        for (user, place), count in self._must.items():
            where = self._conversation(place).id_for(self._names[user])
            patience = self._session.notice_patience
            enough = partial(are_notified, self._calls[user, place])
            for device in self._devices[user]:
                if not device.wait_until(where, enough, patience.seconds):
                    patience.note_timeout()
                    self._untold(step, user, place, where, count)
        for user, place in (set(self._must) | set(self._may)) - self._loose:
            self._compare_contents(step, user, place)
        if silence:
            self._session.sleep(GRACE_S)
            self.compare_silence(step)

    def _untold(self, step: int, user: str, place: str, where: str, count: int) -> None:
        every = [device.about(where) for device in self._devices[user]]
        heard = [len(events) for events in every]
        some = any(are_notified(self._calls[user, place], events) for events in every)
        kind: Kind = "partly untold" if some else "untold"
        wanted = f"each device of {user} is notified of {place} {count} times"
        told = ", ".join(map(str, heard))
        raise Found(Difference(kind, step, user, place, (), wanted, f"they are notified {told} times"))

    def _compare_contents(self, step: int, user: str, place: str) -> None:
        """What notifications name, if they name anything, must be what a call named."""
        where = self._conversation(place).id_for(self._names[user])
        ids, times = self._ids.get((user, place), set()), self._times.get((user, place), set())
        for event in (event for device in self._devices[user] for event in device.about(where)):
            others = (event.message_ids or frozenset()) - ids
            if others or (event.del_time is not None and event.del_time not in times):
                wanted = f"notifications of {user} identify what calls about {place} deleted"
                actual = f"one names {min(others) if others else event.del_time}"
                raise Found(Difference("mistold", step, user, place, (), wanted, actual))
            if event.user and event.user != self._names[user]:
                wanted = f"notifications of {user} name {user} as the owner"
                raise Found(Difference("mistold", step, user, place, (), wanted, f"one names {event.user}"))

    def compare_silence(self, step: int) -> None:
        """What has come by now must have been allowed to come.

        A service may tell of one call in several notifications, or twice to be sure; so it is not counted.
        """
        for user, device in ((user, each) for user, devices in self._devices.items() for each in devices):
            self._compare_owners(step, user, device)
            heard = Counter(event.conversation_id for event in device.events)
            for where, count in heard.items():
                allowed = sum(
                    self._must[key] + self._may[key]
                    for key in set(self._must) | set(self._may)
                    if key[0] == user and self._conversation(key[1]).id_for(self._names[user]) == where
                )
                if not allowed and user not in self._open:
                    wanted = f"a device of {user} is only notified of {user}'s own calls"
                    actual = f"it is notified {count} times of {where}"
                    raise Found(Difference("told", step, user, "", (), wanted, actual))

    def _compare_owners(self, step: int, user: str, device: Device) -> None:
        """A notice that says whose deletion it tells of says the device's user, whatever that one called."""
        others = {name: symbol for symbol, name in self._names.items() if symbol != user}
        for event in device.events:
            if event.user in others:
                wanted = f"a device of {user} is notified of nothing but {user}'s own calls"
                actual = f"it is notified of a call of {others[event.user]} about {event.conversation_id}"
                raise Found(Difference("told", step, user, "", (), wanted, actual))
