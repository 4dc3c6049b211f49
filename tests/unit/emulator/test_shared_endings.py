"""What workers with one store see when an app, a device, a worker or the server is gone."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from tests.redis_server import needs_redis, redis_server

from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.shared.problems import AppGone, StoreGone

from .app_life import AppLife
from .shared_service import (
    EVENT_WITHIN_S,
    KEY,
    Worker,
    catch_up,
    client_of,
    come_online,
    held,
    until,
    with_workers,
    worker_of,
)

pytestmark = needs_redis


def test_devices_of_a_killed_worker_are_online_no_more(url: str) -> None:
    async def body(one: Worker) -> None:
        await one.make_app()
        await one.register("ann")
        async with worker_of(url, alive_within_s=60) as killed:
            await come_online(killed, "ann", "phone")
            assert await one.run(lambda app: app.devices.online("ann")) == ["phone"]
            await one.state._clear_up()
            assert await one.run(lambda app: app.devices.online("ann")) == ["phone"]
            # It gives no sign any more.
            await killed.state._store.leave(killed.state.worker)
            await one.state._clear_up()
            await until(one, lambda app: not app.devices.online("ann"))

    with_workers(url, 1, body)


def test_a_turn_that_a_killed_worker_took_ends(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        app = await one.make_app()
        await one.register("ann", "ben")
        replica = one.state._replicas[app][0]
        answer = await one.state._store.take_turn(replica.keys, replica.seen, "killed", 50)
        assert answer == ["done"]
        assert await two.send("ann", "ben")
        assert await one.run(lambda app: held(app, "ben", "ann"), alone=True)

    with_workers(url, 2, body)


def test_a_worker_that_was_away_for_long_reads_the_app_anew(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roamspec.emulator.shared.connection.ENTRIES_KEPT", 3)

    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        connection = await come_online(two, "ann", "phone")
        for _ in range(9):
            await one.send("ben", "ann")
        first, second = await catch_up(one, two)
        assert first == second
        assert len(held(await two.app(), "ann", "ben")) == 9
        assert await one.run(lambda app: app.devices.online("ann")) in ([], ["phone"])
        assert connection.user == "ann"

    with_workers(url, 2, body)


def test_an_app_that_another_worker_removes_is_gone(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        app = await one.make_app()
        await one.run(lambda app: app.take_snapshot(), alone=True)
        held = await two.app()
        names = {"org": "o", "app": "a"}
        await one.state.control(names, lambda: one.service.remove(app))
        assert client_of(url).keys("roamspec:emulator:{*") == []
        with pytest.raises(AppGone):
            await two.state.run(held, lambda: None)
        assert await two.state.find("o", "a") is None
        await two.make_app()
        assert await one.state.find("o", "a") is not app

    with_workers(url, 2, body)


def test_an_app_that_is_being_made_is_not_taken_for_one_that_is_gone(url: str) -> None:
    async def body(one: Worker) -> None:
        looks = [one.state.find_all() for _ in range(5)]
        made, *_ = await asyncio.gather(
            one.state.control({}, lambda: one.service.create(KEY, AppSettings())), *looks
        )
        assert one.service.find("o", "a") is made
        assert await one.run(lambda app: app) is made

    with_workers(url, 1, body)


def test_a_message_that_nobody_holds_leaves_nothing(url: str) -> None:
    async def body(one: Worker) -> None:
        await one.make_app(history_export_days=0)
        await one.register("ann", "ben")
        client = client_of(url)
        rows = "roamspec:emulator:{o/a}:rows"
        message_id = await one.send("ann", "ben")
        assert client.hexists(rows, f'message["{message_id}"]')
        for name in ("ann", "ben"):
            await one.run(lambda app, name=name: AppLife(app, _Only(name)).clear_user())  # type: ignore[misc]
        # It waits for a device of ben's.
        assert client.hexists(rows, f'message["{message_id}"]')
        await one.run(lambda app: app.devices.offline.forget("ben"), alone=True)
        assert not [field for field in client.hkeys(rows) if message_id in field]
        assert client.hlen("roamspec:emulator:{o/a}:refs") == 0
        client.close()

    with_workers(url, 1, body)


class _Only(random.Random):
    """Dice that show one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def choice(self, _: Any) -> Any:
        return self._name


def test_keys_of_others_are_left_alone(url: str) -> None:
    client = client_of(url)
    client.set("roamspec", "mine")
    client.rpush("queue", "a", "b")

    async def body(one: Worker) -> None:
        app = await one.make_app()
        await one.register("ann")
        await one.state.control({"org": "o", "app": "a"}, lambda: one.service.remove(app))

    with_workers(url, 1, body)
    assert client.get("roamspec") == "mine"
    assert client.lrange("queue", 0, -1) == ["a", "b"]
    left = {name for name in client.scan_iter() if not name.startswith("roamspec:emulator:")}
    client.close()
    assert left == {"roamspec", "queue"}


def test_what_was_acknowledged_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:

        async def body(one: Worker, two: Worker) -> None:
            await one.make_app()
            await one.register("ann", "ben")
            ids = {await worker.send("ann", "ben") for worker in (one, two)}
            connection = await come_online(one, "ben", "phone")
            server.kill()
            for worker in (one, two):
                with pytest.raises(StoreGone):
                    await worker.send("ann", "ben")
            server.start()
            ids |= {await worker.send("ann", "ben") for worker in (one, two)}
            first, second = await catch_up(one, two)
            assert first == second
            assert held(await one.app(), "ben", "ann") == ids
            notice = DeviceNotice({"operation": "clear_user"})
            await two.run(lambda app: app.devices.notify("ben", notice))
            assert not connection.ended
            assert await asyncio.wait_for(connection.next_event(), EVENT_WITHIN_S) == notice

        with_workers(server.url, 2, body)


def test_a_device_that_left_while_the_server_was_away_is_online_no_more(tmp_path: Path) -> None:
    with redis_server(tmp_path) as server:

        async def body(one: Worker, two: Worker) -> None:
            await one.make_app()
            await one.register("ann")
            connection = await come_online(one, "ann", "phone")
            assert await two.run(lambda app: app.devices.online("ann")) == ["phone"]
            app = await one.app()
            server.kill()
            app.devices.disconnect(connection)
            with pytest.raises(StoreGone):
                await one.run(lambda _: None)
            server.start()
            # What the next sign of the worker does.
            one.state._heard("")
            await until(two, lambda app: not app.devices.online("ann"))

        with_workers(server.url, 2, body)


def test_a_server_that_lost_everything_has_no_apps(url: str) -> None:
    async def body(one: Worker) -> None:
        await one.make_app()
        client = client_of(url)
        client.flushall()
        client.close()
        with pytest.raises(AppGone):
            await one.run(lambda _: None)
        assert await one.state.find("o", "a") is None
        await one.make_app()

    with_workers(url, 1, body)
