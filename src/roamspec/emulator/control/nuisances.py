"""Nuisances of an app: set, looked at, and played again from the beginning."""

from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, ControlError, answered


def list_nuisances(call: ControlCall) -> ControlAnswer:
    """Every kind of disturbance there is, with a sentence on what it does."""
    kinds = call.service.extension.disturbance_kinds()
    return answered({"nuisances": [{"kind": kind, "sentence": text} for kind, text in kinds.items()]})


def get_nuisances(call: ControlCall) -> ControlAnswer:
    """The rules, and what they have struck so far."""
    schedule = call.app.nuisances
    return answered({"nuisances": [], "played": []} if schedule is None else schedule.as_dict())


def set_nuisances(call: ControlCall) -> ControlAnswer:
    """Exactly these from the next call on, each from its beginning; an empty list ends all."""
    body = call.json_object()
    entries = body.get("nuisances")
    if set(body) != {"nuisances"} or not isinstance(entries, list):
        raise ControlError(400, "the body must be an object with a list `nuisances`, and nothing else.")
    if not all(isinstance(entry, dict) for entry in entries):
        raise ControlError(400, "each disturbance must be an object.")
    call.app.nuisances = call.service.extension.schedule(entries, where="nuisances")
    return get_nuisances(call)
