"""The table of a result's file, `summary.csv`: machine names with words beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .results import Comparison, Run


def described_table(result: Comparison | Run) -> pd.DataFrame:
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
