"""Workers with one store hold the same, whoever made it, and each call happens once or not at all."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from tests.redis_server import needs_redis, redis_server

from roamspec.emulator.apps import App
from roamspec.emulator.control.scenario import play, read_scenario
from roamspec.emulator.domain import deletion as steps
from roamspec.emulator.domain.context import DeviceNotice
from roamspec.emulator.domain.deletion import KINDS, Deletion
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.shared.problems import AppExistsError

from .app_life import AppLife
from .disk_service import everything
from .shared_service import (
    EVENT_WITHIN_S,
    KEY,
    Worker,
    catch_up,
    client_of,
    come_online,
    context,
    held,
    until,
    with_workers,
    worker_of,
)

pytestmark = needs_redis


@pytest.mark.parametrize("seed", range(4))
def test_all_workers_hold_the_same_and_so_does_a_new_one(seed: int, url: str) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same each time

    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        for number in range(120):
            worker = dice.choice((one, two))
            await worker.run(lambda app: AppLife(app, dice).step(), alone=True)
            if number % 20 == 19:
                first, second = await catch_up(one, two)
                assert first == second
                async with worker_of(url) as new:
                    await new.app()
                    assert everything(new.service) == first

    with_workers(url, 2, body)


def test_calls_at_two_workers_at_once_all_happen(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        ids = await asyncio.gather(
            *(worker.send("ann", "ben") for _ in range(40) for worker in (one, two)),
        )
        assert len(set(ids)) == 80
        await asyncio.gather(
            *(
                delete(worker, message_id)
                for worker, message_id in zip((one, two) * 20, ids[:40], strict=True)
            )
        )
        first, second = await catch_up(one, two)
        assert first == second
        app = await two.app()
        assert held(app, "ann", "ben") == set(ids[40:])
        assert held(app, "ben", "ann") == set(ids)

    with_workers(url, 2, body)


async def delete(worker: Worker, message_id: str) -> None:
    def compute(app: App) -> None:
        deletion = Deletion(context(app), KINDS["deleteChatMessages"], "ann", "ben", ids=[message_id])
        for step in (steps.limits, steps.resolve, steps.select, steps.apply, steps.notify):
            step(deletion)

    await worker.run(compute)


def overtake(
    monkeypatch: pytest.MonkeyPatch, worker: Worker, other: Callable[[], Coroutine[Any, Any, object]]
) -> None:
    """Let something else happen between the worker's next call and its being written."""
    store, before = worker.state._store, [other]
    commit = store.commit

    async def overtaken(*args: Any, **more: Any) -> Any:
        if before:
            await before.pop()()
        return await commit(*args, **more)

    monkeypatch.setattr(store, "commit", overtaken)


def test_a_call_that_another_worker_overtakes_is_computed_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        await two.app()
        seen: list[str] = []

        async def other() -> None:
            seen.append(await two.send("ben", "ann"))

        overtake(monkeypatch, one, other)
        computed: list[set[str]] = []

        def compute(app: App) -> None:
            computed.append(held(app, "ann", "ben"))
            life = AppLife(app, random.Random(1))  # noqa: S311 - the same each time
            life.send()
            life.issue_token()
            life.clear_user()

        await one.run(compute)
        assert computed == [set(), set(seen)]
        first, second = await catch_up(one, two)
        assert first == second

    with_workers(url, 2, body)


def test_a_change_whose_answer_is_lost_happens_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library sends again what was not answered; the store has done it already."""

    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        store = one.state._store
        commit = store.commit

        async def sent_twice(*args: Any, **more: Any) -> Any:
            await commit(*args, **more)
            return await commit(*args, **more)

        monkeypatch.setattr(store, "commit", sent_twice)
        message_id = await one.send("ann", "ben")
        first, second = await catch_up(one, two)
        assert first == second
        assert held(await two.app(), "ben", "ann") == {message_id}

    with_workers(url, 2, body)


def test_rate_limits_count_the_calls_of_all_workers(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app(list_reads_per_minute=5)

        def admitted(app: App) -> bool:
            return app.limits.admits("listConversations", "ann", app.settings, 0)

        found = [await worker.run(admitted) for _ in range(4) for worker in (one, two)]
        assert found == [True] * 5 + [False] * 3
        async with worker_of(url) as new:
            assert not await new.run(admitted)

    with_workers(url, 2, body)


def test_tokens_are_good_at_every_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        text = await one.run(lambda app: app.tokens.issue("ann", 0, 1))
        assert await two.run(lambda app: app.tokens.find(text)) is not None
        await two.run(lambda app: app.tokens.revoke_user("ann"), alone=True)
        assert await one.run(lambda app: app.tokens.find(text)) is None

    with_workers(url, 2, body)


def test_a_device_hears_of_what_happens_at_another_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        connection = await come_online(one, "ann", "phone")
        other = await come_online(two, "ann", "tablet")
        assert await two.run(lambda app: app.devices.users()) == {"ann": ["phone", "tablet"]}
        notice = DeviceNotice({"operation": "clear_user", "n": "\ud83d"}, acting_device="tablet")
        await two.run(lambda app: app.devices.notify("ann", notice))
        assert await asyncio.wait_for(connection.next_event(), EVENT_WITHIN_S) == notice
        (await one.app()).devices.disconnect(connection)
        await until(two, lambda app: app.devices.users() == {"ann": ["tablet"]})
        assert not other.ended
        await one.run(lambda app: app.devices.close("ann", "removed"), alone=True)
        await asyncio.wait_for(other.until_ended(), EVENT_WITHIN_S)

    with_workers(url, 2, body)


def test_a_message_waits_for_a_device_at_any_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        ids = [await one.send("ann", "ben") for _ in range(3)]
        queue = ConversationKey("chat", "ann")
        page = await two.run(lambda app: app.devices.offline.page("ben", queue, 0, 10))
        assert [message.id for _, message in page] == ids
        await two.run(lambda app: app.devices.offline.acknowledge("ben", queue, page[1][0]), alone=True)
        left = await one.run(lambda app: app.devices.offline.page("ben", queue, 0, 10))
        assert [message.id for _, message in left] == ids[2:]

    with_workers(url, 2, body)


def test_a_message_that_left_a_full_queue_is_put_back(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roamspec.emulator.devices.offline.CHAT_MAX", 3)

    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben", "cat")
        oldest = await one.send("ann", "ben")
        await one.send("cat", "ben")
        later = await one.send("ann", "ben")

        async def other() -> None:
            """Now there is room."""
            queue = ConversationKey("chat", "cat")
            await two.run(lambda app: app.devices.offline.acknowledge("ben", queue, 99), alone=True)

        overtake(monkeypatch, one, other)
        newest = await one.send("ann", "ben")
        first, second = await catch_up(one, two)
        assert first == second
        assert [held for _, held in first["o/a"]["waiting"]["ben"]] == [oldest, later, newest]

    with_workers(url, 2, body)


def test_many_who_ask_for_an_app_at_once_wait_until_it_is_read(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        apps = await asyncio.gather(*(two.app() for _ in range(5)))
        assert len(set(apps)) == 1
        assert await asyncio.gather(*(two.run(lambda app: app.key.path) for _ in range(5))) == ["o/a"] * 5

    with_workers(url, 2, body)


def test_lists_lag_alike_at_every_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        app = await one.make_app(list_lag_ms=1000)
        await one.register("ann", "ben")
        await two.app()
        app.clock.freeze(1_700_000_000_000)
        await one.run(lambda _: None, alone=True)
        await one.send("ann", "ben")

        def listed(app: App) -> list[str]:
            entries = app.lists.read("ann", app.clock.now() - app.settings.list_lag_ms)
            return [entry.conversation.id for entry in entries]

        assert await two.run(listed) == await one.run(listed) == []
        await two.run(lambda app: app.clock.advance(1000), alone=True)
        assert await one.run(listed) == await two.run(listed) == ["ben"]

    with_workers(url, 2, body)


def test_faults_and_disturbances_are_active_at_every_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        extension = one.service.extension
        name = extension.fault_list()[0]["name"]

        def break_it(app: App) -> None:
            extension.switch_on(app, [name])
            app.nuisances = extension.schedule(["429:count=2"], where="test")

        await one.run(break_it, alone=True)
        assert await two.run(lambda app: app.faults) == (name,)
        assert await two.run(lambda app: app.nuisances is not None)
        await two.run(lambda app: two.service.extension.switch_on(app, []), alone=True)
        assert await one.run(lambda app: app.faults) == ()

    with_workers(url, 2, body)


def test_a_large_change_is_written_in_parts_and_counts_at_once(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await one.register("ann", "ben")
        await two.app()
        scenario = read_scenario({"messages": [{"from": "ann", "to": "ben", "count": 3000}]})
        await one.run(lambda app: play(app, scenario), alone=True)
        first, second = await catch_up(one, two)
        assert first == second
        assert len(held(await two.app(), "ben", "ann")) == 3000
        names = client_of(url).keys("*staged*")
        assert names == []

    with_workers(url, 2, body)


def test_two_workers_cannot_make_the_same_app(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        made = await one.make_app()
        with pytest.raises(AppExistsError, match="o/a"):
            await two.make_app()
        assert (await two.app()).client_secret == made.client_secret
        assert await two.state.find("app-id", made.app_id) is two.service.find("o", "a")

    with_workers(url, 2, body)


def test_a_cluster_holds_each_app_in_one_slot(tmp_path: Path) -> None:
    options = ("--cluster-enabled", "yes", "--cluster-require-full-coverage", "no")
    with redis_server(tmp_path, *options) as server:
        client = client_of(server.url)
        client.execute_command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
        while "cluster_state:ok" not in str(client.execute_command("CLUSTER", "INFO")):
            pass

        async def body(one: Worker, two: Worker) -> None:
            await one.make_app()
            dice = random.Random(5)  # noqa: S311 - the same each time
            await come_online_at_once(one)
            for _ in range(30):
                await dice.choice((one, two)).run(lambda app: AppLife(app, dice).step(), alone=True)
            first, second = await catch_up(one, two)
            assert first == second

        with_workers(server.url, 2, body)
        names = [name for name in client.scan_iter() if "{o/a}" in name]
        slots = {client.execute_command("CLUSTER", "KEYSLOT", name) for name in names}
        client.close()
        assert len(names) > 3
        assert len(slots) == 1


async def come_online_at_once(worker: Worker) -> None:
    await worker.register("ann")
    await come_online(worker, "ann", "phone")


def test_settings_are_the_same_at_every_worker(url: str) -> None:
    async def body(one: Worker, two: Worker) -> None:
        await one.make_app()
        await two.app()
        changed = AppSettings().with_changes({"retention_days": 3}, where="test")
        await one.run(lambda app: app.configure(changed), alone=True)
        assert (await two.run(lambda app: app.settings)).retention_days == 3
        assert KEY.path == "o/a"

    with_workers(url, 2, body)
