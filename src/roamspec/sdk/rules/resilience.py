"""How a client bears trouble: what it did after each call that a disturbance struck."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from roamspec.sdk.calls import CLIENT_FORM, ObservedCall
from roamspec.sdk.finding import ClientFinding
from roamspec.sdk.rules.tokens import REQUEST

AT_ONCE_MS: Final = 50
"""A repetition sooner than this after the response did not wait."""
RETRY_AFTER_S: Final = 1
REPEATS_MAX: Final = 10
"""Whoever repeats one call more often than this does not stop."""
UNSAFE: Final = ("clearUser", "sendToUsers", "sendToGroups", "sendToChatrooms")
"""Done twice they do more than once: a second clearing takes what came since."""
_TOLERANCE_MS: Final = 50
_UNTELLING: Final = (
    "The tests send equal calls themselves, so a repetition by the client cannot be recognised; send the "
    "test's name in X-Roamspec-Test."
)
_PREFIX: Final = "client-conduct."


@dataclass(frozen=True, slots=True)
class DisturbedCalls:
    """One run under a disturbance, in order; `plain` is the same command's run without."""

    calls: Sequence[ObservedCall]
    plain: Sequence[ObservedCall]

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that were called, in the order of their first calls."""
        return tuple(dict.fromkeys(map(operation_of, self.calls)))

    def chains(self, operation: str) -> list[list[ObservedCall]]:
        """Calls that repeat each other: each later one is the same as the first, which came to nothing."""
        open_chains: dict[tuple[str, ...], list[ObservedCall]] = {}
        found = []
        for call in self.calls:
            if operation_of(call) == operation:
                key = _signature(call)
                chain = open_chains.get(key)
                if chain is None or chain[-1].served:
                    chain = open_chains[key] = []
                    found.append(chain)
                chain.append(call)
        return found

    def repeats_itself(self, operation: str) -> bool:
        """Whether the tests make equal calls of this operation, without any trouble."""
        counts = Counter(_signature(call) for call in self.plain if operation_of(call) == operation)
        return any(number > 1 for number in counts.values())


JudgeTrouble = Callable[[DisturbedCalls], Iterable[ClientFinding]]


def operation_of(call: ObservedCall) -> str:
    """The operation of a call, the same for both forms of its path."""
    return call.deletion or call.operation.removesuffix(CLIENT_FORM)


def over_rate(trouble: DisturbedCalls) -> Iterable[ClientFinding]:
    """After a 429 a client waits, and as long as Retry-After says."""
    for operation, chain, gaps in _struck(trouble, ("429",)):
        hasty = [gap for gap in gaps if gap < AT_ONCE_MS]
        yield _finding_about(
            trouble,
            operation,
            "waits-when-over-rate",
            chain,
            f"repeated {hasty[0]:.0f} ms after a 429" if hasty else "",
            "no repetition, or a pause before it",
        )
        early = [gap for gap in gaps if gap < RETRY_AFTER_S * 1000 - _TOLERANCE_MS]
        if gaps:
            yield _finding_about(
                trouble,
                operation,
                "honours-retry-after",
                chain,
                f"repeated after {early[0]:.0f} ms" if early else "",
                f"no repetition before the time of Retry-After: {RETRY_AFTER_S} s",
            )


def unavailable(trouble: DisturbedCalls) -> Iterable[ClientFinding]:
    """After a 5xx a client waits before it repeats, and does not go on for ever."""
    for operation, chain, gaps in _struck(trouble, ("500", "502", "503")):
        mean = sum(gaps) / len(gaps) if gaps else AT_ONCE_MS
        yield _finding_about(
            trouble,
            operation,
            "waits-when-unavailable",
            chain,
            f"{len(gaps)} repetitions, {mean:.0f} ms apart" if mean < AT_ONCE_MS else "",
            f"no repetition, or pauses of at least {AT_ONCE_MS} ms",
        )
        yield _finding_about(
            trouble,
            operation,
            "stops-when-unavailable",
            chain,
            f"the same call {len(chain)} times" if len(chain) > REPEATS_MAX else "",
            f"the same call {REPEATS_MAX} times at most",
        )


def unauthorized(trouble: DisturbedCalls) -> Iterable[ClientFinding]:
    """A client that was given its token, and never fetched one, cannot renew it."""
    fetched = any(call.operation == REQUEST and call.status == 200 for call in trouble.plain)
    for operation, chain, _ in _struck(trouble, ("401",)):
        name, struck = f"{_PREFIX}renews-when-unauthorized", chain[0]
        if not fetched:
            yield ClientFinding(
                operation, name, "inconclusive", (struck,), actual="The client never requests a token."
            )
            continue
        later = [call for call in trouble.calls if call.started_ms >= struck.ended_ms]
        renewal = next((n for n, call in enumerate(later) if call.operation == REQUEST), len(later))
        again = next((n for n, call in enumerate(later) if call.deletion), len(later))
        if renewal < again:
            yield ClientFinding(operation, name, "pass", (struck, later[renewal]))
        else:
            went_on = later[again : again + 1]
            yield ClientFinding(
                operation,
                name,
                "fail",
                (struck, *went_on),
                "a token request before the next call",
                "the next call used the rejected token" if went_on else "no token request followed",
            )


def refused(trouble: DisturbedCalls) -> Iterable[ClientFinding]:
    """A call that was rejected with 400 is not repeated."""
    for operation in trouble.operations:
        for chain in trouble.chains(operation):
            if chain[0].deletion and chain[0].status == 400 and not chain[0].announced:
                wrong = f"the same call {len(chain)} times" if len(chain) > 1 else ""
                yield _finding_about(trouble, operation, "keeps-refusals", chain, wrong, "the call once")


def lost(trouble: DisturbedCalls) -> Iterable[ClientFinding]:
    """A call whose response was lost is repeated only where a second effect harms nobody."""
    for operation, chain, gaps in _struck(trouble, ("lost-answer",)):
        if operation in UNSAFE:
            yield _finding_about(
                trouble,
                operation,
                "repeats-only-what-is-safe",
                chain,
                f"the same call {len(gaps) + 1} times, although the first one took effect" if gaps else "",
                "an error for the caller, who can check before repeating the call",
            )


def _struck(
    trouble: DisturbedCalls, kinds: Sequence[str]
) -> Iterable[tuple[str, list[ObservedCall], list[float]]]:
    """Each chain that such a disturbance began, with the milliseconds between each response and the next
    call."""
    for operation in trouble.operations:
        for chain in trouble.chains(operation):
            if chain[0].nuisance in kinds:
                gaps = [
                    max(0.0, later.started_ms - earlier.ended_ms)
                    for earlier, later in pairwise(chain)
                    if earlier.nuisance in kinds
                ]
                yield operation, chain, gaps


def _finding_about(
    trouble: DisturbedCalls,
    operation: str,
    name: str,
    chain: Sequence[ObservedCall],
    wrong: str,
    expected: str,
) -> ClientFinding:
    calls = tuple(chain[:3])
    if wrong and trouble.repeats_itself(operation):
        return ClientFinding(operation, _PREFIX + name, "inconclusive", calls, actual=_UNTELLING)
    if not wrong:
        return ClientFinding(operation, _PREFIX + name, "pass", calls)
    return ClientFinding(operation, _PREFIX + name, "fail", calls, expected, wrong)


def _signature(call: ObservedCall) -> tuple[str, ...]:
    """What makes two calls the same, whatever their app."""
    return call.method, call.below_app, call.target.partition("?")[2], call.body, call.test
