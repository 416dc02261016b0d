"""`pathsim doctor`."""

from __future__ import annotations

import typer

from pathsim.cli.options import Json


def doctor(*, as_json: Json = False) -> None:
    """Look at what is installed and whether it works, and say what to do where it does not.

    Exit code 1 when something that every run needs is not fine. An extra is needed for its
    purpose alone.
    """
    from pathsim.cli.examined import examined

    code = examined(as_json=as_json)
    if code:
        raise typer.Exit(code)
