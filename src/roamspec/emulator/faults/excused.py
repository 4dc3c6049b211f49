"""Requirements that no fault of the emulator breaks, with the reason; names without the operation."""

from collections.abc import Mapping
from typing import Final

EXCUSED: Final[Mapping[str, str]] = {}
