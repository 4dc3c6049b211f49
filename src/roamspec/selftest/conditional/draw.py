"""Faults behind conditions, drawn from the bank and the vocabulary: the same for the same seed."""

from collections.abc import Iterator
from random import Random
from typing import Final

from roamspec.faults.conditions.vocabulary import read_condition, vocabulary
from roamspec.faults.registry import EVERY, Fault, Named, known, named
from roamspec.selftest.conditional.occasions import Occasions

_TWO_CONDITIONS: Final = 0.2
"""How many of the drawn faults stand behind two conditions, not one."""


def drawn(count: int, seed: int) -> Iterator[Named]:
    """`count` different faults, each behind one condition or two, that a client could tell in some call.

    First the operation is drawn, then one of its faults, then an entry of the vocabulary that applies to the
    operation, then one of that entry's samples.
    """
    chance = Random(seed)  # noqa: S311 - it must be the same again
    by_operation: dict[str, list[Fault]] = {name: [] for name in EVERY}
    for fault in known().values():
        by_operation[fault.operations[0]].append(fault)
    seen: set[str] = set()
    while len(seen) < count:
        operation = chance.choice(EVERY)
        fault = chance.choice(by_operation[operation])
        wanted = 2 if chance.random() < _TWO_CONDITIONS else 1
        terms = [samples for name in sorted(vocabulary()) if (samples := _samples(name, operation))]
        conditions = [chance.choice(samples) for samples in chance.sample(terms, wanted)]
        text = "@".join((fault.name, *conditions))
        if text in seen:
            continue
        [found] = named(text)
        if Occasions(found, f"{seed} {text}").found():
            seen.add(text)
            yield found


def _samples(name: str, operation: str) -> list[str]:
    samples = vocabulary()[name].samples
    return [sample for sample in samples if operation in read_condition(sample).operations]
