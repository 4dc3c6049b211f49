"""An argument parser whose every complaint is one sentence with the nearest spelling."""

import argparse
import os
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

from roamspec.cli.help_format import help_formatter
from roamspec.errors import UsageError
from roamspec.language.choice import OPTION
from roamspec.language.translation import N_, Translation, translation
from roamspec.spelling import did_you_mean, nearest

_CREDENTIAL_OPTIONS: Final = ("client-id", "client-secret", "app-token", "token", "secret", "password")


class Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print its usage and leave."""

    def __init__(self, *, texts: Translation | None = None, **options: Any) -> None:
        """`texts` are those of the help, English unless given."""
        help_format = help_formatter(texts or translation())
        super().__init__(allow_abbrev=False, add_help=False, formatter_class=help_format, **options)
        self.add_argument("-h", "--help", action="help", help=N_("show this help and exit"))
        self.add_argument(
            OPTION,
            metavar="LANG",
            help=N_("en or zh: the language of texts (ROAMSPEC_LANG; default: of the locale)"),
        )
        self.hands_on: str | None = None
        """The attribute that gets everything after `--`; None where that has no meaning of its own."""

    @property
    def command(self) -> str:
        """The command's name, as complaints begin with it."""
        return self.prog.removeprefix("roamspec ")

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Read the arguments; UsageError for one that is not known."""
        own = list(arguments)
        handed_on: tuple[str, ...] = ()
        if self.hands_on is not None and "--" in own:
            cut = own.index("--")
            own, handed_on = own[:cut], tuple(own[cut + 1 :])
        namespace, unknown = self.parse_known_args(own)
        if unknown:
            raise UsageError(self._unknown(unknown))
        if self.hands_on is not None:
            setattr(namespace, self.hands_on, handed_on)
        return namespace

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the complaint as one sentence."""
        sentence = message.removeprefix("argument ")
        raise UsageError(f"{self.command}: {sentence if sentence.endswith(('.', '?')) else sentence + '.'}")

    def _unknown(self, arguments: Sequence[str]) -> str:
        # Only the name is repeated: what follows it may be a secret.
        option = next((argument for argument in arguments if argument.startswith("-")), None)
        if option is None:
            return f"{self.command}: unexpected argument {arguments[0]!r}; see {self.prog} --help."
        name = option.partition("=")[0]
        bare = name.lstrip("-").removeprefix("neighbour-").removeprefix("closed-")
        if bare in _CREDENTIAL_OPTIONS:
            return (
                f"{self.command}: {name} does not exist: credentials are only read from the environment; "
                "set ROAMSPEC_CLIENT_ID and ROAMSPEC_CLIENT_SECRET, or ROAMSPEC_APP_TOKEN."
            )
        known = [known for known in self._option_string_actions if known.startswith("--")]
        found = nearest(name, known)
        advice = f"did you mean {found}?" if found else f"see {self.prog} --help."
        return f"{self.command}: the option {name} is not known; {advice}"


def one_of(*choices: str) -> Callable[[str], str]:
    """An option's type: one of these words."""

    def read(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"{text!r} is not known; {did_you_mean(text, choices)}")
        return text

    return read


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An option's type: a whole number from `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return number

    return read


_SECONDS = {"s": 1, "m": 60, "h": 3600}


def span(text: str) -> float:
    """An option's type: a time such as `90s`, `30m` or `2h`, in seconds."""
    number, unit = text[:-1], text[-1:]
    if unit not in _SECONDS or not (number.isascii() and number.isdigit()) or int(number) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time span such as 90s, 30m or 2h")
    return float(int(number) * _SECONDS[unit])


def environment() -> dict[str, str]:
    """The process's environment, as values."""
    return dict(os.environ)
