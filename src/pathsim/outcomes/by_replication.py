"""Outcomes of every replication as tidy tables, of what a result keeps of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .names import RATE
from .tabled import check_row
from .values import EVERYBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from pathsim.engine.contract import Floats

    from .option import OptionResult
    from .values import Row, Values


def run_frame(kept: Values, origin: Mapping[str, Any], group: str | None) -> pd.DataFrame:
    """Return a row for each replication, outcome and group of a run. Raises InputError."""
    rows = _chosen(kept.rows, group)
    return _frame(rows, {"value": kept.aligned(rows)}, origin)


def comparison_frame(
    options: Iterable[OptionResult], known: Values, origin: Mapping[str, Any], group: str | None
) -> pd.DataFrame:
    """Return a row for each option, replication, outcome and group kept. Raises InputError.

    known: what the baseline keeps, of which `origin` tells how much was simulated.
    """
    parts = []
    for option in options:
        part = _of_option(known, origin, option, group)
        part.insert(0, "option", option.title)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _of_option(
    known: Values, origin: Mapping[str, Any], option: OptionResult, group: str | None
) -> pd.DataFrame:
    kept = [(outcome, EVERYBODY) for outcome in option.everybody]
    kept += [(RATE, each) for each in option.by_group if each != EVERYBODY]
    rows = _chosen(tuple(kept), group)
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
    there = set(known.rows)
    for k, row in enumerate(rows):
        if row not in there:
            before[:, k] = own[:, k] - difference[:, k]
    values = {"baseline": before, "option_value": own, "difference": difference}
    return _frame(rows, values, origin)


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
