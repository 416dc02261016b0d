"""Outcomes of every replication as tidy tables, of what a result keeps of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .names import RATE
from .tabled import check_row
from .values import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pathsim.engine.contract import Floats

    from .option import OptionResult
    from .results import Comparison, Run
    from .values import Row


def run_frame(run: Run, group: str | None) -> pd.DataFrame:
    """Return a row for each replication, outcome and group. Raises InputError."""
    rows, kept = _chosen(run.rows, group), run.values  # noqa: PD011 no table of pandas
    return _frame(rows, {"value": kept.aligned(rows)}, run.provenance)


def comparison_frame(comparison: Comparison, group: str | None) -> pd.DataFrame:
    """Return a row for each option, replication, outcome and group kept. Raises InputError."""
    parts = []
    for option in comparison.options:
        part = _of_option(comparison.baseline, option, group)
        part.insert(0, "option", option.title)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _of_option(baseline: Run, option: OptionResult, group: str | None) -> pd.DataFrame:
    kept = [(outcome, EVERYBODY) for outcome in option.everybody]
    kept += [(RATE, each) for each in option.by_group if each != EVERYBODY]
    rows = _chosen(tuple(kept), group)
    known = baseline.values  # noqa: PD011 no table of pandas
    difference = _columns(
        [option.everybody[name] if g == EVERYBODY else option.by_group[g] for name, g in rows],
        known.replications,
    )
    before = known.aligned(rows)
    own = _columns(
        [
            option.own[name] if g == EVERYBODY else before[:, k] + difference[:, k]
            for k, (name, g) in enumerate(rows)
        ],
        known.replications,
    )
    # A run keeps no outcomes of services that it lacks.
    there = set(baseline.rows)
    for k, row in enumerate(rows):
        if row not in there:
            before[:, k] = own[:, k] - difference[:, k]
    values = {"baseline": before, "option_value": own, "difference": difference}
    return _frame(rows, values, baseline.provenance)


def _columns(columns: Sequence[Floats], replications: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.empty((replications, 0))


def _chosen(rows: tuple[Row, ...], group: str | None) -> tuple[Row, ...]:
    if group is None:
        return rows
    check_row(rows, group=group)
    return tuple(row for row in rows if row[1] == group)


def _frame(
    rows: Sequence[Row], values: Mapping[str, Floats], origin: Mapping[str, Any]
) -> pd.DataFrame:
    """Return values, [R, rows] each, as a tidy table."""
    replications = origin["replications"]
    per_draw = origin["replications_per_draw"]
    number = np.repeat(np.arange(replications), len(rows))
    outcomes, groups = (np.array([row[k] for row in rows], dtype=object) for k in (0, 1))
    return pd.DataFrame(
        {
            "draw": number // per_draw,
            "replication": number % per_draw,
            "outcome": np.tile(outcomes, replications),
            "group": np.tile(groups, replications),
            **{name: each.reshape(-1) for name, each in values.items()},
        }
    )
