"""Estimates by outcome and group as tidy tables and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.errors import InputError, Problem, nearest, wrong_type

from .values import EVERYBODY, Row

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.engine.contract import Floats


def check_row(
    rows: tuple[Row, ...], *, outcome: str | None = None, group: str, levels_only: bool = True
) -> None:
    """Refuse an outcome or group that is not among `rows`, with the nearest one that is.

    levels_only: whether an attribute, such as `sex`, is no group here.
    """
    for key, word, known in (
        ("outcome", outcome, {row[0] for row in rows}),
        ("group", group, {row[1] for row in rows}),
    ):
        if word is not None and not isinstance(word, str):
            raise wrong_type(key, word, f"text, such as '{min(known)}'")
        if word is not None and word not in known:
            if key == "group" and not levels_only:
                known |= {each.partition("=")[0] for each in known}
            hint = nearest(word, sorted(known))
            message = f"is not in this result; {hint}" if hint else "is not in this result"
            # All levels of a group are more than a line can say.
            there = dict.fromkeys(each.partition("=")[0] for each in sorted(known))
            allowed = ", ".join(there) + (", or a level of one" if key == "group" else "")
            raise InputError(Problem(message, key=key, found=word, allowed=allowed))
    if outcome is not None and (outcome, group) not in rows:
        raise InputError(
            Problem(f"is known for the group {EVERYBODY} only", key=outcome, found=group)
        )


def table_of(rows: tuple[Row, ...], columns: dict[str, Floats], group: str | None) -> pd.DataFrame:
    """Return columns by row as a tidy table, of a group or of all. Raises InputError."""
    import pandas as pd

    outcomes, groups = zip(*rows, strict=True)
    table = pd.DataFrame({"outcome": outcomes, "group": groups, **columns})
    if group is None:
        return table
    if not isinstance(group, str):
        raise wrong_type("group", group, f"text, such as '{EVERYBODY}' or 'sex'")
    attributes = [each.partition("=")[0] for each in groups]
    if group in attributes:
        return table[[each == group for each in attributes]].reset_index(drop=True)
    check_row(rows, group=group, levels_only=False)
    return table[table["group"] == group].reset_index(drop=True)


def pick(table: pd.DataFrame, outcomes: list[str]) -> pd.DataFrame:
    """Return the rows of some outcomes, in their order."""
    picked = table.set_index("outcome").reindex(outcomes).reset_index()
    return picked[table.columns]


def records(rows: tuple[Row, ...], columns: dict[str, Floats]) -> list[dict[str, Any]]:
    """Return columns by row as plain data, with None for what is not defined."""
    names = ("outcome", "group", *columns)
    plain = [_plain(column) for column in columns.values()]
    return [
        dict(zip(names, (*row, *numbers), strict=True))
        for row, *numbers in zip(rows, *plain, strict=True)
    ]


def _plain(column: Floats) -> list[float | None]:
    """Return numbers as Python's, and None for what is not finite."""
    found = column.astype(np.float64).astype(object)
    found[~np.isfinite(column)] = None
    plain: list[float | None] = found.tolist()
    return plain
