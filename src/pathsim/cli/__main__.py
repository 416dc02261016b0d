"""`python -m pathsim.cli`."""

import sys

from pathsim.cli.main import main

sys.exit(main())
