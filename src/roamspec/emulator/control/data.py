"""What an app holds: seeded, looked at, recorded; and its clock."""

from itertools import islice
from typing import Any, Final

from roamspec.emulator.apps import App
from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, ControlError, answered
from roamspec.emulator.control.scenario import play, read_scenario
from roamspec.emulator.domain.records import StoredMessage
from roamspec.emulator.domain.views import views_of

_JOURNAL_PAGE: Final = 1000
_MESSAGES_SHOWN: Final = 1000
_LATEST_MS: Final = 4_102_444_800_000  # 2100-01-01


def seed(call: ControlCall) -> ControlAnswer:
    """Make the users, groups, messages and list entries of the scenario in the body; answers with their
    IDs."""
    return answered(play(call.app, read_scenario(call.json_object())), 201)


def get_user(call: ControlCall) -> ControlAnswer:
    """The user's views, newest messages first; `limit` messages of each conversation."""
    app, name, limit = call.app, call.names["user"].lower(), call.number("limit", _MESSAGES_SHOWN)
    account = app.store.user(name)
    if account is None:
        raise ControlError(404, f"the app has no user {name!r}.")
    devices = list(app.devices.online(name))
    return answered(
        {
            "user": name,
            "uuid": account.uuid,
            "devices": devices,
            "conversations": views_json(app, name, limit),
        }
    )


def views_json(app: App, user: str, limit: int) -> list[dict[str, Any]]:
    """What a user sees: each conversation with its `limit` newest messages, the newest first."""
    return [
        {
            "type": view.conversation.type,
            "id": view.conversation.id,
            "listed": view.listed,
            "unread": view.unread,
            "top": view.top_ms,
            "marks": view.marks,
            "count": len(view),
            "messages": [_message_json(message) for message in islice(view.walk(None, newer=False), limit)],
        }
        for view in views_of(app.context(app.clock.now()), user)
    ]


def _message_json(message: StoredMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "from": message.sender,
        "to": message.target,
        "timestamp": message.time_ms,
        "type": message.type,
        "text": message.text,
    }


def get_devices(call: ControlCall) -> ControlAnswer:
    """The devices that are online, by user."""
    return answered({"devices": call.app.devices.users()})


def disconnect_device(call: ControlCall) -> ControlAnswer:
    """End a device's connection, as a device that another one has taken the place of."""
    app, user, device = call.app, call.names["user"].lower(), call.names["device"]
    found = [connection for connection in app.devices.of(user) if connection.device == device]
    if not found:
        raise ControlError(404, f"the user {user!r} has no device {device!r} online.")
    for connection in found:
        connection.close("kicked")
        app.devices.disconnect(connection)
    return answered({"disconnected": len(found)})


def get_clock(call: ControlCall) -> ControlAnswer:
    """The app's time in Unix milliseconds, and whether it stands still."""
    clock = call.app.clock
    return answered({"now": clock.now(), "frozen": clock.frozen, "offset_ms": clock.offset_ms})


def change_clock(call: ControlCall) -> ControlAnswer:
    """`now` sets it, then `advance_ms` moves it, then `frozen` stops it or lets it run."""
    body, clock = call.json_object(), call.app.clock
    for key in body:
        if key not in ("now", "advance_ms", "frozen"):
            raise ControlError(400, f"{key!r} is not known here; known: now, advance_ms, frozen.")
    frozen = body.get("frozen")
    if "frozen" in body and not isinstance(frozen, bool):
        raise ControlError(400, "frozen must be true or false.")
    target = clock.now()
    if "now" in body:
        target = _whole(body, "now")
    if "advance_ms" in body:
        target += _whole(body, "advance_ms")
    if not 0 <= target <= _LATEST_MS:
        raise ControlError(400, f"the clock must be from 0 to {_LATEST_MS} milliseconds, not to {target}.")
    if "now" in body or "advance_ms" in body:
        clock.set(target)
    if frozen is True:
        clock.freeze()
    elif frozen is False:
        clock.run()
    return get_clock(call)


def _whole(body: dict[str, Any], key: str) -> int:
    value = body[key]
    if type(value) is not int:
        raise ControlError(400, f"{key} must be a whole number of milliseconds.")
    return value


def get_journal(call: ControlCall) -> ControlAnswer:
    """Of one app, or of all; oldest first, `limit` entries after the sequence number `after`."""
    status = call.number("status", -1)
    entries = call.service.journal.entries(
        app_key=_scope(call),
        operation=call.query.get("operation") or None,
        status=None if status < 0 else status,
        after=call.number("after", 0),
    )
    page = [entry.as_dict() for entry in islice(entries, call.number("limit", _JOURNAL_PAGE))]
    return answered({"entries": page, "dropped": call.service.journal.dropped})


def clear_journal(call: ControlCall) -> ControlAnswer:
    """Forget the calls of one app, or of all."""
    call.service.journal.clear(_scope(call))
    return answered({"cleared": True})


def _scope(call: ControlCall) -> tuple[str, str] | None:
    return (call.app.key.org, call.app.key.app) if "org" in call.names else None
