"""What drawing and reporting need beyond the core, with a clear word when it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from pathsim.errors import InputError, Problem

REPORT_PACKAGES = ("matplotlib", "jinja2")
WORKBOOK_PACKAGES = ("gptables",)


def need(extra: str, *modules: str, purpose: str) -> None:
    """Refuse to go on without `modules`, naming the extra that installs them.

    Raises InputError.
    """
    message = lacking(extra, *modules, purpose=purpose)
    if message:
        raise InputError(Problem(message))


def lacking(extra: str, *modules: str, purpose: str) -> str:
    """Return which of `modules` are missing and how to install them; empty if none is."""
    missing = [name for name in modules if find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"{purpose} needs {' and '.join(missing)}; "
        f"install with: pip install 'offender-pathsim[{extra}]'"
    )
