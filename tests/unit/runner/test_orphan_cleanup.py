"""What workers that were killed leave behind is removed by the run that started them."""

from pathlib import Path
from typing import Any

import pytest

from roamspec.appkey import AppKey
from roamspec.config.target_config import TargetConfig
from roamspec.runner import orphan_cleanup
from roamspec.runner.orphan_cleanup import remove_left_by_workers
from roamspec.transport.ledger import Ledger, LedgerEntry, LedgerHeader, own_file

URL = "http://127.0.0.1:9"


def ledger(folder: Path, mark: str, *, embedded: bool = False) -> Path:
    file = own_file(folder, mark)
    left = Ledger(file, LedgerHeader(mark, "" if embedded else URL, embedded))
    left.made(LedgerEntry(AppKey("acme", "parlor"), "user", f"{mark}-1u"))
    left.close()
    return file


def test_only_the_ledgers_of_this_runs_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disposed: list[Path] = []

    def dispose(one: Any, config: TargetConfig, _tell: Any) -> int:
        assert config.base_url == URL
        disposed.append(one.file)
        return 1

    monkeypatch.setattr(orphan_cleanup, "dispose", dispose)
    workers = [ledger(tmp_path, f"rs01gw{number}") for number in (0, 1)]
    for other in ("rs01", "rs02gw0", "rs0"):
        ledger(tmp_path, other)

    assert remove_left_by_workers(tmp_path, "rs01", TargetConfig(base_url=URL)) == 2
    assert disposed == workers


def test_what_was_in_an_embedded_emulator_goes_with_it(tmp_path: Path) -> None:
    file = ledger(tmp_path, "rs01gw0", embedded=True)

    assert remove_left_by_workers(tmp_path, "rs01", TargetConfig(base_url=URL)) == 0
    assert not file.exists()
