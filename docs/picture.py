"""Draw the README's picture: `make picture`."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt

import pathsim as ps

ROOT = Path(__file__).parent.parent
OPTIONS = (
    "suspended-sentences",
    "more-tags",
    "more-treatment",
    "more-rj",
    "housing-on-release",
    "tags-and-suspended-sentences",
)


def main() -> None:
    """Compare the Dorset options and draw their differences."""
    folder = ROOT / "scenarios" / "dorset"
    options = [ps.load(folder / f"{name}.toml") for name in OPTIONS]
    result = ps.compare(ps.load(folder / "baseline.toml"), options, replications=200, seed=1)
    figure, axes = plt.subplots(2, 1, figsize=(9, 7.6), layout="constrained")
    for place, outcome in zip(axes, ("proven_reoffending_rate", "cost_total"), strict=True):
        result.plot.difference(outcome=outcome, ax=place)
    figure.savefig(ROOT / "docs" / "dorset-options.png", dpi=100)


if __name__ == "__main__":
    main()
