"""A published decision, written anew: a chemotherapy with fewer side effects, at a higher price.

The model of A. Heath, N. Kunst and C. Jackson (editors), Value of Information for Healthcare
Decision-Making (CRC Press, 2024): weeks at home, in hospital, recovered or dead for those who have
side effects; a year of health for those who have none; then years with a constant hazard. Utilities
and costs are of a year, so weeks are divided by 52. Inputs are drawn from what is known of each.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import beta, gamma, norm, qmc

WEEKS = 52
WORTH = 20_000.0
"""Of a quality-adjusted life year, in pounds."""
PRICES = (120.0, 1975.0)
LONG_TERM = (2.0, 40.0)
"""Years after treatment between which the long term lies."""

# From 4 million draws of this model; for two or more inputs by nested simulation. In pounds.
TRUTH = {
    "log_odds_ratio": 328.21,
    "u_home": 103.23,
    "p_died": 47.50,
    "rate": 34.52,
    "c_hospital": 0.0,
    "side effects": 330.45,
    "utilities": 107.07,
    "transitions": 63.79,
}
TRUE_EVPI = 364.71
GROUPS = {
    "log_odds_ratio": ["log_odds_ratio"],
    "u_home": ["u_home"],
    "p_died": ["p_died"],
    "rate": ["rate"],
    "c_hospital": ["c_hospital"],
    "side effects": ["p_side_effects", "log_odds_ratio"],
    "utilities": ["u_recovery", "u_home", "u_hospital"],
    "transitions": ["p_hospital", "p_died", "recover_home", "recover_hospital"],
}


def inputs(draws: int, *, seed: int) -> pd.DataFrame:
    """Return what is known, as scrambled Sobol points."""
    u = iter(qmc.Sobol(13, seed=seed).random(draws).T)
    return pd.DataFrame(
        {
            # Of 111 patients 52 had side effects; of these 43 were in hospital; of these 8 died.
            "p_side_effects": beta.ppf(next(u), 53, 60),
            "log_odds_ratio": np.log(0.54) + 0.3 * norm.ppf(next(u)),
            "p_hospital": beta.ppf(next(u), 44, 10),
            "p_died": beta.ppf(next(u), 9, 36),
            "recover_home": _beta(next(u), 0.21, 0.03),
            "recover_hospital": _beta(next(u), 0.03, 0.0065),
            "c_home": _lognormal(next(u), 830.0, 150**0.5),
            "c_hospital": _lognormal(next(u), 2400.0, 1880**0.5),
            "c_death": _lognormal(next(u), 1710.0, 760**0.5),
            "u_recovery": _beta(next(u), 0.98, 0.0008**0.5),
            "u_home": _beta(next(u), 0.7, 0.02**0.5),
            "u_hospital": _beta(next(u), 0.3, 0.03**0.5),
            "rate": gamma.ppf(next(u), 0.0475**2 / 0.001, scale=0.001 / 0.0475),
        }
    )


def net_benefit(known: pd.DataFrame) -> np.ndarray:
    """Return pounds for the usual treatment and for the new one, [D, 2]."""
    odds = known.p_side_effects / (1 - known.p_side_effects) * np.exp(known.log_odds_ratio)
    dead, health, cost = _year_of_side_effects(known)
    start, end = LONG_TERM
    later = (np.exp(-start * known.rate) - np.exp(-end * known.rate)) / known.rate
    options = []
    for share, price in zip((known.p_side_effects, odds / (1 + odds)), PRICES, strict=True):
        alive = 1 - share * dead
        healthy = (1 - share) * known.u_recovery * (WEEKS + 1) / WEEKS
        years = share * health + healthy + alive * later * known.u_home
        dying = alive * -np.expm1(-(end - start) * known.rate) * known.c_death
        options.append(WORTH * years - (price + share * cost + dying))
    return np.column_stack(options)


def _year_of_side_effects(known: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return, of one with side effects, the chance to be dead, healthy years, and the cost."""
    to_hospital = -np.expm1(np.log1p(-known.p_hospital) / WEEKS)
    to_death = -np.expm1(np.log1p(-known.p_died) / WEEKS)
    to_later_death = -np.expm1(-known.rate / WEEKS)
    home, hospital, recovered, dead = (
        pd.Series(each, known.index) for each in (1.0, 0.0, 0.0, 0.0)
    )
    health = known.u_home * home
    cost = known.c_home * home
    for _ in range(WEEKS):
        stay_home, stay_in = home * (1 - to_hospital), hospital * (1 - to_death)
        dead = dead + hospital * to_death + recovered * to_later_death
        recovered = (
            recovered * (1 - to_later_death)
            + stay_home * known.recover_home
            + stay_in * known.recover_hospital
        )
        hospital = stay_in * (1 - known.recover_hospital) + home * to_hospital
        home = stay_home * (1 - known.recover_home)
        health = health + known.u_home * home + known.u_hospital * hospital
        health = health + known.u_recovery * recovered
        cost = cost + known.c_home * home + known.c_hospital * hospital
    return dead, health / WEEKS, (cost + known.c_death * dead) / WEEKS


def _beta(u: np.ndarray, mean: float, sd: float) -> np.ndarray:
    size = mean * (1 - mean) / sd**2 - 1
    return beta.ppf(u, mean * size, (1 - mean) * size)


def _lognormal(u: np.ndarray, mean: float, sd: float) -> np.ndarray:
    variance = np.log1p((sd / mean) ** 2)
    return mean * np.exp(np.sqrt(variance) * norm.ppf(u) - variance / 2)
