"""Draw the README's picture: `make picture`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

import pathsim as ps

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison

ROOT = Path(__file__).parent.parent
OPTIONS = (
    "suspended-sentences",
    "more-tags",
    "more-treatment",
    "more-rj",
    "housing-on-release",
    "tags-and-suspended-sentences",
)


DRAWS = 128
OUTCOMES = ("proven_reoffending_rate", "cost_public")
PICTURE = ROOT / "docs" / "dorset-options.png"
FIGURES = "pathsim figures"
"""Under this name the picture holds the figures that it shows, by outcome and option."""


def main() -> None:
    """Compare the Dorset options and draw their differences."""
    folder = ROOT / "scenarios" / "dorset"
    options = [ps.load(folder / f"{name}.toml") for name in OPTIONS]
    result = ps.compare(ps.load(folder / "baseline.toml"), options, draws=DRAWS, seed=1)
    figure, axes = plt.subplots(2, 1, figsize=(9, 7.6), layout="constrained")
    for place, outcome in zip(axes, OUTCOMES, strict=True):
        result.plot.difference(outcome=outcome, ax=place)
    held = {FIGURES: json.dumps(figures(result)), "Software": f"pathsim {ps.__version__}"}
    figure.savefig(PICTURE, dpi=100, metadata=held)


def figures(result: Comparison) -> dict[str, dict[str, list[float]]]:
    """Return difference, low and high of each outcome drawn, by option, to six figures."""
    table = result.table(group="all").set_index(["outcome", "option"])
    columns = ["difference", "low", "high"]
    return {
        outcome: {
            str(option): [float(f"{number:.6g}") for number in row]
            for option, row in zip(
                table.loc[outcome].index, table.loc[outcome][columns].to_numpy(), strict=True
            )
        }
        for outcome in OUTCOMES
    }


if __name__ == "__main__":
    main()
