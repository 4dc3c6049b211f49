"""Conforming variants that are put together by chance: the same ones for the same number."""

from dataclasses import fields, replace
from random import Random
from typing import Any, Final

from tests.second_service import sound
from tests.second_service.traits import Traits

PREFIX: Final = "mixed-"
LEFT_OUT: Final = frozenset({"pull-nobody"})
"""Nothing can be observed where one of these is among others."""
MOST_OF_A_PART: Final = 3
_PARTS: Final = ("web", "entry", "talk", "read", "erase", "notices")


def named(name: str) -> Traits:
    """The variant of this name: one of `sound.variants()`, or `mixed-` and a number."""
    if name.startswith(PREFIX):
        return mixed(int(name.removeprefix(PREFIX)))
    return sound.variants()[name]


def mixed(number: int) -> Traits:
    """Up to three variants of each part of a service at once; what two of them set is as in the later one."""
    dice = Random(f"mixed {number}")  # noqa: S311 - no secret
    every = [traits for name, traits in sound.variants().items() if name not in LEFT_OUT]
    made = Traits(lags=dice.choice(("steadily", "steadily", "now-and-then", "growing")))
    for part in _PARTS:
        plain = getattr(Traits(), part)
        unusual = [value for each in every if (value := getattr(each, part)) != plain]
        for value in dice.sample(unusual, dice.randrange(MOST_OF_A_PART + 1)):
            made = replace(made, **{part: _with(getattr(made, part), value, plain)})
    return made


def _with(part: Any, other: Any, plain: Any) -> Any:
    """The part with all fields in which the other one is not plain."""
    names = [field.name for field in fields(plain)]
    changed = {name: getattr(other, name) for name in names if getattr(other, name) != getattr(plain, name)}
    return replace(part, **changed)


def described(name: str) -> str:
    """What of a variant is not plain, for a report."""
    traits = named(name)
    unusual = [f"lags={traits.lags}"] if traits.lags != Traits().lags else []
    for part in _PARTS:
        mine, plain = getattr(traits, part), getattr(Traits(), part)
        unusual += [
            f"{part}.{field.name}={getattr(mine, field.name)!r}"
            for field in fields(plain)
            if getattr(mine, field.name) != getattr(plain, field.name)
        ]
    return " ".join(unusual)
