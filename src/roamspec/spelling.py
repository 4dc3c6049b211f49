"""The nearest spelling of a word that is not known."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that `word` was most likely meant to be; None when none is near."""
    # It takes a while to load, and words are seldom wrong.
    import difflib

    found = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?`, or the choices when nothing is near; ends the sentence it stands in."""
    choices = list(known)
    found = nearest(word, choices)
    return f"did you mean {found!r}?" if found else f"choose from {', '.join(choices)}."
