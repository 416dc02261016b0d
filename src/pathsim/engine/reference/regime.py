"""The tables of one regime as plain Python values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pathsim.engine.contract import Tables


class Rules(NamedTuple):
    """The fields of `contract.RULES`, in their order."""

    from_day: float
    follow_up: float
    waiting: float
    intake: float
    index_at_release: int
    frailty_sigma: float
    floor: float
    same_group: float
    proof: float
    presumption_max_days: float
    presumption_share: float
    presumption_ratio: float
    presumption_days: float
    fixed_term_share: float
    fixed_term_short: float
    fixed_term_long: float
    standard_recall: int
    community_order_days: int
    suspended_sentence_days: int
    curfew_share: float
    curfew_min: float
    curfew_max: float
    curfew_days: float
    pre_release_days: float
    supervision_days: float
    supervision_below: float
    breach_custody: float
    breach_days: int
    activation: float


class Service(NamedTuple):
    """The fields of `contract.SERVICE`, in their order."""

    key: int
    pool: int
    ends_on: int
    requires: int
    referral: float
    take_up: float
    patience: int
    duration: int
    drop_out: float
    ratio: float
    after_ratio: float
    after: int
    houses: int
    exit_settled: float
    custody_ratio: float
    payer: int
    per_referral: float
    per_start: float
    per_day: float
    per_completion: float


Row = list[float]


class Regime(NamedTuple):
    """Everything that decisions on one side of `from_day` go by; axes as in the contract."""

    rules: Rules
    services: list[Service]
    pool_capacity: list[int]
    pool_by_risk: list[int]
    pool_review: Row
    on_disposal: list[int]
    on_release: int
    on_reoffence: int
    on_homeless: int
    on_pre_release: int
    on_start: list[int]
    caution_share: list[list[Row]]
    disposal_cumulative: list[list[list[Row]]]
    crown_share: Row
    delay: list[int]
    remand_share: Row
    breach_rate: Row
    severity: Row
    custody_days: list[list[int]]
    offence_cumulative: list[Row]
    release_point: Row
    recall_rate: Row
    home_entry: list[Row]
    home_rate: list[Row]
    home_ratio: Row
    legal_ratio: Row
    status_day: list[Row]
    homeless_day: Row
    reoffence_cost: list[Row]
    caution_cost: Row
    breach_cost: Row
    conviction_cost: list[Row]


def regime_of(tables: Tables, *, regime: int) -> Regime:
    """Return the tables of regime 0 (before `from_day`) or 1."""
    lists = {name: getattr(tables, name)[regime].tolist() for name in Regime._fields[2:]}
    return Regime(
        rules=Rules(*tables.rules[regime].item()),
        services=[Service(*row.item()) for row in tables.services[regime]],
        **lists,
    )


def chosen(cumulative: Sequence[float], *, u: float) -> int:
    """Return the first place whose cumulative share exceeds `u`, or the last if none does."""
    for place, share in enumerate(cumulative):
        if u < share:
            return place
    return len(cumulative) - 1


def members(mask: int) -> list[int]:
    """Return the numbers of the services in a bit mask, in order of id."""
    return [service for service in range(mask.bit_length()) if mask >> service & 1]
