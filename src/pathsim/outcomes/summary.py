"""The table of a result's file, `summary.csv`: machine names with words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Described(Protocol):
    """What the table takes of a result, a `Comparison` or a `Run`, which rests on this file."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """How many people each group has."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Where the result comes from."""

    def table(self) -> pd.DataFrame:
        """Return every outcome and group."""

    def described(self) -> dict[str, dict[str, str]]:
        """Return the title, the unit and the base of each outcome, by its name."""


def described_table(result: Described) -> pd.DataFrame:
    """Return a result's table with title, unit, base and the group's size beside each name.

    The last columns say which version, of which source, made it from which inputs.
    """
    table, words, sizes = result.table(), result.described(), result.sizes
    columns = list(table.columns)
    for key in ("title", "unit", "of"):
        table[key] = [words[outcome][key] for outcome in table["outcome"]]
    table["people"] = [sizes.get(group, 0) for group in table["group"]]
    ordered = {"outcome": ("title", "unit", "of"), "group": ("people",)}
    table = table[[each for name in columns for each in (name, *ordered.get(name, ()))]]
    origin = result.provenance
    source = origin["source"]["commit"] or origin["source"]["sha256"]
    inputs = origin["inputs_sha256"]
    return table.assign(version=origin["version"], source=source, inputs_sha256=inputs)
