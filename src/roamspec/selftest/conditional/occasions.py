"""Whether any client could ever tell a fault behind conditions: random calls in random apps, in process.

A fault whose own trigger contradicts its condition (only a single ID is understood, in calls of twenty IDs)
shows nowhere; such faults are not drawn.
"""

from contextlib import suppress
from random import Random
from typing import Any, Final

from roamspec.appkey import AppKey
from roamspec.contract.limits import most_message_ids
from roamspec.emulator.application import application
from roamspec.emulator.apps import App
from roamspec.emulator.domain.deletion import KINDS
from roamspec.emulator.http.operations.deletions import STEPS
from roamspec.emulator.service import Service
from roamspec.emulator.settings import AppSettings
from roamspec.faults.registry import Named, switch_on
from roamspec.selftest.conditional.population import Population

WORLDS: Final = 60
_AROUND_THE_LIMIT: Final = (most_message_ids(), most_message_ids() + 1, most_message_ids() + 10)
_CALLS: Final = 30
_NOW: Final = 1_700_000_000_500
_METHODS: Final = ("GET", "PUT", "PATCH", "POST", "DELETE")
_TIMES: Final = ("", "yesterday", "-1", "1.5", "9" * 26, "0", "1659014868000")
_LISTS: Final = ("", ",", "one,two", "9" * 26)
_FLAWS: Final = ("token", "missing", "method", "app", "value", "owner", "place", "twice", "many")
_OF_FAMILY: Final = {
    "auth": ("token",),
    "limit": ("many",),
    "method": ("method",),
    "missing": ("missing", "everything"),
    "tenancy": ("app",),
    "value": ("value", "owner", "place"),
}
"""What is wrong with the calls that a family of faults is about."""


class Occasions:
    """Tries calls of one operation until a client could tell the fault."""

    def __init__(self, fault: Named, seed: str) -> None:
        self._fault = fault
        self._chance = Random(seed)  # noqa: S311 - it must be the same again
        self._own = self._kind = KINDS[fault.fault.operations[0]]
        self._family = fault.fault.name.split(".")[1]

    def found(self) -> bool:
        """Whether a fault could be seen in one of many random apps."""
        return any(self._shown_in_a_world() for _ in range(WORLDS))

    def _shown_in_a_world(self) -> bool:
        service = Service(STEPS)
        asgi = application(service)
        apps = [
            service.create(AppKey("acme", name), AppSettings(message_roaming=name != "closed"))
            for name in ("main", "closed")
        ]
        for app in apps:
            app.clock.freeze(_NOW)
            switch_on(app, [self._fault.text])
        main, closed = (Population.build(app, self._chance) for app in apps)
        tokens = _Tokens(main.app, main.users)
        sent: list[dict[str, Any]] = []
        for _ in range(_CALLS):
            often = 0.7 if self._family == "not-open" else 0.1
            population = closed if self._chance.random() < often else main
            self._kind = self._own if self._chance.random() < 0.8 else KINDS[self._chance.choice(list(KINDS))]
            call = self._again(sent) or self._call(population, tokens)
            sent.append(call)
            _send(asgi, call)
            if any(conditional.shown for app in apps for conditional in app.conditionals):
                return True
            for app in apps:
                app.clock.advance(self._chance.choice((0, 1, 1000)))
            if self._chance.random() < 0.2:
                population.say(*self._chance.choice(population.conversations), 1)
        return False

    def _again(self, sent: list[dict[str, Any]]) -> dict[str, Any] | None:
        return sent[-1] if sent and self._chance.random() < 0.15 else None

    def _call(self, population: Population, tokens: "_Tokens") -> dict[str, Any]:
        chance, kind = self._chance, self._kind
        owner = chance.choice(population.users)
        places = [
            place
            for place in population.named_by(owner)
            if (population.app.store.group(place) is not None) is (kind.conversation == "group")
        ]
        place = chance.choice(places or ["nobody"])
        flaw = ""
        if chance.random() < (0.6 if self._family in _OF_FAMILY else 0.3):
            flaw = chance.choice(_OF_FAMILY.get(self._family, _FLAWS))
        pairs = self._query(population, owner, "nobody" if flaw == "place" else place, flaw)
        if flaw == "everything":
            pairs = []
        elif flaw == "missing" and pairs:
            del pairs[chance.randrange(len(pairs))]
        if flaw == "twice" and pairs:
            pairs.append(chance.choice(pairs))
        if chance.random() < 0.2:
            chance.shuffle(pairs)
        query = "&".join(f"{name}={value}" for name, value in pairs)
        if chance.random() < 0.2:
            query = query.replace(",", "%2C").replace("e", "%65", 1)
        method = "POST" if kind.by == "all" else "DELETE"
        org, app = "acme", population.app.key.app
        if flaw == "app":
            org, app = chance.choice((("acme", "nowhere"), ("nobodys", "main"), ("nobodys", "nowhere")))
        owner = chance.choice(("nobody", "")) if flaw == "owner" else owner
        path = f"/{org}/{app}/rest/message/roaming/"
        if kind.by == "all":
            path += f"user/{owner}/delete/all"
        else:
            path += f"{kind.conversation}/user/{owner}" + ("/time" if kind.by == "time" else "")
        return {
            "type": "http",
            "method": chance.choice([m for m in _METHODS if m != method]) if flaw == "method" else method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (b"host", b"emulator.test"),
                (b"accept", b"application/json"),
                *tokens.headers(chance, population.app, good=flaw != "token"),
            ],
            "scheme": "http",
            "client": ("127.0.0.1", 1),
        }

    def _query(self, population: Population, owner: str, place: str, flaw: str) -> list[tuple[str, str]]:
        chance, kind = self._chance, self._kind
        pairs: list[tuple[str, str]] = []
        if kind.target_parameter:
            pairs.append((kind.target_parameter, place))
        if kind.by == "ids":
            pairs.append(
                (
                    "msgIdList",
                    chance.choice(_LISTS) if flaw == "value" else self._ids(population, owner, place, flaw),
                )
            )
        elif kind.by == "time":
            pairs.append(
                (
                    "delTime",
                    chance.choice(_TIMES) if flaw == "value" else self._time(population, owner, place),
                )
            )
        notify = chance.choice(("", "", "true", "false", "false", "perhaps", "1"))
        return [*pairs, ("isNotify", notify)] if notify and kind.by != "all" else pairs

    def _messages(self, population: Population, owner: str, place: str) -> list[tuple[str, int]]:
        views = population.app.store.views(owner)
        return [(m.id, m.time_ms) for view in views if view.conversation.id == place for m in view]

    def _ids(self, population: Population, owner: str, place: str, flaw: str) -> str:
        chance = self._chance
        own = [identifier for identifier, _ in self._messages(population, owner, place)]
        ids = chance.sample(own, min(len(own), chance.choice((1, 1, 2, 3, 5, 12, 20, *_AROUND_THE_LIMIT))))
        order = chance.randrange(3)
        ids = sorted(ids, reverse=order == 1) if order else ids
        others = [m.id for view in population.app.store.views(owner) for m in view if m.id not in own]
        if chance.random() < 0.2 or not ids:
            ids.append("12345")
        if others and chance.random() < 0.2:
            ids.append(chance.choice(others))
        if chance.random() < 0.15:
            ids += [chance.choice(ids)]
        if flaw == "many" or chance.random() < 0.05:
            ids += [
                str(number)
                for number in range(1, chance.choice((*_AROUND_THE_LIMIT, 101, 201)) + 1 - len(ids))
            ]
        return ",".join(ids)

    def _time(self, population: Population, owner: str, place: str) -> str:
        times = [time for _, time in self._messages(population, owner, place)] or [_NOW]
        near = self._chance.choice((0, 0, -1, 1, -600, 600, -1000, 1000, -59_000, 100_000, -9_000_000))
        return str(max(0, self._chance.choice((*times, max(times))) + near))


class _Tokens:
    """The Authorization headers that a client could send."""

    def __init__(self, app: App, users: list[str]) -> None:
        self._app = app
        self._of: dict[AppKey, str] = {}
        self._bad = (
            "",
            "Bearer nonsense",
            f"Bearer {app.tokens.issue(None, 1, _NOW - 10_000)}",
            f"Bearer {app.tokens.issue(users[0], 0, _NOW)}",
            "Basic YWJjOmRlZg==",
        )

    def headers(self, chance: Random, app: App, *, good: bool) -> list[tuple[bytes, bytes]]:
        token = self._of.setdefault(app.key, app.tokens.issue(None, 0, _NOW))
        bad = (*self._bad, f"Bearer {token[:30]}", f"Basic {token}", f"Bearer {'x' + token[1:]}")
        text = f"Bearer {token}" if good else chance.choice(bad)
        return [(b"authorization", text.encode())] if text else []


def _send(asgi: Any, scope: dict[str, Any]) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: dict[str, Any]) -> None:
        return None

    # Nothing of it waits for anything, so one step takes the call to its end.
    with suppress(StopIteration):
        asgi(dict(scope), receive, send).send(None)
