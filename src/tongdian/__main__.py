"""`python -m tongdian`: the same as the `tongdian` command."""

import sys

from tongdian.cli import main

if __name__ == "__main__":
    sys.exit(main())
