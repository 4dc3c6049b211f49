"""Nuisances of an app: set, looked at, and played again from the beginning."""

from roamspec.emulator.control.endpoint import ControlAnswer, ControlCall, ControlError, answered
from roamspec.emulator.nuisances import KINDS, Schedule, read_rule


def list_nuisances(call: ControlCall) -> ControlAnswer:  # noqa: ARG001 - the same for every call
    return answered({"nuisances": [{"kind": kind, "sentence": text} for kind, text in KINDS.items()]})


def get_nuisances(call: ControlCall) -> ControlAnswer:
    """The rules, and what they have struck so far."""
    schedule: Schedule | None = call.app.nuisances
    rules = [] if schedule is None else [rule.as_dict() for rule in schedule.rules]
    return answered({"nuisances": rules, "played": [] if schedule is None else schedule.played})


def set_nuisances(call: ControlCall) -> ControlAnswer:
    """Exactly these from the next call on, each from its beginning; an empty list ends all."""
    body = call.json_object()
    entries = body.get("nuisances")
    if set(body) != {"nuisances"} or not isinstance(entries, list):
        raise ControlError(400, "the body must be an object with a list of nuisances, and nothing else.")
    rules = [read_rule(entry, where="nuisances") for entry in entries]
    call.app.nuisances = Schedule(rules) if rules else None
    return get_nuisances(call)
