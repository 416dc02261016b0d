"""Results as plain data, by the functions that say them.

Those functions rest on the results, so a result asks for its own by name, when it is wanted.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, cast

_SAID_BY: Final = {
    "Decision": ("plain", "as_data"),
    "Sensitivity": ("sensitive_plain", "sensitivity_data"),
    "Value": ("value_plain", "value_data"),
}
"""Name of each result's class, with the module of this package and the function in it."""


def plain_of(result: object) -> dict[str, Any]:
    """Return a result as plain data for JSON, as the shell gives it with `--json`."""
    module, name = _SAID_BY[type(result).__name__]
    say = getattr(import_module(f"{__package__}.{module}"), name)
    return cast("dict[str, Any]", say(result))
