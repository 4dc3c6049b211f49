"""Which earlier calls a finding rests on: users, groups, messages and deletions of its conversations."""

from collections.abc import Iterable, Sequence
from typing import Any

from roamspec.reproduction.parsing import Meaning, Thread, meaning
from roamspec.transport.exchange import Exchange


def arranging(
    history: Iterable[Exchange], evidence: Sequence[Exchange], ids: Iterable[str] = ()
) -> tuple[Exchange, ...]:
    """The calls of `history` that made what `evidence` speaks of, in order, without those of the evidence.

    `ids` are message IDs that the judgement compares beside those that the calls name. Of a conversation
    everything is kept that was said in it and successfully deleted from it: its state is its history.
    """
    every = [(each, meaning(each.as_dict())) for each in history]
    shown = [(each, meaning(each.as_dict())) for each in evidence]
    owners = {one.owner for _, one in shown if one.owner}
    named = {*ids, *(identifier for _, one in shown for identifier in one.message_ids)}
    threads = {thread for _, one in shown for thread in one.threads}
    threads |= {thread for _, one in every if named & set(one.gives) for thread in one.threads}
    for exchange, one in shown:
        clears = one.what == "deletion" and not one.threads and "delete/all" in exchange.url
        if one.what == "list" or clears:
            threads |= set(_threads_of(one.owner, every))
    last = max((each.sent_at for each in evidence), default=0.0)
    sent = {(each.method, each.url, each.sent_at) for each in evidence}
    chosen = [
        (each, one)
        for each, one in every
        if (each.method, each.url, each.sent_at) not in sent
        and each.sent_at <= last
        and _matters(each, one, threads, owners)
    ]
    users = {user for _, one in (*chosen, *shown) for user in one.users}
    users |= {user for thread in threads for user in thread}
    registered = [each for each, one in every if one.what == "users" and one.users & users]
    kept = {id(each): each for each in (*registered, *(each for each, _ in chosen))}
    return tuple(each for each, _ in every if id(each) in kept)


def _threads_of(user: str, every: Iterable[tuple[Exchange, Meaning]]) -> Iterable[Thread]:
    for _, one in every:
        if one.what in ("message", "group") and user in one.users:
            yield from one.threads


def _matters(exchange: Exchange, one: Meaning, threads: set[Thread], owners: set[str]) -> bool:
    if exchange.status != 200:
        return False
    match one.what:
        case "group" | "message":
            return bool(one.threads & threads)
        case "deletion":
            # Clearing names no conversation. Whose the deletion was does not matter: a faulty one may reach
            # further than its owner.
            involved = owners | {name for thread in threads for name in thread}
            return bool(one.threads & threads) or (not one.threads and one.owner in involved)
        case "other":
            names = {name for thread in threads for name in thread}
            path = exchange.url.partition("?")[0]
            return exchange.method == "DELETE" and path.rpartition("/")[2] in names
    return False


def as_dicts(exchanges: Iterable[Exchange]) -> tuple[dict[str, Any], ...]:
    """Exchanges as `report.json` has them."""
    return tuple(each.as_dict() for each in exchanges)
