"""Online devices of the users of a sequence: what they must, may and must not be told."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from roamspec.appkey import AppKey
from roamspec.generative.difference import Difference, Found
from roamspec.generative.program import Delete
from roamspec.model import Effect
from roamspec.target.session import Session
from roamspec.world.conversations import Conversation
from roamspec.world.devices import Device

GRACE_S: Final = 0.15
"""How long to wait for a straggler that should not come."""


class Hearing:
    """One device for each user, connected before the first step."""

    def __init__(
        self,
        session: Session,
        app: AppKey,
        names: Mapping[str, str],
        conversation: Callable[[str], Conversation],
    ) -> None:
        assert session.observer_url is not None
        self._session = session
        self._names = names
        self._conversation = conversation
        self._must: Counter[tuple[str, str]] = Counter()
        self._may: Counter[tuple[str, str]] = Counter()
        self._open: set[str] = set()
        self._devices: dict[str, Device] = {}
        try:
            for user, name in names.items():
                self._devices[user] = Device.connect(
                    session.observer_url, app, name, "d1", network=session.network
                )
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        for device in self._devices.values():
            device.close()

    def expect(self, call: Delete, effect: Effect | None) -> None:
        """A call was answered; `effect` is None when it was refused, which tells nobody."""
        if effect is None or effect.told == "nobody":
            return
        if not call.place:
            self._open.add(call.owner)
        elif effect.told == "owner":
            self._must[call.owner, call.place] += 1
        else:
            self._may[call.owner, call.place] += 1

    def compare(self, step: int, *, silence: bool) -> None:
        """Wait for what must be told; with `silence` also for what must not, for a short time."""
        for (user, place), count in self._must.items():
            where = self._conversation(place).id_for(self._names[user])
            patience = self._session.notice_patience
            if not self._devices[user].wait_for(where, patience.seconds, count=count):
                patience.was_in_vain()
                wanted = f"a device of {user} is told of {place} {count} times"
                heard = len(self._devices[user].about(where))
                raise Found(Difference("untold", step, user, place, (), wanted, f"it is told {heard} times"))
        if silence:
            self._session.sleep(GRACE_S)
            self.compare_silence(step)

    def compare_silence(self, step: int) -> None:
        """What has come by now must have been allowed to come.

        A service may tell of one call in several notices, or twice to be sure; so it is not counted.
        """
        for user, device in self._devices.items():
            heard = Counter(event.conversation_id for event in device.events)
            for where, count in heard.items():
                allowed = sum(
                    self._must[key] + self._may[key]
                    for key in set(self._must) | set(self._may)
                    if key[0] == user and self._conversation(key[1]).id_for(self._names[user]) == where
                )
                if not allowed and user not in self._open:
                    wanted = f"a device of {user} is told of nothing but {user}'s own calls"
                    actual = f"it is told {count} times of {where}"
                    raise Found(Difference("told", step, user, "", (), wanted, actual))
