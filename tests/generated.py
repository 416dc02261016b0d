"""Scenarios drawn at random, to hold the two engines against each other.

Everything that can meet is made to meet. In half of the scenarios every time is a multiple of ten
days, so that events fall on the same instant: starts, ends, reviews, the day of an option.
Capacities are small or 0, pools are shared, services require and trigger one another. An option
may take effect half-way, and change one key or all of them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from generated_hazard import add_moves, add_to_hazard
from generated_options import with_option
from generated_services import (
    act_by_offence,
    drawn_services,
    follow,
    limit_queues,
    look_at_offences,
    spare,
)
from pathsim.scenario.model import Scenario
from pathsim.vocabulary import DISPOSALS, NEEDS, OFFENCE_GROUPS, PAYERS, SEXES

_SOURCE = {"source": "drawn for a test", "grade": "definition"}
_REOFFENDING = ("community_order", "suspended_sentence", "custody", "fine", "caution")


class Draws:
    """Random parts of a scenario, from one seed; `tied`: all times are multiples of ten days."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.tied = self.chance(0.5)
        self.further = np.random.default_rng([seed, 1])
        self.court = np.random.default_rng([seed, 5])
        self.offences = np.random.default_rng([seed, 7])
        self.acting = np.random.default_rng([seed, 8])
        self.prices = np.random.default_rng([seed, 6])

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def pick(self, *options: Any) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def maybe(self, p: float, *options: Any) -> Any:
        """Return one of the options with chance p, else None, by numbers of a stream apart.

        So what came later leaves the rest of each scenario as it was.
        """
        if self.further.random() >= p:
            return None
        return options[int(self.further.integers(len(options)))]

    def price(self, costs: dict[str, Any]) -> None:
        """Give disposals in court and days on curfew a price in some scenarios."""
        if self.prices.random() < 0.5:
            pounds = np.round(self.prices.uniform(0, 200, 4), 2).tolist()
            costs["disposal_gbp"] = {"custody": {"hmpps": pounds[0]}, "fine": {"police": pounds[1]}}
            costs["curfew_day_gbp"] = {"hmpps": pounds[2], "society": pounds[3]}

    def some(self, options: tuple[str, ...], p: float) -> list[str]:
        return [option for option in options if self.chance(p)]

    def share(self) -> float:
        return self.pick(0.0, 1.0, round(float(self.rng.random()), 3))

    def day(self, *others: float) -> float:
        """A time that ties with others; in a scenario without ties it may be another one."""
        return float(self.pick(0, 10, 20, 30) if self.tied else self.pick(*others))

    def days(self, scale: float = 50.0) -> dict[str, Any]:
        if self.tied:
            return {"kind": "constant", "value": float(self.pick(0, 10, 10, 20, 30, 50))}
        kind = self.pick(
            "constant", "constant", "constant", "exponential", "uniform", "triangular",
            "lognormal", "weibull", "empirical",
        )  # fmt: skip
        scale = float(self.rng.uniform(0.2, 1.5) * scale)
        parameters: dict[str, dict[str, Any]] = {
            "constant": {"value": float(10 * self.rng.integers(0, 10))},
            "exponential": {"mean": scale},
            "uniform": {"low": scale / 2, "high": scale},
            "triangular": {"low": 0.0, "mode": scale / 3, "high": scale},
            "lognormal": {"median": scale, "sigma": 0.7},
            "weibull": {"scale": scale, "shape": self.pick(0.6, 1.0, 2.0)},
            "empirical": {
                "probabilities": [0.0, 0.3, 0.3001, 1.0],
                "quantiles": [0.0, scale / 2, scale / 2, scale],
            },
        }
        return {"kind": kind, **parameters[kind]}

    def mix(self, names: tuple[str, ...]) -> dict[str, float]:
        weights = self.rng.random(len(names)) * (self.rng.random(len(names)) < 0.7)
        weights[0] += 0.01
        shares = np.round(weights / weights.sum(), 6)
        shares[0] = round(1.0 - float(shares[1:].sum()), 6)
        return {name: float(share) for name, share in zip(names, shares, strict=True)}

    def row(self) -> dict[str, Any]:
        row: dict[str, Any] = {
            "people": int(self.rng.integers(1, 12)),
            "age": int(self.pick(15, 17, 19, 30, 55)),
            "sex": self.pick(*SEXES),
            "offence_group": self.pick(*OFFENCE_GROUPS),
            "previous_offences": int(self.pick(0, 1, 5, 8, 12, 30)),
            "disposal": self.pick(*DISPOSALS, "custody", "custody", "community_order"),
            "needs": self.some(NEEDS, 0.4),
            "domestic_abuse": self.chance(0.3),
            "risk_percent": float(self.rng.integers(0, 10) * 10),
        }
        if row["disposal"] == "custody" and self.chance(0.6):
            row["sentence_days"] = float(self.pick(30, 40, 60, 100, 182.5, 365, 400, 1500))
        if self.tied or self.chance(0.5):
            row["start_day"] = float(10 * self.rng.integers(0, self.pick(1, 4, 20)))
        return row

    def amounts(self) -> dict[str, float]:
        return {
            payer: round(float(self.rng.uniform(0, 200)), 2) for payer in self.some(PAYERS, 0.3)
        }

    def system(self) -> dict[str, Any]:
        """Everything that an option may change."""
        pools = [f"p{k}" for k in range(int(self.rng.integers(0, 3)))]
        homes = ("settled", "temporary", "homeless")
        places = {
            name: {
                "capacity": int(self.pick(0, 1, 3)),
                "order": self.pick("first_come", "highest_risk"),
                "review_days": self.pick(0.0, 0.0, 10.0, 30.0),
            }
            for name in pools
        }
        services = drawn_services(self, pools)
        limit_queues(self, places)
        limit_queues(self, services)
        follow(self, services)
        system = {
            **_SOURCE,
            "pools": places,
            "services": services,
            "hazard": self.hazard(),
            "offending": {
                "same_group_share": self.share(),
                "severity": dict.fromkeys(self.some(OFFENCE_GROUPS, 0.5), 1.5),
            },
            "courts": {
                "proof_share": self.pick(1.0, 0.7),
                "crown_share": {group: self.share() for group in self.some(OFFENCE_GROUPS, 0.5)},
                "out_of_court_delay_days": self.days(),
                "magistrates_delay_days": self.days(),
                "crown_delay_days": self.days(100),
                "magistrates_remand_share": self.pick(0.0, self.share()),
                "crown_remand_share": self.share(),
            },
            "sentencing": self.sentencing(),
            "custody": self.custody(),
            "accommodation": {
                "at_disposal": self.mix(homes),
                "on_release": self.mix(homes),
                **{
                    f"{here}_to_{there}_per_day": self.pick(0.0, 0.01, 0.05)
                    for here in homes
                    for there in homes
                    if here != there
                },
            },
            "costs": {
                "custody_day_gbp": self.amounts(),
                "community_order_day_gbp": self.amounts(),
                "suspended_sentence_day_gbp": self.amounts(),
                "licence_day_gbp": self.amounts(),
                "supervision_day_gbp": self.amounts(),
                "breach_gbp": self.amounts(),
                "homeless_day_gbp": self.amounts(),
                "reoffence_gbp": {group: self.amounts() for group in OFFENCE_GROUPS},
                "caution_gbp": self.amounts(),
                "conviction_gbp": {group: self.amounts() for group in OFFENCE_GROUPS},
            },
        }
        spare(self, system)
        look_at_offences(self, services)
        act_by_offence(self, services)
        self.price(system["costs"])
        return system

    def sentencing(self) -> dict[str, Any]:
        return {
            "disposals": self.pick("pnc_2021", self.mix(_REOFFENDING)),
            "custody_days": self.pick("courts_2019", self.days(100)),
            "community_order_days": self.days(),
            "suspended_sentence_days": self.days(),
            "presumption": {
                "max_days": float(self.pick(0, 100, 365)),
                "share": self.share(),
                "hazard_ratio": self.pick(0.5, 0.87),
                "effect_days": self.day(0, 30, 365),
                "age_groups": self.pick(["adult"], ["youth"], ["adult", "youth"]),
            },
            "diversion": {"adult": self.pick(0.0, 0.5), "youth": self.pick(0.0, 0.3, 1.0)},
            "breach": {
                "community_order_per_day": self.pick(0.0, 0.01, 0.05),
                "suspended_sentence_per_day": self.pick(0.0, 0.01, 0.1),
                "custody_share": self.share(),
                "custody_days": self.days(),
            },
            "activation_share": self.pick(0.0, 0.5, 1.0),
        }

    def custody(self) -> dict[str, Any]:
        bands = ("le6m", "six_to_12m", "one_to_4y", "over_4y")
        return {
            "release_point": {band: self.pick(1.0, 0.5, 0.4) for band in bands},
            "curfew": {
                "share": self.share(),
                "min_sentence_days": self.pick(0.0, 20.0, 84.0),
                "max_sentence_days": self.pick(100.0, 1460.0),
                "max_days": self.day(0, 10, 180),
            },
            "recall": {
                **{f"{band}_per_day": self.pick(0.0, 0.02, 0.1) for band in bands},
                "fixed_term_share": self.share(),
                "fixed_term_under_12m_days": self.day(14),
                "fixed_term_12m_or_more_days": self.day(28),
                "standard_days": self.days(),
            },
            "pre_release_days": self.day(0, 10, 50),
            "supervision_days": self.pick(0.0, 30.0, 50.0, 100.0, 365.0),
            "supervision_below_days": self.pick(100.0, 730.0),
            "capacity": self.pick("unlimited", 0, 1, 3),
            "elsewhere_night_gbp": self.amounts(),
            "refill_share": self.share(),
        }

    def hazard(self) -> dict[str, Any]:
        shape = self.pick(
            {},
            {"from_days": [0.0, 30.0, 100.0], "ratios": [2.0, 1.0, 0.5]},
            {"from_days": [0.0, 20.0, 40.0], "ratios": [1.0, 0.0, 1.0]},
        )
        return {
            "score": self.pick("none", "ogrs3"),
            "adult_level": self.pick(0.0, 0.002, 0.01, 0.03),
            "youth_level": self.pick(0.005, 0.02),
            "frailty_sigma": self.pick(0.0, 1.0),
            "shape": {**shape, **_SOURCE} if shape else {},
            "temporary_ratio": self.pick(1.0, 1.2),
            "homeless_ratio": self.pick(1.0, 1.5),
            "community_order_ratio": self.pick(1.0, 0.9),
            "suspended_sentence_ratio": self.pick(1.0, 0.8),
            "licence_ratio": self.pick(1.0, 0.95),
            "supervision_ratio": self.pick(1.0, 0.9),
            "combined_floor": self.pick(0.0, 0.5),
        }


@cache
def generated(seed: int) -> Scenario:
    """Return the scenario number `seed`, drawn once: it is frozen."""
    draws = Draws(seed)
    system = draws.system()
    system["hazard"]["score"] = score = draws.pick("none", "none", "ogrs3")
    if score == "ogrs3":
        system["hazard"] |= {"adult_level": 1.5, "youth_level": 2.0}
    raw = {
        "title": f"generated {seed}",
        "cohort": {"kind": "rows", "rows": [draws.row() for _ in range(draws.pick(1, 3, 6))]},
        "follow_up": {
            "days": float(draws.pick(0, 30, 100, 100, 365, 365, 365)),
            "waiting_days": float(draws.pick(0, 0, 30, 60)),
            "intake_days": float(draws.pick(0, 50, 200)),
            "index": draws.pick("release", "disposal"),
            "generations_before": int(draws.pick(0, 0, 1, 1, 2, 3)),
            "generations_after": int(draws.pick(0, 0, 1, 2, 3)),
            "stock_windows": int(np.random.default_rng([seed, 1]).choice([0, 0, 1, 3, 8])),
        },
        **system,
    }
    if raw["follow_up"]["intake_days"] == 0.0:
        raw["follow_up"]["stock_windows"] = 0  # no windows before
    horizon = np.random.default_rng([seed, 3])
    if horizon.random() < 0.4:
        beyond = float(horizon.choice([0, 50, 200, 500]))
        raw["follow_up"]["horizon_days"] = raw["follow_up"]["days"] + beyond
        longer = float(np.random.default_rng([seed, 8]).choice([0, 0, 30, 100, 300]))
        raw["follow_up"]["memory_days"] = raw["follow_up"]["horizon_days"] + longer
        goes = raw["follow_up"]["index"] == "release" and raw["follow_up"]["intake_days"] > 0
        if goes and horizon.random() < 0.6:
            raw["follow_up"]["clocks"] = str(horizon.choice(["quarters", "quarters", "year"]))
    raw["offending"]["record_grows"] = bool(np.random.default_rng([seed, 2]).random() < 0.5)
    money = np.random.default_rng([seed, 4])
    raw["costs"]["discount_rate_percent"] = float(money.choice([0.0, 0.0, 0.01, 3.5, 60.0]))
    for key in ("offences_per_proven", "recorded_per_proven"):
        raw["costs"][key] = {group: 2.25 for group in OFFENCE_GROUPS if money.random() < 0.3}
    add_to_hazard(raw, np.random.default_rng([seed, 5]))
    add_moves(raw, np.random.default_rng([seed, 6]))
    scenario = Scenario.model_validate(raw)
    return with_option(draws, raw, scenario) if draws.chance(0.5) else scenario
