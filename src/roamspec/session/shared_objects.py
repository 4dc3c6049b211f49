"""What several checks of one session share because it is costly to arrange: one object of each class."""

from typing import Protocol, TypeVar


class _MadeEmpty(Protocol):
    def __init__(self) -> None: ...


T = TypeVar("T", bound=_MadeEmpty)


class SharedObjects:
    """The class says what is shared and of which types, so nothing is found under a name that two may use."""

    def __init__(self) -> None:
        self._by_class: dict[type, object] = {}

    def get(self, kind: type[T]) -> T:
        """The session's object of this class; created without arguments when it is first asked for."""
        found = self._by_class.setdefault(kind, kind())
        assert isinstance(found, kind)
        return found
