"""Sequences that failed once, one JSON file each: run first next time, and fit to be committed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from roamspec.errors import ConfigurationError
from roamspec.generative.program import OFFSETS, PLACES, USERS, Delete, Program, Say, Step
from roamspec.output_files import write_output

FORM: Final = "roamspec.sequence/1"
MOST: Final = 20
"""Sequences that are read from one folder; the corpus is a memory, not a suite."""


def write(folder: Path, program: Program, *, why: str) -> Path:
    """Keep a sequence; `why` is a sentence for people. The file's name follows from the steps alone."""
    content = {"form": FORM, "why": why, **as_dict(program)}
    steps = json.dumps(as_dict(program), sort_keys=True).encode()
    path = folder / f"{hashlib.sha256(steps).hexdigest()[:12]}.json"
    write_output(path, f"{json.dumps(content, indent=2)}\n".encode())
    return path


def read(folder: Path) -> list[Program]:
    """The sequences of a folder, the latest first; ConfigurationError for a file that is none."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.json"), key=lambda path: (-path.stat().st_mtime, path.name))
    return [_read(path) for path in files[:MOST]]


def as_dict(program: Program) -> dict[str, Any]:
    steps = [
        {"do": "say" if isinstance(step, Say) else "delete", **_stated(asdict(step))}
        for step in program.steps
    ]
    return {"watched": program.watched, "steps": steps}


def from_dict(content: Mapping[str, Any]) -> Program:
    """ValueError for what is no sequence."""
    if content.get("form") != FORM or not isinstance(content.get("steps"), list):
        raise ValueError(f"it is not of the form {FORM}")
    return Program(tuple(_step(item) for item in content["steps"]), bool(content.get("watched")))


def _read(path: Path) -> Program:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("it is no JSON object")
        return from_dict(content)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"{path} is no sequence that can be run: {error}. Remove it.") from error


def _stated(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is left at its default, which nobody wants to read."""
    return {
        name: value for name, value in fields.items() if value not in ("", (), 0, "absent") or name == "at_ms"
    }


def _step(item: Any) -> Step:
    if not isinstance(item, dict):
        raise ValueError("a step is no JSON object")
    fields = {name: value for name, value in item.items() if name != "do"}
    step: Step
    if item.get("do") == "say":
        step = Say(**fields)
        users = {step.sender}
    else:
        step = Delete(**{**fields, "picks": tuple(fields.get("picks", ()))})
        users = {step.owner}
        if step.offset_ms not in OFFSETS:
            raise ValueError(f"no boundary lies {step.offset_ms} ms beside a message")
    if not users <= set(USERS) or step.place not in ("", *PLACES):
        raise ValueError(f"a step names a user or place that sequences do not have: {item}")
    return step
