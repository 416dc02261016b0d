"""The tables of one regime as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from pathsim.engine.contract import Tables

Rules = SimpleNamespace
"""The fields of `contract.RULES`, by name."""
Service = SimpleNamespace
"""The fields of `contract.SERVICE`, by name."""
Row = list[float]


class Regime(NamedTuple):
    """Everything that decisions go by from one day to the next; axes as in the contract."""

    rules: Rules
    services: list[Service]
    pool_capacity: list[int]
    pool_by_risk: list[int]
    pool_review: Row
    pool_queue: list[int]
    on_disposal: list[int]
    on_release: int
    on_reoffence: int
    on_homeless: int
    on_pre_release: int
    on_start: list[int]
    on_completion: list[int]
    for_offence: list[int]
    caution_share: list[list[Row]]
    caution_alone: list[list[Row]]
    disposal_cumulative: list[list[list[Row]]]
    diverted_cumulative: list[list[list[Row]]]
    crown_share: Row
    delay: list[int]
    remand_share: Row
    breach_rate: Row
    severity: Row
    offences_mean: Row
    custody_days: list[list[int]]
    offence_cumulative: list[Row]
    release_point: Row
    recall_rate: Row
    home_entry: list[Row]
    home_rate: list[list[Row]]
    home_ratio: Row
    legal_ratio: Row
    status_day: list[Row]
    homeless_day: Row
    reoffence_cost: list[Row]
    further_cost: list[Row]
    caution_cost: Row
    breach_cost: Row
    conviction_cost: list[Row]
    disposal_cost: list[Row]
    curfew_day: Row


def regime_of(tables: Tables, *, regime: int) -> Regime:
    """Return the tables of one regime."""
    return Regime(**{name: _plain(getattr(tables, name)[regime]) for name in Regime._fields})


def _plain(table: Any) -> Any:
    """Return numbers as Python's own, and a record as its fields by name."""
    names = table.dtype.names
    if names is None:
        return table.tolist()
    if table.ndim:
        return [_plain(row) for row in table]
    return SimpleNamespace(**dict(zip(names, table.item(), strict=True)))


def chosen(cumulative: Sequence[float], *, u: float) -> int:
    """Return the first place whose cumulative share exceeds `u`, or the last if none does."""
    for place, share in enumerate(cumulative):
        if u < share:
            return place
    return len(cumulative) - 1


def members(mask: int) -> list[int]:
    """Return the numbers of the services in a bit mask, in order of id."""
    return [service for service in range(mask.bit_length()) if mask >> service & 1]
