"""Lets pytest run the checks of this folder, on the embedded emulator unless another target is named."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    from roamspec.pytest_entry import register

    register(config)
