"""A table of made-up people, and what happened to them, for tests."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

import pathsim as ps
from pathsim.vocabulary import NEEDS

CANARY = "canary-7351"
"""Begins every id: what must be seen nowhere."""


def made_table(people: int, *, seed: int = 1) -> pd.DataFrame:
    """Return a table of people of whom the risk and the record go together."""
    rng = np.random.default_rng(seed)
    risk = np.round(rng.beta(2.0, 3.0, people) * 95 + 1, 1)
    return pd.DataFrame(
        {
            "id": [f"{CANARY}-{number}" for number in range(people)],
            "age": rng.integers(18, 60, people),
            "sex": rng.choice(["male", "female"], people, p=[0.8, 0.2]),
            "ethnicity": rng.choice(["white", "black", "other"], people, p=[0.8, 0.15, 0.05]),
            "offence_group": rng.choice(["violence", "theft", "drugs"], people),
            "previous_offences": rng.poisson(risk / 10),
            "disposal": rng.choice(["fine", "community_order", "custody"], people),
            "sentence_days": np.nan,
            "risk_two_year_percent": risk,
            **{f"need_{need}": rng.uniform(size=people) < 0.3 for need in NEEDS},
            "domestic_abuse": rng.uniform(size=people) < 0.1,
        }
    ).assign(sentence_days=lambda table: np.where(table["disposal"] == "custody", 120.0, np.nan))


def cohort_of(table: pd.DataFrame) -> ps.Cohort:
    """Return the cohort, without the warnings of what is assumed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.InputWarning)
        return ps.Cohort.from_frame(table)


def made_outcomes(table: pd.DataFrame, *, seed: int = 2, until: float = 400.0) -> pd.DataFrame:
    """Return days to the first reoffence, by a hazard of the risk, and how long all were seen."""
    rng = np.random.default_rng(seed)
    rate = -np.log(1.0 - table["risk_two_year_percent"] / 100.0) / 730.5
    days = np.ceil(rng.exponential(1.0 / rate))
    return pd.DataFrame(
        {"id": table["id"], "days": np.where(days <= until, days, np.nan), "followed_days": until}
    )
