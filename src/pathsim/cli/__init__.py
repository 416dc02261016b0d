"""The shell: one file a verb; `main` runs the command line."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    arguments: left out, those of the process, whose interrupts and output are then looked after.
    """
    if arguments is not None:
        from pathsim.cli.app import run_command_line

        return run_command_line(arguments)
    # First of all, so that an interrupt is heard while the rest is imported.
    from pathsim.cli.process import all_done, look_after

    look_after()
    if sys.argv[1:] in (["doctor"], ["doctor", "--json"]):
        # It looks at the library of the command line too, so it does without it.
        from pathsim.cli.examined import examined_alone

        code = examined_alone(as_json="--json" in sys.argv)
    else:
        from pathsim.cli.app import run_command_line

        code = run_command_line(None)
    all_done()
    return code
