"""Many callers on the same users: a message is deleted if and only if an acknowledged call deletes it."""

import random
from concurrent.futures import ThreadPoolExecutor

import httpx

from .conftest import AppClient

CALLERS = 32
CALLS = 12
CHAT = "/rest/message/roaming/chat/user"


def test_acknowledged_deletions_and_nothing_else(app: AppClient) -> None:
    group = app.group("alice", "bob", "carol")
    seeds = [{"from": "bob", "to": "alice", "count": 400}, {"from": "carol", "group": group, "count": 400}]
    ids = app.http.post(f"{app.control}/scenario", json={"messages": seeds}).json()["messages"]
    chat, in_group = ids[:400], ids[400:]

    def work(number: int) -> tuple[set[str], set[str], set[str]]:
        chance = random.Random(number)  # noqa: S311
        sent, gone_from_chat, gone_from_group = set(), set(), set()
        with httpx.Client(timeout=30, trust_env=False) as client:
            own = AppClient(client, app.origin, app.org, app.app, app.token, {})
            for _ in range(CALLS):
                names = set(chance.sample(chat, 5))
                path = f"{CHAT}/alice?userId=bob&msgIdList={','.join(names)}"
                if own.call("DELETE", path).status_code == 200:
                    gone_from_chat |= names
                names = set(chance.sample(in_group, 5))
                path = f"{CHAT.replace('chat', 'group')}/bob?groupId={group}&msgIdList={','.join(names)}"
                if own.call("DELETE", path).status_code == 200:
                    gone_from_group |= names
                sent.add(own.send("bob", "alice"))
                own.pull("alice", "bob")
        return sent, gone_from_chat, gone_from_group

    with ThreadPoolExecutor(CALLERS) as pool:
        results = list(pool.map(work, range(CALLERS)))
    sent, gone_from_chat, gone_from_group = (set().union(*part) for part in zip(*results, strict=True))
    assert all_ids(app, "alice", "bob") == (set(chat) | sent) - gone_from_chat
    assert all_ids(app, "bob", "alice") == set(chat) | sent
    assert all_ids(app, "bob", group) == set(in_group) - gone_from_group
    assert all_ids(app, "alice", group) == all_ids(app, "carol", group) == set(in_group)


def all_ids(app: AppClient, owner: str, queue: str) -> set[str]:
    view = app.http.get(f"{app.control}/users/{owner}?limit=10000").json()
    (conversation,) = [item for item in view["conversations"] if item["id"] == queue]
    return {message["id"] for message in conversation["messages"]}
