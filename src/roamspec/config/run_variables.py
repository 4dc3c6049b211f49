"""What a run judges and how far it goes, where the command line leaves it to the environment."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from roamspec.errors import ConfigurationError
from roamspec.seeds import SEED_MAX, drawn_seed
from roamspec.spelling import did_you_mean

Profile = Literal["quick", "standard", "deep"]
PROFILES: Final[tuple[Profile, ...]] = ("quick", "standard", "deep")
PROFILE_VARIABLE: Final = "ROAMSPEC_PROFILE"
REQ_VARIABLE: Final = "ROAMSPEC_REQ"
SEED_VARIABLE: Final = "ROAMSPEC_SEED"
SHARED_SEED: Final = 0


def chosen_profile(given: str | None, environ: Mapping[str, str]) -> Profile:
    """The profile of the option, else of the variable, else standard; ConfigurationError for another word."""
    where, written = ("--profile", given) if given else (PROFILE_VARIABLE, environ.get(PROFILE_VARIABLE, ""))
    word = written.strip() or "standard"
    for profile in PROFILES:
        if profile == word:
            return profile
    raise ConfigurationError(f"{where}: {word!r} is not known; {did_you_mean(word, PROFILES)}")


def chosen_patterns(given: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The patterns of the options, else of the variable, with commas or spaces between them."""
    return list(given) or environ.get(REQ_VARIABLE, "").replace(",", " ").split()


def chosen_seed(given: int | str | None, environ: Mapping[str, str], *, shared: bool = False) -> int:
    """The seed of the option, else of the variable, else a random one; ConfigurationError for no number.

    A seed that is `shared` with other machines is not drawn: without an option or a variable it is 0.
    """
    where, written = ("--seed", given) if given is not None else (SEED_VARIABLE, environ.get(SEED_VARIABLE))
    text = "" if written is None else str(written).strip()
    if not text:
        return SHARED_SEED if shared else drawn_seed()
    if not (text.isascii() and text.isdecimal()) or int(text) > SEED_MAX:
        raise ConfigurationError(f"{where}: {text!r} is not a whole number from 0 to {SEED_MAX}.")
    return int(text)
