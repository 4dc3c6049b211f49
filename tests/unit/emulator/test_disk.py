"""What the emulator keeps on disk is what it holds: after any operation, a start from the file has it all."""

import asyncio
import json
import random
import shutil
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest

from roamspec.appkey import AppKey
from roamspec.emulator.disk.database import FILE_NAME, Database, DataError
from roamspec.emulator.disk.write_first import WriteFirst
from roamspec.emulator.domain import accounts
from roamspec.emulator.domain.delivery import (
    import_to_user,
    send_to_user,
)
from roamspec.emulator.domain.records import ConversationKey
from roamspec.emulator.settings import AppSettings
from roamspec.emulator.websocket.protocol import WRITE_NOW
from roamspec.faults.resurrected_messages import Reviving

from .app_life import NAMES, AppLife
from .disk_service import everything, kept_service


@pytest.mark.parametrize("seed", range(4))
def test_a_start_from_the_file_has_what_was_there(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same each time
    with kept_service(tmp_path / "data") as (service, keeper):
        lives = [AppLife(service.create(AppKey("o", name), AppSettings()), dice) for name in ("a", "b")]
        for number in range(120):
            dice.choice(lives).step()
            keeper.save(all_of_it=True)
            if number % 20 == 19:
                # What kill -9 leaves: the files as they are, with all that was written.
                copy = tmp_path / str(number)
                shutil.copytree(tmp_path / "data", copy)
                with kept_service(copy) as (later, _):
                    assert everything(later) == everything(service)


def test_a_start_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    """Started and stopped again and again, with rows of the start before beneath."""
    dice = random.Random(7)  # noqa: S311 - the same each time
    held: dict[str, Any] = {}
    ids: set[str] = set()
    for _ in range(8):
        with kept_service(tmp_path) as (service, keeper):
            assert everything(service) == held
            app = service.find("o", "a") or service.create(AppKey("o", "a"), AppSettings())
            life = AppLife(app, dice)
            for _ in range(15):
                life.step()
                message_id = send_to_user(life.context, life.draft(), life.user())
                assert message_id not in ids
                ids.add(message_id)
                keeper.save(all_of_it=True)
            held = everything(service)


def test_what_the_api_changes_needs_no_look_at_everything(tmp_path: Path) -> None:
    with kept_service(tmp_path / "data") as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        keeper.save(all_of_it=True)
        life = AppLife(app, random.Random(3))  # noqa: S311 - the same each time
        for _ in range(20):
            life.send()
            life.delete_some()
            life.issue_token()
            life.join()
            keeper.save(all_of_it=False)
        shutil.copytree(tmp_path / "data", tmp_path / "copy")
        with kept_service(tmp_path / "copy") as (later, _):
            assert everything(later) == everything(service)


def test_a_removed_app_leaves_no_row(tmp_path: Path) -> None:
    with kept_service(tmp_path) as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        life = AppLife(app, random.Random(1))  # noqa: S311 - the same each time
        for _ in range(30):
            life.step()
        app.take_snapshot()
        keeper.save(all_of_it=True)
        service.remove(app)
        keeper.save(all_of_it=True)
    with sqlite3.connect(tmp_path / FILE_NAME) as reader:
        assert reader.execute("SELECT DISTINCT kind FROM record").fetchall() == [("numbers",)]
    reader.close()


def test_a_message_that_nobody_holds_goes_with_the_next_start(tmp_path: Path) -> None:
    settings = AppSettings().with_changes({"history_export_days": 0}, where="test")
    with kept_service(tmp_path) as (service, keeper):
        app = service.create(AppKey("o", "a"), settings)
        life = AppLife(app, random.Random(1))  # noqa: S311 - the same each time
        kept, gone = (import_to_user(life.context, life.draft(), life.user(), 5) for _ in range(2))
        for name in NAMES:
            for view in app.store.views(name):
                view.remove(view.named([gone]))
        keeper.save(all_of_it=True)
    with kept_service(tmp_path):
        pass
    with sqlite3.connect(tmp_path / FILE_NAME) as reader:
        keys = [key for (key,) in reader.execute("SELECT key FROM record WHERE kind = 'message'")]
    reader.close()
    assert keys == [f'["{kept}"]']


def test_what_waits_for_a_device_waits_after_a_clean_stop(tmp_path: Path) -> None:
    """A device that leaves while the emulator stops has what was changed so far written."""
    with kept_service(tmp_path) as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        life = AppLife(app, random.Random(1))  # noqa: S311 - the same each time
        keeper.save(all_of_it=True)
        for _ in range(10):
            send_to_user(life.context, life.draft(), life.user())
        keeper.save(all_of_it=True)
        held = everything(service)
        service.close()
        keeper.save(all_of_it=False)
    assert held["o/a"]["waiting"]
    with kept_service(tmp_path) as (later, _):
        assert everything(later) == held


def test_views_that_a_fault_makes_are_kept_as_they_look(tmp_path: Path) -> None:
    """They note nothing, and what they hold changes with the time."""
    with kept_service(tmp_path / "data") as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        keeper.save(all_of_it=True)
        life = AppLife(app, random.Random(1))  # noqa: S311 - the same each time
        draft = life.draft()
        peer = ConversationKey("chat", next(name for name in NAMES if name != draft.sender))
        ids = [import_to_user(life.context, draft, peer.id, time_ms) for time_ms in (1, 2, 3)]
        view = app.store.view(draft.sender, peer)
        assert view is not None
        deleted = view.named(ids[:1])
        view.remove(deleted)
        app.clock.freeze()
        app.store.put_view(draft.sender, Reviving(view, deleted, app.clock.now))
        for number, held in enumerate((ids[1:], ids)):
            keeper.save(all_of_it=True)
            shutil.copytree(tmp_path / "data", tmp_path / str(number))
            with kept_service(tmp_path / str(number)) as (later, _):
                found = everything(later)
                assert found == everything(service)
                messages = found["o/a"]["store"]["views"][draft.sender][peer]["messages"]
                assert [message["id"] for message in messages] == held
            app.clock.advance(2000)
            assert app.store.view(draft.sender, peer) is not None


class _Answers(list[Any]):
    async def send(self, message: Any) -> None:
        self.append(message)


async def _nothing() -> Any:
    raise AssertionError("nothing is read")


def test_what_cannot_be_written_is_not_answered(tmp_path: Path) -> None:
    """503 from then on, also for a read: a restart would not hold what is held now."""
    with kept_service(tmp_path) as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        keeper.save(all_of_it=True)
        written = everything(service)
        stops: list[str] = []
        keeper.stop = lambda: stops.append("stopped")
        keeper.close()

        async def register(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - ASGI
            accounts.register(app.context(1), scope["name"], "1", None)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

        async def read(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - ASGI
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

        for endpoint in (register, read):
            answers = _Answers()
            scope = {"type": "http", "path": "/o/a/users", "method": "POST", "name": endpoint.__name__}
            asyncio.run(WriteFirst(endpoint, keeper, "/_emulator")(scope, _nothing, answers.send))
            assert [answer.get("status") for answer in answers] == [503, None]
            assert json.loads(answers[1]["body"])["error"] == "service_unavailable"
        assert stops == ["stopped"]
        assert "can no longer be written" in str(keeper.failure)
    with kept_service(tmp_path) as (later, _):
        assert everything(later) == written


def test_what_a_device_is_told_is_on_disk_when_the_frame_leaves(tmp_path: Path) -> None:
    with kept_service(tmp_path / "data") as (service, keeper):
        app = service.create(AppKey("o", "a"), AppSettings())
        keeper.save(all_of_it=True)
        seen: list[object] = []
        scopes: list[Any] = []

        async def device(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - ASGI
            scopes.append(scope)
            accounts.register(app.context(1), "ann", "1", None)
            await send({"type": "websocket.send", "bytes": b"ann is there"})

        async def leave(_message: Any) -> None:
            shutil.copytree(tmp_path / "data", tmp_path / "copy")
            with kept_service(tmp_path / "copy") as (later, _):
                seen.extend(user for user in everything(later)["o/a"]["store"]["users"])

        # What is written by this way would leave before it is on disk.
        scope = {"type": "websocket", "path": "/websocket", WRITE_NOW: _nothing}
        asyncio.run(WriteFirst(device, keeper, "/_emulator")(scope, _nothing, leave))
        assert seen == everything(service)["o/a"]["store"]["users"]
        assert WRITE_NOW not in scopes[0]


@pytest.mark.parametrize("content", [b"a diary of somebody else, day by day. " * 9, b"short"])
def test_another_file_in_its_place_is_left_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(DataError, match="was not written by this emulator"):
        Database(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_another_database_in_its_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE diary (day TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(DataError, match="not written by this emulator"):
        Database(tmp_path)
    assert path.read_bytes() == before


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with kept_service(tmp_path) as (service, keeper):
        service.create(AppKey("o", "a"), AppSettings())
        keeper.save(all_of_it=True)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE_NAME, "notes.txt"]


def test_data_of_another_version_are_not_read(tmp_path: Path) -> None:
    Database(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as later:
        later.execute("PRAGMA user_version = 7")
    later.close()
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(DataError, match=r"has version 7, and this roamspec reads version 1;"):
        Database(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


@pytest.mark.parametrize("value", ["no JSON", '{"org": 5}', "[]", '{"org": "o", "app": "a"}'])
def test_damaged_rows_are_one_sentence(value: str, tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.writing():
        database.write(1, {("app", ""): value})
    database.close()
    with pytest.raises(DataError, match="damaged"), kept_service(tmp_path):
        pass


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DataError, match="cannot keep data in the folder") as caught:
            Database(folder)
        assert caught.value.exit_status == 3


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    Database(tmp_path / "new" / "folder").close()
    assert stat.S_IMODE((tmp_path / "new" / "folder" / FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / "folder").stat().st_mode) == 0o700
