"""`report.json`: validated against its schema before it is written."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from roamspec.errors import SuiteError
from roamspec.report.files import write_clean
from roamspec.report.text import scrub
from roamspec.resources import folder

FILE_NAME = "report.json"


@cache
def _validator() -> jsonschema_rs.Validator:
    schema = json.loads((folder("contracts") / "report.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema)


def validate(report: dict[str, Any]) -> None:
    """SuiteError naming the place when `report` is not in the form of `contracts/report.schema.json`."""
    error = next(_validator().iter_errors(report), None)
    if error is not None:
        place = "/".join(map(str, error.instance_path)) or "the report as a whole"
        raise SuiteError(
            f"The report would violate its schema at {place} and was not written: {error.message}."
        )


def write_json(report: dict[str, Any], path: Path, *, secrets: Sequence[str] = ()) -> None:
    """Write the report in one step; SuiteError when it breaks its schema, OSError when it cannot be written.

    Secrets are removed where they are first seen; should one have slipped into a text all the same, it is
    replaced here. What the gate takes for one that nobody knows is not written at all.
    """
    report = scrub(report, secrets)
    validate(report)
    text = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1)
    write_clean(path, f"{text}\n".encode(), secrets)
