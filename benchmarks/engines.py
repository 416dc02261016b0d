"""The rivals under one signature: so many replications of a model, figures with their errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np

import pathsim as ps

from .agreed import M2, M2U, Answer, allowance, for_few
from .peers import simpy_m2

__all__ = ["AGREED", "ENGINES", "Figure", "Model", "for_few", "misses", "pathsim", "simpy"]

Model = Literal["m2", "m2u"]
SCENARIOS: Final = Path(__file__).parent / "scenarios"
AGREED: Final[dict[Model, dict[str, Answer]]] = {"m2": M2, "m2u": M2U}


class Figure(NamedTuple):
    """The mean over replications and its standard error."""

    mean: float
    se: float


Figures = dict[str, Figure]
Engine = Callable[..., Figures]


def pathsim(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the model's scenario file through the public API, on one worker."""
    scenario = ps.load(SCENARIOS / f"{model}.toml")
    table = ps.run(scenario, replications=replications, seed=seed, workers=1).table(group="all")
    rows = table.set_index("outcome")[["mean", "se"]]
    return {
        name: Figure(float(mean), float(se))
        for name, mean, se in rows.itertuples(name=None)
        if name in AGREED[model]
    }


def simpy(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the SimPy script; replication r has the seed `seed` + r."""
    outcomes = [
        simpy_m2.replicate(seed=seed + number, unlimited=model == "m2u")
        for number in range(replications)
    ]
    return {name: summarise([each[name] for each in outcomes]) for name in AGREED[model]}


def summarise(values: list[float]) -> Figure:
    """Return the mean of independent values and its standard error; nan for a single value."""
    se = np.std(values, ddof=1) / len(values) ** 0.5 if len(values) > 1 else np.nan
    return Figure(float(np.mean(values)), float(se))


def misses(model: Model, figures: Figures, *, multiple: float) -> list[str]:
    """Return the figures that are further from the agreed answer than their errors allow.

    multiple: of the combined standard error.
    """
    found = []
    for name, answer in AGREED[model].items():
        mean, se = figures[name]
        # Written so that nan is a miss.
        if not abs(mean - answer.mean) <= allowance(answer, se=se, multiple=multiple):
            found.append(f"{name}: {mean:.6g} (se {se:.2g}), agreed {answer.mean:.6g}")
    return found


ENGINES: Final[dict[str, Engine]] = {"pathsim": pathsim, "simpy": simpy}
