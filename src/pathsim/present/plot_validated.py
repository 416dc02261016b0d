"""The picture of a validation: tenths against the line of being right, and curves."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from pathsim.decision.validated import TITLES
from pathsim.outcomes.validation.judged import ALL

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.decision.validated import Validation


class _Look(NamedTuple):
    colour: str
    mark: str
    line: str


# Okabe and Ito's palette; marks and dashes say the same without colour.
_LOOKS: Final = dict(
    zip(TITLES, (_Look("#0072B2", "o", "-"), _Look("#D55E00", "s", "--")), strict=True)
)
_SEEN: Final = "#222222"
_FULL: Final = 1.0


def validation_figure(found: Validation) -> Figure:
    """Return the picture: on the left by tenth, on the right when people reoffend."""
    figure = Figure(figsize=(10.0, 4.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_tenths(left, found.tenths[found.tenths["group"] == ALL])
    _draw_curves(right, found.survival[found.survival["group"] == ALL], found.within_days)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.yaxis.set_major_formatter(PercentFormatter(_FULL, decimals=0))
    return figure


def validation_svg(found: Validation) -> str:
    """Return the picture as SVG text, the same for the same result."""
    with mpl.rc_context({"svg.hashsalt": "validation", "svg.fonttype": "path"}):
        text = StringIO()
        validation_figure(found).savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def write_png(found: Validation, path: Path) -> None:
    """Write the picture as PNG."""
    validation_figure(found).savefig(path, format="png", dpi=110)


def _draw_tenths(axes: Axes, tenths: pd.DataFrame) -> None:
    top = max([0.1, *tenths["high"], *tenths["predicted"]]) * 1.05
    axes.plot([0.0, top], [0.0, top], color="#888888", linewidth=1, label="as foretold")
    for name, look in _LOOKS.items():
        rows = tenths[tenths["prediction"] == name]
        if not len(rows):
            continue
        wide = (rows["observed"] - rows["low"], rows["high"] - rows["observed"])
        axes.errorbar(
            rows["predicted"],
            rows["observed"],
            yerr=wide,
            fmt=look.mark,
            color=look.colour,
            markersize=6,
            linewidth=1.4,
            capsize=2,
            label=f"{TITLES[name]}, 95% interval",
        )
    axes.set(xlim=(0.0, top), ylim=(0.0, top), xlabel="foretold", ylabel="reoffended")
    axes.xaxis.set_major_formatter(PercentFormatter(_FULL, decimals=0))
    axes.set_title("Observed against foretold, by tenth", loc="left", fontweight="bold")
    axes.legend(frameon=False, loc="upper left")


def _draw_curves(axes: Axes, curves: pd.DataFrame, days: float) -> None:
    axes.set_title("Have not reoffended by the day", loc="left", fontweight="bold")
    axes.set(xlim=(0.0, days * 1.02), xlabel="days from the index date")
    if not len(curves):
        axes.text(0.5, 0.5, "no days were given", transform=axes.transAxes, ha="center")
        return
    for name, look in _LOOKS.items():
        rows = curves[curves["prediction"] == name]
        axes.plot(
            [0.0, *rows["day"]],
            [_FULL, *rows["predicted"]],
            look.line,
            color=look.colour,
            linewidth=1.8,
            label=TITLES[name],
        )
    seen = curves.dropna(subset="observed").drop_duplicates("day")
    wide = (seen["observed"] - seen["low"], seen["high"] - seen["observed"])
    axes.errorbar(
        seen["day"],
        seen["observed"],
        yerr=wide,
        fmt="D",
        color=_SEEN,
        markersize=4,
        linewidth=1.2,
        capsize=2,
        label="seen (Kaplan-Meier), 95% interval",
    )
    axes.set_ylim(max(0.0, min([*curves["predicted"], *seen["low"]]) - 0.05), 1.01)
    axes.legend(frameon=False, loc="lower left")
