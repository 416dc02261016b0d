"""The shell: one file a verb; `main` runs the command line."""

from pathsim.cli.main import main

__all__ = ["main"]
