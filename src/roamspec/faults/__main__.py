"""`python -m roamspec.faults`: the emulator as a process of its own, with faults to switch on."""

import argparse
import sys
import traceback

from roamspec.emulator.options import add_arguments, options_from
from roamspec.emulator.server import serve
from roamspec.errors import RoamspecError
from roamspec.faults.extension import FaultExtension


def main() -> int:
    """Serve until a signal comes; the exit status, of which 1 is never one, because that would be a
    verdict."""
    parser = argparse.ArgumentParser(prog="python -m roamspec.faults", description=__doc__)
    add_arguments(parser)
    try:
        options = options_from(parser.parse_args())
        return serve(options, FaultExtension(options.fault_files))
    except RoamspecError as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return error.exit_status
    except Exception as error:  # noqa: BLE001
        # Whoever started this process reads the last line; a status of 1 would be a verdict.
        traceback.print_exception(error)
        return RoamspecError.exit_status


if __name__ == "__main__":
    sys.exit(main())
