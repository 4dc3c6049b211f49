"""What the emulator does in memory, two workers do with one store: the same tests."""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from tests.redis_server import needs_redis, redis_server

from .conftest import Process, started
from .test_settings import with_people  # noqa: F401 - a fixture
from .test_tokens import credentials  # noqa: F401 - a fixture

pytestmark = needs_redis

MODULES = [
    import_module(f".test_{name}", __package__)
    for name in (
        "accounts_and_groups",
        "control",
        "conversation_lists",
        "deletions",
        "devices",
        "messages",
        "settings",
        "tokens",
        "websocket_login",
        "websocket_messages",
        "websocket_notifications",
    )
]


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """In the place of the one in memory."""
    with (
        redis_server(tmp_path_factory.mktemp("redis")) as server,
        started("--store", server.url, "--workers", "2") as process,
    ):
        yield process


LEFT_OUT = {
    # The journal is each worker's own.
    "test_devices_show_in_lists_control_api_and_journal",
    "test_the_journal_tells_all_but_secrets",
    # They start an emulator of their own.
    "test_streams_end_cleanly_when_the_emulator_ends",
    # They need so many calls within a second; tests/unit/emulator/test_shared.py counts without a clock.
    "test_a_hundred_calls_a_second_pass",
    "test_documented_rates_count_messages_too",
    "test_documented_rates_hold_group_sends_at_twenty",
    "test_rates_of_single_operations_hold_whatever_else_is_set",
}


def _tests_of(module: ModuleType) -> dict[str, Any]:
    """The tests of another module, under names that no other module has."""
    mark = module.__name__.rpartition(".")[2].removeprefix("test_")
    return {
        f"{name}__{mark}": value
        for name, value in vars(module).items()
        if name.startswith("test_") and callable(value) and name not in LEFT_OUT
    }


for _module in MODULES:
    globals().update(_tests_of(_module))


def test_what_is_left_out_exists() -> None:
    assert all(any(hasattr(module, name) for module in MODULES) for name in LEFT_OUT)
