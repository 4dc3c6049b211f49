"""The control API's own description, served as it stands in `contracts/`."""

from pathlib import Path

from roamspec import __version__
from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, ControlError, answered

_NAME = "control.openapi.yaml"
_PACKAGE = Path(__file__).resolve().parents[2]
# In an installed wheel, and in a checkout.
_FOLDERS = (_PACKAGE / "_data" / "contracts", _PACKAGE.parents[1] / "contracts")


def describe_emulator(call: ControlCall) -> ControlAnswer:
    """What this emulator is: its version, its apps, and where the description of the control API is."""
    return answered(
        {
            "name": "roamspec emulator",
            "version": __version__,
            "apps": [app.key.path for app in call.service.apps()],
            "openapi": f"{call.base_url}/_emulator/openapi.yaml",
        }
    )


def serve_document(call: ControlCall) -> ControlAnswer:  # noqa: ARG001 - the same for every call
    """The OpenAPI description as it stands in `contracts/`; ControlError 404 where it was not installed."""
    for folder in _FOLDERS:
        path = folder / _NAME
        if path.is_file():
            return ControlAnswer(200, path.read_bytes(), b"application/yaml")
    raise ControlError(404, f"this installation has no contracts/{_NAME}; install roamspec again.")
