"""What `roamspec sdk` leaves on disk when it is cut short."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from roamspec.cli import sdk_session


def test_what_was_written_before_an_interrupt_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "report.json"

    def interrupted(*_: Any) -> None:
        report.write_text("{}", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(sdk_session, "run_plainly", interrupted)
    arguments = argparse.Namespace(
        command=["--", "true"],
        timeout=10.0,
        seed=1,
        conduct=False,
        host="127.0.0.1",
        scenario=None,
        expect_refusals=[],
        assignments=[],
        min_coverage=[],
        req=[],
        report_dir=tmp_path,
        junit=None,
        strict=False,
        waivers=None,
        baseline=None,
    )

    with pytest.raises(KeyboardInterrupt):
        sdk_session.execute_on(None, arguments)  # type: ignore[arg-type]

    assert not report.exists()
