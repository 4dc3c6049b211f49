"""Sequences in words, for reports."""

from collections.abc import Iterator

from roamspec.api.message_bodies import TEXT
from roamspec.generative.call_sequence import UNKNOWN, CallSequence, DeleteStep, SendStep, Step


def describe(program: CallSequence) -> str:
    """The sequence on one line: `(1) b says m1 in chat ab; (2) ...`."""
    steps = "; ".join(f"({i}) {step_text(step)}" for i, step in enumerate(program.steps, 1))
    world = ", ".join(_set(program))
    return f"{steps} [{world}]" if world else steps


def _set(program: CallSequence) -> Iterator[str]:
    """What is special about the world."""
    setting = program.setting
    if setting.relation:
        yield f"the ID of a {setting.relation.replace('-', ' ')} that of b"
    if setting.base:
        yield f"the ID of b is {setting.base}"
    if setting.form:
        yield f"the ID of c is {setting.form}"
    if setting.creator != "a":
        yield f"{setting.creator} owns the groups"
    if setting.late:
        yield f"{setting.late} joins them later"
    if setting.namesake:
        yield "a user ID equals the group ID"
    if program.watched:
        yield f"devices of a, b, c: {', '.join(map(str, setting.devices))}"


def step_text(step: Step) -> str:
    """One step as a sentence of a report."""
    return _said(step) if isinstance(step, SendStep) else _deleted(step)


def _said(step: SendStep) -> str:
    how = "now" if step.at_ms is None else f"imported at +{step.at_ms} ms"
    what = "".join(f", {each}" for each in (step.type if step.type != TEXT else "", step.text) if each)
    return f"{step.sender} sends {step.label} in {step.place} ({how}{what})"


def _deleted(step: DeleteStep) -> str:
    return f"{step.operation} for {step.owner}" + "".join(f", {part}" for part in _parts(step))


def _parts(step: DeleteStep) -> Iterator[str]:
    if step.place:
        yield step.place
    if step.picks:
        yield "IDs " + " ".join("of no message" if p == UNKNOWN else p for p in step.picks)
    if step.around:
        yield f"delTime = {step.around}" + (f"{step.offset_ms:+} ms" if step.offset_ms else "")
    if step.notify != "absent":
        yield f"isNotify={step.notify}"
    if step.forms:
        yield " and ".join(step.forms)
    if step.flaw:
        yield step.flaw
