"""Talks to the store: one step of it for each method. Nothing else of roamspec knows the library."""

from collections.abc import Awaitable, Sequence
from time import monotonic_ns
from typing import Any, Final, cast

import redis
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio import RedisCluster as AsyncCluster
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import ExponentialBackoff
from redis.exceptions import NoScriptError, RedisError

from roamspec.emulator.shared import keys, scripts
from roamspec.emulator.shared.address import shown
from roamspec.emulator.shared.keys import AppKeys
from roamspec.emulator.shared.problems import StoreError, StoreGone
from roamspec.emulator.shared.scripts import Script

ENTRIES_KEPT: Final = 1000
"""Changes that a worker may be behind before it reads the app anew."""
ROWS_AT_ONCE: Final = 5000
_ANSWER_WITHIN_S: Final = 2.0
_AGAIN: Final = 3
_LOOK_AGAIN_S: Final = 0.2
"""A worker that is killed tells nobody that its turn has ended."""
_FIRST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.1
_STAGED_FOR_S: Final = 600
_ROWS_COME_WITHIN_S: Final = 60

Reply = list[Any]


class Connection:
    """For one event loop. Its methods raise StoreGone when the store does not answer."""

    def __init__(self, url: str, *, cluster: bool) -> None:
        # A change that is sent again is recognised by its name.
        pause = ExponentialBackoff(cap=_LONGEST_PAUSE_S, base=_FIRST_PAUSE_S)
        options: dict[str, Any] = {
            "decode_responses": True,
            "socket_timeout": _ANSWER_WITHIN_S,
            "socket_connect_timeout": _ANSWER_WITHIN_S,
            "retry": AsyncRetry(pause, _AGAIN),
        }
        # Published messages reach every node of a cluster: any one of them will do to listen at.
        self._listening = AsyncRedis.from_url(url, **options)
        self._client: Any = AsyncCluster.from_url(url, **options) if cluster else self._listening

    def listener(self) -> Any:
        """A subscription, to no channel yet."""
        return self._listening.pubsub()

    async def close(self) -> None:
        """Close both connections to the server, the one for calls and the one that listens."""
        await self._client.aclose()
        if self._client is not self._listening:
            await self._listening.aclose()

    async def _run(self, script: Script, names: Sequence[str], values: Sequence[object]) -> Any:
        try:
            return await self._client.evalsha(script.sha, len(names), *names, *values)
        except NoScriptError:
            return await _answered(self._client.eval(script.text, len(names), *names, *values))
        except (RedisError, OSError) as error:
            raise StoreGone(str(error)) from error

    async def commit(
        self,
        app: AppKeys,
        seen: tuple[str, int],
        worker: str,
        entry: str = "",
        *,
        cleared: Sequence[str] = (),
        staged: str = "",
    ) -> Reply:
        """`seen` is the life of the app and the version that the change builds upon."""
        names = (app.head, app.rows, app.refs, app.log, app.turn, app.staged_prefix + staged, app.free)
        values = (*seen, worker, entry, " ".join(cleared), ENTRIES_KEPT, app.changed)
        return cast(Reply, await self._run(scripts.COMMIT, names, values))

    async def take_turn(self, app: AppKeys, seen: tuple[str, int], worker: str, within_ms: int) -> Reply:
        """Ask for a turn: for `within_ms` no other worker writes to the app. `seen` is how far this worker
        has read."""
        names = (app.head, app.log, app.turn)
        return cast(Reply, await self._run(scripts.TAKE_TURN, names, (*seen, worker, within_ms)))

    async def await_turn(self, app: AppKeys) -> None:
        """Until another worker's turn has ended, or may have."""
        await _answered(self._client.blpop([app.free], timeout=_LOOK_AGAIN_S))

    async def stage(self, app: AppKeys, name: str, rows: Sequence[str]) -> None:
        """Rows of one change that are too many for one message; they count once it is committed."""
        key = app.staged_prefix + name
        for at in range(0, len(rows), ROWS_AT_ONCE):
            await _answered(self._client.rpush(key, *rows[at : at + ROWS_AT_ONCE]))
            await _answered(self._client.expire(key, _STAGED_FOR_S))

    async def create(self, app: AppKeys, life: str) -> bool:
        """False when the app exists."""
        return bool(await self._run(scripts.CREATE, (app.head,), (life, _ROWS_COME_WITHIN_S)))

    async def read(self, app: AppKeys) -> tuple[str | None, int, dict[str, str]]:
        """Life (None where there is none), version and rows of an app, all of one moment."""
        (life, version), pairs = await self._run(scripts.READ, (app.head, app.rows), ())
        each = iter(pairs)
        return life, int(version or 0), dict(zip(each, each, strict=True))

    async def write_snapshot(self, app: AppKeys, place: int, values: dict[str, str]) -> None:
        """Write the rows of the snapshot at `place`, in parts, so that no command becomes too large."""
        rows = list(values.items())
        for at in range(0, len(rows), ROWS_AT_ONCE):
            part = dict(rows[at : at + ROWS_AT_ONCE])
            await _answered(self._client.hset(f"{app.snapshot_prefix}{place}", mapping=part))

    async def read_snapshot(self, app: AppKeys, place: int) -> dict[str, str]:
        """The rows of the snapshot at `place`; empty where there is none."""
        found: dict[str, str] = await _answered(self._client.hgetall(f"{app.snapshot_prefix}{place}"))
        return found

    async def forget_snapshots(self, app: AppKeys, places: Sequence[int]) -> None:
        """Remove the snapshots at these places."""
        if places:
            await _answered(self._client.delete(*(f"{app.snapshot_prefix}{place}" for place in places)))

    async def remove(self, app: AppKeys, app_id: str, snapshots: Sequence[int]) -> None:
        """Without its head, an app is gone; then the rest of it goes."""
        await _answered(self._client.delete(app.head))
        await self.forget_snapshots(app, snapshots)
        await _answered(self._client.delete(app.rows, app.refs, app.log, app.turn, app.free))
        await _answered(self._client.hdel(keys.APPS, app_id))
        await _answered(self._client.publish(app.changed, ""))

    async def list_app(self, app_id: str, path: str) -> None:
        """Add an app to the list of all apps; `path` is `org/app`."""
        await _answered(self._client.hset(keys.APPS, app_id, path))

    async def listed_apps(self) -> dict[str, str]:
        """All apps: `org/app` by the ID of the app."""
        found: dict[str, str] = await _answered(self._client.hgetall(keys.APPS))
        return found

    async def path_of(self, app_id: str) -> str | None:
        """The `org/app` of an app's ID; None where no app has it."""
        found: str | None = await _answered(self._client.hget(keys.APPS, app_id))
        return found

    async def show_alive(self, worker: str, within_ms: int) -> None:
        """Say that this worker lives; unless it is said again, it counts as ended after `within_ms`."""
        await _answered(self._client.set(keys.worker(worker), "1", px=within_ms))

    async def leave(self, worker: str) -> None:
        """Say that this worker ends."""
        await _answered(self._client.delete(keys.worker(worker)))

    async def is_alive(self, worker: str) -> bool:
        """Whether this worker has said within its time that it lives."""
        return bool(await _answered(self._client.exists(keys.worker(worker))))

    async def clock_ahead_ms(self) -> int:
        """How far the store's clock is ahead of this process's monotonic one."""
        seconds, micros = await _answered(self._listening.time())
        return int(seconds) * 1000 + int(micros) // 1000 - monotonic_ns() // 1_000_000


async def _answered(asked: Awaitable[Any]) -> Any:
    try:
        return await asked
    except (RedisError, OSError) as error:
        raise StoreGone(str(error)) from error


class BlockingConnection:
    """For what must not wait for an event loop: the look at the store before anything starts, and numbers."""

    def __init__(self, url: str) -> None:
        """StoreError when the store cannot be used."""
        self._shown = shown(url)
        options: dict[str, Any] = {
            "decode_responses": True,
            "socket_timeout": _ANSWER_WITHIN_S,
            "socket_connect_timeout": _ANSWER_WITHIN_S,
        }
        self._client: Any = redis.Redis.from_url(url, **options)
        try:
            self.cluster = bool(self._client.info("cluster").get("cluster_enabled"))
            if self.cluster:
                self._client.close()
                self._client = redis.RedisCluster.from_url(url, **options)
            self._client.set(keys.FORMAT, keys.VERSION, nx=True)
            found = self._client.get(keys.FORMAT)
        except (RedisError, OSError, ValueError) as error:
            raise StoreError(self._why_not(error)) from error
        if found != keys.VERSION:
            raise StoreError(
                f"the data in the store {self._shown} has version {found!r}, and this roamspec reads version "
                f"{keys.VERSION}; use the roamspec that wrote it, or another database for --store."
            )

    def _why_not(self, error: Exception) -> str:
        place = f"the store {self._shown}"
        if isinstance(error, redis.AuthenticationError):
            return f"{place} refuses the name or the password of --store ({error})."
        if isinstance(error, redis.ConnectionError | redis.TimeoutError | OSError):
            return f"cannot reach {place}: {error}; start Redis or Valkey there, or correct --store."
        return f"{place} cannot be used: {error}; name another server or database with --store."

    def take_numbers(self, kind: str, count: int) -> int:
        """The first of so many numbers that nobody else gets; StoreGone when the store does not answer."""
        try:
            return int(self._client.incrby(keys.numbers(kind), count)) - count
        except (RedisError, OSError) as error:
            raise StoreGone(str(error)) from error

    def close(self) -> None:
        """Close the connection; for callers that do not run in an event loop."""
        self._client.close()
