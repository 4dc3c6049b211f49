"""The run's mark in a name: how a name carries it, and how it is told apart from other people's names."""


def as_digits(mark: str) -> str:
    """The mark as thirteen digits, for names that consist of digits alone."""
    return f"{int.from_bytes(mark.encode()) % 10**13:013d}"


def carries(name: str, mark: str) -> bool:
    """Whether a run with this mark gave the name."""
    return mark in name or as_digits(mark) in name
