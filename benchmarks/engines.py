"""The rivals under one signature: so many replications of a model, figures with their errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

import pathsim as ps

from .agreed import M2, M2U, Answer, allowance, for_few
from .peers import c_m2, heapq_m2, numpy_m2u, simpy_m2

if TYPE_CHECKING:
    import pandas as pd

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


def by_file(path: Path, *, replications: int, seed: int) -> pd.DataFrame:
    """Run a scenario file through the public API, on one worker; return its table."""
    scenario = ps.load(path)
    return ps.run(scenario, replications=replications, seed=seed, workers=1).table(group="all")


def pathsim(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the model's scenario file."""
    table = by_file(SCENARIOS / f"{model}.toml", replications=replications, seed=seed)
    rows = table.set_index("outcome")[["mean", "se"]]
    return {
        name: Figure(float(mean), float(se))
        for name, mean, se in rows.itertuples(name=None)
        if name in AGREED[model]
    }


def simpy(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the SimPy script; replication r has the seed `seed` + r."""
    unlimited = model == "m2u"
    outcomes = [simpy_m2.replicate(seed=seed + r, unlimited=unlimited) for r in range(replications)]
    return figures_of(model, outcomes)


def simpy_first(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the SimPy script with the end of the year as an event for everybody."""
    unlimited = model == "m2u"
    outcomes = [
        simpy_m2.replicate(seed=seed + r, unlimited=unlimited, ends_for_all=True)
        for r in range(replications)
    ]
    return figures_of(model, outcomes)


def heapq(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the script of plain Python; replication r has the seed `seed` + r."""
    unlimited = model == "m2u"
    outcomes = [heapq_m2.replicate(seed=seed + r, unlimited=unlimited) for r in range(replications)]
    return figures_of(model, outcomes)


def by_rounds(model: Model, *, replications: int, seed: int) -> Figures:
    """Run NumPy by event rounds, which has no queues and so no M2."""
    if model != "m2u":
        raise ValueError(f"event rounds cannot do {model}: people wait for one another")
    return figures_of(model, numpy_m2u.replications(replications, seed=seed))


def compiled_c(model: Model, *, replications: int, seed: int) -> Figures:
    """Run the reference in C."""
    rows = c_m2.replications(replications, seed=seed, unlimited=model == "m2u")
    return {
        name: summarise(column)
        for name, column in zip(c_m2.FIGURES, rows.T.tolist(), strict=True)
        if name in AGREED[model]
    }


def figures_of(model: Model, outcomes: Sequence[dict[str, float]]) -> Figures:
    """Return the agreed figures of one dictionary of outcomes a replication."""
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


ENGINES: Final[dict[str, Engine]] = {
    "pathsim": pathsim,
    "c": compiled_c,
    "numpy": by_rounds,
    "heapq": heapq,
    "simpy": simpy,
    "simpy-first": simpy_first,
}
