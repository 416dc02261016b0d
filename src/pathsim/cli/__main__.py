"""`python -m pathsim.cli`."""

import sys

from pathsim.cli import main

sys.exit(main())
