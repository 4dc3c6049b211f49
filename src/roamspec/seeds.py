"""The one range of seeds: what is drawn, what an option takes, and what everything that draws accepts."""

import secrets
from typing import Final

SEED_MAX: Final = 2**32 - 1


def drawn_seed() -> int:
    """A seed that nobody chose, from 0 to `SEED_MAX`."""
    return secrets.randbelow(SEED_MAX + 1)
