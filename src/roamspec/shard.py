"""One part of a run that several machines share: `3/8` is the third of eight."""

import re
from dataclasses import dataclass
from typing import Final, Self

from roamspec.errors import ConfigurationError

MOST_SHARDS: Final = 999
_WRITTEN: Final = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """`index` counts from 1 to `count`."""

    index: int
    count: int

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """From `3/8`; ConfigurationError, naming `where` it stands, for anything else."""
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ConfigurationError(
                f"{where}: {text!r} is not a shard; write its number and how many there are, such as 3/8."
            )
        index, count = int(found[1]), int(found[2])
        if not 1 <= count <= MOST_SHARDS:
            raise ConfigurationError(f"{where}: {text!r}: a run can have from 1 to {MOST_SHARDS} shards.")
        if not 1 <= index <= count:
            raise ConfigurationError(
                f"{where}: {text!r}: the shards are numbered from 1/{count} to {count}/{count}."
            )
        return cls(index, count)

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"
