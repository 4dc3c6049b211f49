"""Lets pytest run the checks of this folder, on the embedded emulator unless another target is named."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # `roamspec run` has added the plugin already.
    if not config.pluginmanager.has_plugin("roamspec-checks"):
        from roamspec.pytest_entry import register

        register(config)
