"""The option `--fault` of a run on the embedded emulator."""

from collections.abc import Sequence

from roamspec.cli.parser import Parser


def add_fault_option(parser: Parser) -> None:
    """Add `--fault`."""
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="give the embedded emulator a seeded fault, in all calls or under conditions, as in "
        "effect.nothing-deleted@age>7d; may be repeated",
    )


def known_faults(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once; ConfigurationError with the nearest spelling for one that is not a fault."""
    if names:
        from roamspec.faults.registry import named

        for name in names:
            named(name)
    return tuple(dict.fromkeys(names))
