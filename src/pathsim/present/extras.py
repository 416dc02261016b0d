"""What drawing and reporting need beyond the core, with a clear word when it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from pathsim.errors import InputError, Problem


def need(extra: str, *modules: str, purpose: str) -> None:
    """Refuse to go on without `modules`, naming the extra that installs them.

    Raises InputError.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise InputError(
            Problem(
                f"{purpose} needs {' and '.join(missing)}; "
                f"install with: pip install 'offender-pathsim[{extra}]'"
            )
        )
