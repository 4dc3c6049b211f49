"""What makes `pytest tests/conformance` work in this checkout.

1. The options `--roamspec-...` name the target; without any, the embedded emulator is started. They come
   with the plugin `roamspec.plugin`, which pytest finds by itself where roamspec is installed. It is named
   here for those who switch that off.
2. `tests/conformance/conftest.py` adds the plugin of the suite (`roamspec.runner.conformance`) when checks
   are collected. It opens the target before the first check, gives each check a `case`, reports every
   requirement that the check judges as a subtest, and removes at the end what was made.

`roamspec run` calls pytest with the same plugin, and adds a summary, reports and exit statuses of its own.
"""

import pytest

import roamspec.plugin


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    if not pluginmanager.is_registered(roamspec.plugin):
        pluginmanager.register(roamspec.plugin)
