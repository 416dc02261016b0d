"""Made-up decisions, as draws of inputs and net benefit, and how near an answer is to be."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.stats import norm, qmc

ERRORS = 3.0
"""Standard errors within which an estimate lies of a known answer."""
ROUNDING = 1e-9
QUICK = {"shuffles": 19, "resamples": 40}
DRAWS = 1024


def normals(columns, *, draws=DRAWS, seed=1):
    return norm.ppf(qmc.Sobol(columns, seed=seed).random(draws))


def against_nothing(difference):
    return np.column_stack([np.zeros(len(difference)), difference])


MODELS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**20),
        "options": st.integers(1, 3),
        "noise": st.sampled_from([0.0, 0.5, 2.0]),
        "curved": st.booleans(),
        "unit": st.sampled_from([1e-3, 1.0, 1e6]),
    }
)


def made(model):
    """Return net benefit and inputs of a made-up decision; the last input is not read."""
    rng = np.random.default_rng(model["seed"])
    points = rng.normal(size=(64, 4))
    slopes = rng.normal(size=(3, model["options"]))
    read = points[:, :3] ** 2 - 1 if model["curved"] else points[:, :3]
    difference = read @ slopes + model["noise"] * rng.normal(size=(64, model["options"]))
    return model["unit"] * against_nothing(difference), pd.DataFrame(points, columns=list("abcx"))
