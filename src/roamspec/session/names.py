"""Names that nobody else has: they carry the run's random mark.

They come from `uuid4`, which no test engine rewinds. The names of people may be varied: they then stand in
relations to each other, as names on a real service do, and are of every legal form.
"""

import itertools
import threading
from collections.abc import Sequence
from random import Random
from typing import Final, Literal, get_args
from uuid import uuid4

from roamspec.transport.run_prefix import as_digits

Relation = Literal["begins-with", "ends-with", "contains", "matches-as-a-pattern"]
Form = Literal["digits", "long", "dot", "underscore", "hyphen"]
RELATIONS: Final[tuple[Relation, ...]] = get_args(Relation)
FORMS: Final[tuple[Form, ...]] = get_args(Form)
LONGEST: Final = 64
WILDCARDS: Final = ("_", ".")
"""Legal characters of a name that stand for any character, in SQL's LIKE and in regular expressions."""
_RELATED: Final = 0.5
_TO_THE_FIRST: Final = 0.5
"""The first of the others is the one whom most are to talk with."""
_LIKE: Final = 24
"""A name longer than this is not made longer still."""


class NameSource:
    """A source of names; those of `fresh` begin with the mark, and none is the beginning of another one."""

    def __init__(self, mark: str | None = None, *, seed: int | None = None) -> None:
        """With a `seed` the names of people are varied, in the same way for the same seed."""
        self.run_prefix = mark or f"rs{uuid4().hex[:10]}"
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._patterns: set[str] = set()
        self._chance = None if seed is None else Random(f"names {seed}")  # noqa: S311 - no secret

    @property
    def varied(self) -> bool:
        """Whether the names of people differ in form, and stand in relations to each other."""
        return self._chance is not None

    def be_plain(self) -> None:
        """Vary no name from now on: the target does not take every legal one."""
        self._chance = None

    def fresh(self, role: str = "u") -> str:
        """A new name such as `rs0f3a9c12de-7u`."""
        return f"{self.run_prefix}-{self._number()}{role}"

    def person(self, others: Sequence[str] = ()) -> str:
        """A new name for a user; a varied one is related to one of the `others`, or of an unusual form."""
        if self._chance is None:
            return self.fresh()
        with self._lock:
            near = [name for name in others if len(name) <= _LIKE]
            related = bool(near) and self._chance.random() < _RELATED
            if related:
                other = near[0] if self._chance.random() < _TO_THE_FIRST else self._chance.choice(near)
                return self.related(other, self._chance.choice(RELATIONS))
            return self.formed(self._chance.choice(FORMS))

    def related(self, name: str, relation: Relation) -> str:
        """A new name that begins with, ends with or contains another one, or that matches it as a pattern."""
        number = next(self._numbers)
        match relation:
            case "begins-with":
                return f"{name}{number}"
            case "ends-with":
                return f"x{number}{name}"
            case "contains":
                return f"x{number}{name}x"
            case "matches-as-a-pattern":
                found = next((each for each in patterns_of(name) if each not in self._patterns), None)
                if found is None:
                    return f"{name}{number}"
                self._patterns.add(found)
                return found

    def formed(self, form: Form) -> str:
        """A new name of a form; one of digits alone carries the mark as a number."""
        number = next(self._numbers)
        match form:
            case "digits":
                return f"9{as_digits(self.run_prefix)}{number:04d}"
            case "long":
                return f"{self.run_prefix}-{number}".ljust(LONGEST, "u")
            case "dot":
                return f"{self.run_prefix}.{number}.u"
            case "underscore":
                return f"{self.run_prefix}_{number}_u"
            case "hyphen":
                return f"{self.run_prefix}-{number}-u"

    def _number(self) -> int:
        with self._lock:
            return next(self._numbers)


def patterns_of(name: str) -> list[str]:
    """Other names that match `name` when they are taken for a pattern: a wildcard stands for its hyphen, or
    for its last character."""
    place = name.find("-") if "-" in name else len(name) - 1
    found = [f"{name[:place]}{wildcard}{name[place + 1 :]}" for wildcard in WILDCARDS]
    return [each for each in found if each != name]
