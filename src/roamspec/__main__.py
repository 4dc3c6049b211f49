"""`python -m roamspec` is the command `roamspec`."""

import sys

from roamspec.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
