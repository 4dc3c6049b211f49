"""The table of control routes; `contracts/control.openapi.yaml` describes each."""

from typing import Final

from starlette.routing import Route

from roamspec.emulator.control import apps, data, document, nuisances
from roamspec.emulator.control.endpoint import ControlHandler, ControlResource
from roamspec.emulator.service import Service

_APP: Final = "/apps/{org}/{app}"

TABLE: Final[tuple[tuple[str, str, ControlHandler], ...]] = (
    ("GET", "", document.describe_emulator),
    ("GET", "/openapi.yaml", document.serve_document),
    ("GET", "/settings", apps.list_settings),
    ("GET", "/faults", apps.list_faults),
    ("GET", "/nuisances", nuisances.list_nuisances),
    ("GET", "/journal", data.get_journal),
    ("DELETE", "/journal", data.clear_journal),
    ("GET", "/apps", apps.list_apps),
    ("POST", "/apps", apps.create_app),
    ("GET", _APP, apps.get_app),
    ("DELETE", _APP, apps.delete_app),
    ("POST", _APP + "/reset", apps.reset_app),
    ("GET", _APP + "/settings", apps.get_settings),
    ("PATCH", _APP + "/settings", apps.change_settings),
    ("GET", _APP + "/faults", apps.get_faults),
    ("PUT", _APP + "/faults", apps.set_faults),
    ("GET", _APP + "/nuisances", nuisances.get_nuisances),
    ("PUT", _APP + "/nuisances", nuisances.set_nuisances),
    ("POST", _APP + "/scenario", data.seed),
    ("GET", _APP + "/snapshots", apps.list_snapshots),
    ("POST", _APP + "/snapshots", apps.take_snapshot),
    ("DELETE", _APP + "/snapshots/{snapshot}", apps.delete_snapshot),
    ("POST", _APP + "/snapshots/{snapshot}/restore", apps.restore_snapshot),
    ("GET", _APP + "/users/{user}", data.get_user),
    ("DELETE", _APP + "/users/{user}/devices/{device}", data.disconnect_device),
    ("GET", _APP + "/devices", data.get_devices),
    ("GET", _APP + "/journal", data.get_journal),
    ("DELETE", _APP + "/journal", data.clear_journal),
    ("GET", _APP + "/clock", data.get_clock),
    ("PATCH", _APP + "/clock", data.change_clock),
)


def routes(prefix: str, service: Service) -> list[Route]:
    """One route per path, whatever its methods."""
    by_path: dict[str, dict[str, ControlHandler]] = {}
    for method, path, handler in TABLE:
        by_path.setdefault(path, {})[method] = handler
    return [
        Route(prefix + path, ControlResource(service, handlers), name=path or "/")
        for path, handlers in by_path.items()
    ]
