"""The sheet of the run: enough to get the same figures again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cells import Cell, figure, text
from .sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ELSEWHERE = ("outcomes",)
"""Parts of the run that stand on other sheets."""


def manifest(told: Mapping[str, Any]) -> Sheet:
    """Return where the results come from, one item a row."""
    return Sheet(
        "Run",
        "The run: enough to get the same figures again",
        ("Item", "Value"),
        list(_items(told)),
        "Names of items are those of results.json under run.",
        {"Value": "General"},
    )


def _items(told: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for name, value in told["run"].items():
        if name == "inputs":
            for number, file in enumerate(value, start=1):
                for part in ("of", "path", "sha256"):
                    yield f"inputs {number}, {part}", text(file[part])
        elif isinstance(value, dict):
            if name not in _ELSEWHERE:
                for part, inner in value.items():
                    yield f"{name}, {text(part)}", figure(inner)
        elif isinstance(value, list):
            yield name, text(", ".join(map(str, value)))
        else:
            yield name, figure(value)
