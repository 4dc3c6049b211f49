"""Faults that take one token, one user or one conversation for another that looks alike."""

from collections.abc import Callable, Iterator

from tests.second_service.fault import ALL, IN_CHAT, Fault, besides, fault
from tests.second_service.fault_spec import Call, Operation
from tests.second_service.state import Pair


def faults() -> Iterator[Fault]:
    for op in ALL:
        yield from _tokens(op)
        yield fault(
            op,
            "shorter-owner-names",
            r"tenancy\.longer-owner-name-keeps-messages",
            pairs=besides(_of_owners(lambda name, owner: owner.startswith(name))),
        )
    for op in IN_CHAT:
        yield fault(
            op,
            "shorter-peer-names",
            r"tenancy\.longer-peer-name-keeps-messages",
            pairs=besides(_with_shorter_peers),
        )


def _tokens(op: Operation) -> Iterator[Fault]:
    def extends_one(call: Call, text: str) -> bool:
        return any(text.startswith(token) and text != token for token in call.known_tokens)

    def longer(call: Call) -> bool:
        return extends_one(call, call.request.headers.get("authorization", "").partition(" ")[2])

    def bare(call: Call) -> bool:
        return call.request.headers.get("authorization", "") in call.known_tokens

    for name, slug, when in (
        ("longer-token", "malformed-token", longer),
        ("token-without-scheme", "wrong-scheme", bare),
    ):
        yield fault(
            op,
            f"{name}-accepted",
            rf"auth\.{slug}-refused",
            checks={"auth": lambda c, a, w=when: None if a is not None and w(c) else a},
        )


def _of_owners(like: Callable[[str, str], bool]) -> Callable[[Call], list[Pair]]:
    return lambda call: [
        (user, m.id)
        for user in call.app.people
        if user != call.owner and like(user, call.owner)
        for m in call.app.everything(user)
    ]


def _with_shorter_peers(call: Call) -> list[Pair]:
    thread = call.thread
    return [
        (call.owner, m.id)
        for m in call.app.everything(call.owner)
        if thread
        and m.kind == "chat"
        and thread.partner.startswith(m.thread_of(call.owner).partner)
        and m.thread_of(call.owner) != thread
    ]
