"""`python -m pathsim`: the same as `pathsim`."""

import sys

from pathsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
