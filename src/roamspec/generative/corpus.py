"""Sequences that failed once, one JSON file each: run first next time, and fit to be committed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from roamspec.api.message_bodies import OTHER_TYPES, TEXT
from roamspec.errors import ConfigurationError
from roamspec.generative.call_sequence import (
    OFFSETS,
    PLACES,
    TEXTS,
    TO_COME,
    USERS,
    CallSequence,
    DeleteStep,
    SendStep,
    Setting,
    Step,
)
from roamspec.output_files import write_output

FORM: Final = "roamspec.sequence/2"
MOST: Final = 20
"""Sequences that are read from one folder; the corpus is a memory, not a suite."""


def write(folder: Path, program: CallSequence, *, why: str) -> Path:
    """Keep a sequence; `why` is a sentence for people. The file's name follows from the steps alone."""
    content = {"form": FORM, "why": why, **as_dict(program)}
    steps = json.dumps(as_dict(program), sort_keys=True).encode()
    path = folder / f"{hashlib.sha256(steps).hexdigest()[:12]}.json"
    write_output(path, f"{json.dumps(content, indent=2)}\n".encode())
    return path


def read(folder: Path) -> list[CallSequence]:
    """The sequences of a folder, the latest first; ConfigurationError for a file that is none."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.json"), key=lambda path: (-path.stat().st_mtime, path.name))
    return [_read(path) for path in files[:MOST]]


def as_dict(program: CallSequence) -> dict[str, Any]:
    """The JSON object of a sequence; settings that are the usual ones are left out."""
    steps = [
        {"do": "say" if isinstance(step, SendStep) else "delete", **_stated(asdict(step))}
        for step in program.steps
    ]
    plain = asdict(Setting())
    setting = {name: value for name, value in asdict(program.setting).items() if value != plain[name]}
    return {"watched": program.watched, **({"setting": setting} if setting else {}), "steps": steps}


def from_dict(content: Mapping[str, Any]) -> CallSequence:
    """ValueError for what is not a sequence."""
    if content.get("form") != FORM or not isinstance(content.get("steps"), list):
        raise ValueError(f"it is not of the form {FORM}")
    setting = dict(content.get("setting", {}))
    if "devices" in setting:
        setting["devices"] = tuple(setting["devices"])
    steps = tuple(_step(item) for item in content["steps"])
    return CallSequence(steps, bool(content.get("watched")), Setting(**setting))


def _read(path: Path) -> CallSequence:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("it is not a JSON object")
        return from_dict(content)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"{path} is not a sequence that can be run: {error}. Remove it.") from error


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is left at its default, which nobody wants to read."""
    return {
        name: value
        for name, value in fields.items()
        if value not in ("", (), 0, "absent", TEXT) or name == "at_ms"
    }


def _step(item: Any) -> Step:
    if not isinstance(item, dict):
        raise ValueError("a step is not a JSON object")
    fields = {name: value for name, value in item.items() if name != "do"}
    step: Step
    if item.get("do") == "say":
        step = SendStep(**fields)
        if step.text not in TEXTS or step.type not in (TEXT, *OTHER_TYPES):
            raise ValueError(f"a message has an unknown text or type: {item}")
        users = {step.sender}
    else:
        step = DeleteStep(**{**fields, **{name: tuple(fields.get(name, ())) for name in ("picks", "forms")}})
        users = {step.owner}
        if step.offset_ms not in (*OFFSETS, TO_COME):
            raise ValueError(f"no boundary is {step.offset_ms} ms from a message")
    if not users <= set(USERS) or step.place not in ("", *PLACES):
        raise ValueError(f"a step has an unknown user or conversation: {item}")
    return step
