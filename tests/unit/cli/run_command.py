"""What the tests of `roamspec run` share."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.cli.conftest import Emit, FakeRunner, Script

from roamspec.report.json_report import validate

Capture = pytest.CaptureFixture[str]

DECISIVE = "delete-chat-messages.limit.fifty-one-refused"


def report(folder: str = "reports/latest") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(folder) / "report.json").read_text(encoding="utf-8"))
    validate(found)
    return found


def raising(error: Exception) -> Script:
    """A run that ends before it has told anything."""

    def script(_fake: FakeRunner, _emit: Emit) -> None:
        raise error

    return script
