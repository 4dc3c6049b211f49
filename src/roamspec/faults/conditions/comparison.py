"""Whether a client could tell a call from the same call to an emulator without the fault.

The call is carried out twice: first without the fault, on a copy of the app's store, then as it is. Answers,
views, conversation lists and notifications are compared.
"""

import json
from collections.abc import Sequence
from typing import Any

from roamspec.emulator.apps import App
from roamspec.emulator.devices.hub import DeviceHub
from roamspec.emulator.domain.api_error import ApiError
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.http.answers import HttpResponse
from roamspec.emulator.http.errors import ROWS
from roamspec.emulator.http.operations.deletions import DeletionSteps
from roamspec.emulator.http.request import IncomingRequest
from roamspec.emulator.limits import RateLimits
from roamspec.emulator.store.protocol import AppStore

Notices = list[tuple[str, str]]


class _Recorder(DeviceHub):
    """Notes what devices are notified, by device; hands it on unless the call is only tried."""

    __slots__ = ("_delivers", "_hub", "notices")

    def __init__(self, hub: DeviceHub, *, delivers: bool) -> None:
        super().__init__()
        self._hub = hub
        self._delivers = delivers
        self.notices: Notices = []

    def online(self, user: str) -> Sequence[str]:
        return self._hub.online(user)

    def users(self) -> dict[str, list[str]]:
        return self._hub.users()

    def notify(self, user: str, notice: DeviceNotice, *, only: Sequence[str] | None = None) -> None:
        for device in self._hub.online(user):
            if device != notice.acting_device and (only is None or device in only):
                self.notices.append((f"{user} {device}", json.dumps(notice.body, sort_keys=True)))
        if self._delivers:
            self._hub.notify(user, notice, only=only)


class Comparison:
    """What the call would come to without the fault; `differs` compares it with what it came to."""

    def __init__(
        self,
        app: App,
        steps: DeletionSteps,
        request: IncomingRequest,
        refusal: ApiError | None,
        *,
        finds: bool = True,
    ) -> None:
        """`finds` says whether the call names a message that is there."""
        self._app = app
        self._hub = app.devices
        self._finds = finds
        self._expected = self._tried(steps, request, refusal)
        self._recorder = _Recorder(self._hub, delivers=True)
        app.devices = self._recorder

    def differs(self, result: object) -> bool:
        """Whether it came to something else. That a call which names no message is refused, and then tells
        nobody, says nothing: the documentation leaves open how it is answered."""
        self._app.devices = self._hub
        answer, state, notices = self._expected
        if state != _state(self._app.store):
            return True
        if not self._finds and _is_refusal(result):
            return bool(self._recorder.notices)
        return answer != _came(result) or notices != self._recorder.notices

    def _tried(
        self, steps: DeletionSteps, request: IncomingRequest, refusal: ApiError | None
    ) -> tuple[object, dict[str, object], Notices]:
        app, store, limits = self._app, self._app.store, self._app.limits
        silent = _Recorder(self._hub, delivers=False)
        app.store, app.limits, app.devices = store.copy(), RateLimits(), silent
        try:
            result = _carried_out(steps, request, refusal)
            # Of a call that is refused as it is, the refusal is documented.
            self._finds = self._finds or _is_refusal(result)
            return _came(result), _state(app.store), silent.notices
        finally:
            app.store, app.limits, app.devices = store, limits, self._hub


def _carried_out(steps: DeletionSteps, request: IncomingRequest, refusal: ApiError | None) -> object:
    try:
        if refusal is not None:
            return steps.unrouted(request, refusal)
        steps.authenticate(request)
        steps.admit(request)
        deletion = steps.parse(request)
        for step in (steps.limits, steps.resolve, steps.select, steps.apply, steps.notify):
            step(deletion)
        return steps.answer(request, deletion)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        return error


def _is_refusal(result: object) -> bool:
    """Whether it is one of the documented 4xx statuses."""
    if isinstance(result, ApiError):
        return ROWS[result.reason].status < 500
    return isinstance(result, HttpResponse) and 400 <= result.status < 500


def _came(result: object) -> object:
    """A response without what the clock decides."""
    if isinstance(result, ApiError):
        return result.reason, sorted(map(str, result.details.items()))
    if not isinstance(result, HttpResponse):
        return type(result).__name__
    try:
        body: Any = json.loads(result.body)
    except ValueError:
        body = result.body
    if isinstance(body, dict):
        body.pop("duration", None) if type(body.get("duration")) is int else None
    return result.status, body, result.headers


def _state(store: AppStore) -> dict[str, object]:
    """What the users can pull, and what their lists show."""
    return {
        account.name: sorted(
            (
                view.conversation,
                type(view).__name__,
                view.listed,
                tuple((m.id, m.sender, m.time_ms, m.type, m.text) for m in view),
            )
            for view in store.views(account.name)
            if len(view) or view.listed
        )
        for account in store.users()
    }
