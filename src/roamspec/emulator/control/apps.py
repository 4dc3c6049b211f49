"""Apps: made, configured, broken on purpose, put back."""

from typing import Any, Final

from roamspec.appkey import AppKey
from roamspec.emulator.apps import App
from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, ControlError, answered
from roamspec.emulator.control.scenario import play, read_scenario
from roamspec.emulator.settings import AppSettings, describe

SNAPSHOTS_MAX: Final = 32


def list_apps(call: ControlCall) -> ControlAnswer:
    """All apps of the emulator, with their credentials."""
    return answered({"apps": [_app_json(call, app) for app in call.service.apps()]})


def create_app(call: ControlCall) -> ControlAnswer:
    """One call makes an app with everything a test needs, a token included."""
    body = call.json_object(optional=True)
    _only(body, "org", "app", "settings", "faults", "scenario")
    key = _key(call, body)
    settings = AppSettings().with_changes(_mapping(body, "settings"), where="settings")
    faults = _names(body, "faults")
    scenario = read_scenario(_mapping(body, "scenario"))
    app = call.service.create(key, settings)
    try:
        call.service.extension.switch_on(app, faults)
        made = play(app, scenario)
    except BaseException:
        # An app that could not be set up as asked must not stay behind half-made.
        call.service.remove(app)
        raise
    token = app.tokens.issue(None, 0, app.clock.now())
    return answered(_app_json(call, app) | {"app_token": token, "scenario": made}, 201)


def get_app(call: ControlCall) -> ControlAnswer:
    """One app, with its credentials, faults and time; ControlError 404 for an unknown one, as all calls of an
    app."""
    return answered(_app_json(call, call.app))


def delete_app(call: ControlCall) -> ControlAnswer:
    """Remove the app with everything in it; its devices are disconnected."""
    app = call.app
    call.service.remove(app)
    return answered({"deleted": app.key.path})


def reset_app(call: ControlCall) -> ControlAnswer:
    """Users, groups, messages, journal and clock; settings and faults stay."""
    app = call.app
    app.reset()
    call.service.journal.clear((app.key.org, app.key.app))
    return answered(_app_json(call, app))


def get_settings(call: ControlCall) -> ControlAnswer:
    """All settings of the app, by name."""
    return answered(call.app.settings.as_dict())


def change_settings(call: ControlCall) -> ControlAnswer:
    """Change the settings that the body names; ConfigurationError for an unknown one or a wrong value."""
    app = call.app
    app.configure(app.settings.with_changes(call.json_object(), where="settings"))
    return answered(app.settings.as_dict())


def list_settings(call: ControlCall) -> ControlAnswer:  # noqa: ARG001 - the same for every call
    """Every setting there is, with its default and what it does."""
    return answered({"settings": describe()})


def list_faults(call: ControlCall) -> ControlAnswer:
    """Every fault that can be switched on, with the requirements that it violates."""
    return answered({"faults": call.service.extension.fault_list()})


def get_faults(call: ControlCall) -> ControlAnswer:
    """The faults that are switched on in the app, and how often those behind conditions were met."""
    return answered(
        {"faults": call.app.faults, "conditional": [each.as_dict() for each in call.app.conditionals]}
    )


def set_faults(call: ControlCall) -> ControlAnswer:
    """Exactly these are on from now on; an empty list mends the app."""
    body = call.json_object()
    _only(body, "faults")
    call.service.extension.switch_on(call.app, _names(body, "faults"))
    return answered({"faults": call.app.faults})


def take_snapshot(call: ControlCall) -> ControlAnswer:
    """Keep the app's state under a fresh ID; ControlError 409 when it holds as many as it may."""
    app = call.app
    if len(app.snapshots) >= SNAPSHOTS_MAX:
        raise ControlError(409, f"the app holds {SNAPSHOTS_MAX} snapshots; delete one first.")
    return answered({"id": app.take_snapshot()}, 201)


def list_snapshots(call: ControlCall) -> ControlAnswer:
    """The IDs of the app's snapshots, oldest first."""
    return answered({"snapshots": list(call.app.snapshots)})


def delete_snapshot(call: ControlCall) -> ControlAnswer:
    """Forget a snapshot; ControlError 404 for an unknown one."""
    del call.app.snapshots[_snapshot(call)]
    return answered({"deleted": call.names["snapshot"]})


def restore_snapshot(call: ControlCall) -> ControlAnswer:
    """Put the app back to a snapshot, which stays; ControlError 404 for an unknown one."""
    call.app.restore_snapshot(_snapshot(call))
    return answered(_app_json(call, call.app))


def _snapshot(call: ControlCall) -> str:
    name = call.names["snapshot"]
    if name not in call.app.snapshots:
        raise ControlError(404, f"the app has no snapshot {name!r}.")
    return name


def _key(call: ControlCall, body: dict[str, Any]) -> AppKey | None:
    org, app = body.get("org"), body.get("app")
    if org is None and app is None:
        return None
    if not isinstance(org, str) or not isinstance(app, str):
        raise ControlError(400, "org and app must both be texts, or both be absent.")
    key = AppKey.parse(f"{org}/{app}", where="org and app")
    if call.service.find(key.org, key.app) is not None:
        raise ControlError(409, f"the app {key.path} already exists.")
    return key


def _app_json(call: ControlCall, app: App) -> dict[str, Any]:
    return {
        "org": app.key.org,
        "app": app.key.app,
        "app_key": str(app.key),
        "app_id": app.app_id,
        "app_certificate": app.app_certificate,
        "application": app.uuid,
        "base_url": call.base_url,
        "observer_url": f"{call.base_url}/_emulator/observer",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "faults": app.faults,
        "now": app.clock.now(),
    }


def _only(body: dict[str, Any], *known_keys: str) -> None:
    for key in body:
        if key not in known_keys:
            raise ControlError(400, f"{key!r} is not known here; known: {', '.join(known_keys)}.")


def _mapping(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key, {})
    if not isinstance(value, dict):
        raise ControlError(400, f"{key} must be an object.")
    return value


def _names(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ControlError(400, f"{key} must be a list of names.")
    return value
