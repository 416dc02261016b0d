"""The Python reference: every public name, and what the functions return, from the docstrings."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import pathsim as ps

PAGE = "api"
FUNCTIONS, CLASSES, CHARTS, RETURNED = (
    f"<!-- {each} -->" for each in ("functions", "classes", "charts", "returned")
)


def functions() -> list[str]:
    """Return the public functions."""
    return [name for name in ps.__all__ if inspect.isroutine(getattr(ps, name))]


def classes() -> list[str]:
    """Return the public classes."""
    return [name for name in ps.__all__ if inspect.isclass(getattr(ps, name))]


def charts() -> list[str]:
    """Return the addresses of the functions that draw."""
    return [f"pathsim.plot.{name}" for name in ps.plot.__all__]


def returned() -> list[type]:
    """Return the package's classes that its functions return and that have no public name."""
    found = {}
    for name in functions():
        function = inspect.unwrap(getattr(ps, name))
        said = inspect.signature(function).return_annotation
        kind = getattr(sys.modules[function.__module__], str(said), said)
        if inspect.isclass(kind) and kind.__module__.startswith("pathsim."):
            found[kind.__name__] = kind
    return [found[name] for name in sorted(found) if name not in classes()]


def _entry(directive: str, address: str) -> str:
    options = "   :members:\n" if directive == "autoclass" else ""
    return f"```{{eval-rst}}\n.. {directive}:: {address}\n{options}```\n"


def filled(text: str) -> str:
    """Return the page with an entry for each name."""
    kinds = [f"{each.__module__}.{each.__qualname__}" for each in returned()]
    parts = {
        FUNCTIONS: [_entry("autofunction", f"pathsim.{name}") for name in functions()],
        CLASSES: [_entry("autoclass", f"pathsim.{name}") for name in classes()],
        CHARTS: [_entry("autofunction", address) for address in charts()],
        RETURNED: [_entry("autoclass", address) for address in kinds],
    }
    for mark, entries in parts.items():
        text = text.replace(mark, "\n".join(entries))
    return text


def _read(_: Any, name: str, source: list[str]) -> None:
    if name == PAGE:
        source[0] = filled(source[0])


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True}
