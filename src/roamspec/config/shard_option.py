"""Which part of a run this machine does, and what the run is divided by, from all the places that may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roamspec.config.options import OptionSources
from roamspec.errors import ConfigurationError
from roamspec.shard import Shard


@dataclass(frozen=True, slots=True)
class ShardOption:
    """`shard` is None for a whole run; `durations` is the file that a run is divided by, and `where` says
    who names it."""

    shard: Shard | None = None
    durations: Path | None = None
    where: str = ""


def chosen_shard(options: Mapping[str, Any], environ: Mapping[str, str], file: Path | None) -> ShardOption:
    """ConfigurationError for what is no shard, and for durations without a shard on the command line."""
    sources = OptionSources(options, environ, file)
    given, durations = sources.text("shard"), sources.text("durations")
    if given is None:
        if durations is not None and durations.rank == 0:
            raise ConfigurationError(f"{durations.where} needs --shard I/N; add it, or leave it out.")
        return ShardOption()
    shard = Shard.parse(given.value, where=given.where)
    return ShardOption(
        shard, Path(durations.value) if durations else None, durations.where if durations else ""
    )
