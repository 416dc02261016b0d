"""Pictures. Colour never stands alone: form and words say the same."""

from __future__ import annotations

import math
import textwrap
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pathsim.outcomes.names import meaning
from pathsim.text import visible

from .words import better_words, interval_words, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.outcomes.results import Comparison, OptionResult

_HARDLY_ANY = 0.05
# Okabe and Ito's palette keeps apart under the common kinds of colour blindness.
_BETTER, _WORSE, _UNCLEAR = "#0072B2", "#D55E00", "#555555"
_DIRECTIONS = {-1: "lower is better", 0: "no direction is better", 1: "higher is better"}
_TITLE_WIDTH = 34


class _Mark(NamedTuple):
    title: str
    middle: float
    low: float
    high: float
    colour: str
    filled: bool
    words: str


def draw_difference(
    comparison: Comparison, *, outcome: str, group: str = "all", ax: Axes | None = None
) -> Axes:
    """Draw one row for each option: its paired difference with the 95% interval.

    A filled mark's interval leaves out zero, or the difference is the same in all of 59
    replications or more; a hollow one's does not.
    """
    marks = [_mark(option, outcome, group) for option in comparison.options]
    axes = _new_axes(len(marks)) if ax is None else ax
    for place, mark in enumerate(marks):
        _draw(axes, place, mark)
    what = meaning(outcome)
    unit = {"share": "percentage points", "gbp": "£", "days": "days", "number": ""}[what.unit]
    whom = "" if group == "all" else f", {group}"
    axes.axvline(0.0, color="black", linewidth=1)
    axes.set_yticks(range(len(marks)), [_fold(mark.title) for mark in marks])
    axes.set_ylim(len(marks) - 0.5, -0.5)
    axes.set_xlabel(
        "option minus baseline" + (f", {unit}" if unit else "") + f" ({_DIRECTIONS[what.better]})"
    )
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    if what.unit == "gbp":
        axes.xaxis.set_major_formatter(_pounds)
    axes.set_title(what.title + whom, loc="left", fontweight="bold")
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    return axes


def difference_svg(comparison: Comparison, *, outcome: str) -> str:
    """Return the picture as SVG text, the same for the same result."""
    with mpl.rc_context({"svg.hashsalt": outcome, "svg.fonttype": "path"}):
        figure = Figure(figsize=_size(len(comparison.options)), layout="constrained")
        draw_difference(comparison, outcome=outcome, ax=figure.add_subplot())
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def difference_words(comparison: Comparison, *, outcome: str) -> str:
    """Return in words what the picture shows, for those who cannot see it."""
    marks = [_mark(option, outcome, "all") for option in comparison.options]
    said = "; ".join(f"{mark.title}: {mark.words}" for mark in marks)
    return f"{meaning(outcome).title}, option minus baseline with 95% interval. {said}."


def _size(options: int) -> tuple[float, float]:
    return 9.0, 1.1 + 0.5 * options


def _new_axes(options: int) -> Axes:
    # pyplot, so that a notebook shows the figure at the end of its cell.
    from matplotlib import pyplot as plt

    return plt.subplots(figsize=_size(options), layout="constrained")[1]


def _mark(option: OptionResult, outcome: str, group: str) -> _Mark:
    row = option.rows.index((outcome, group))
    number = {name: float(column[row]) for name, column in option.columns().items()}
    what = meaning(outcome)
    low, middle, high = (number[name] for name in ("low", "difference", "high"))
    written = style(what.unit, number["baseline"], low, middle, high)
    # The same in so many replications that hardly any would say otherwise is clear too.
    alike = middle != 0 and number["differs_at_most"] <= _HARDLY_ANY
    clear = low > 0 or high < 0 or alike
    side = math.copysign(1, middle) * what.better
    colour = (_BETTER if side > 0 else _WORSE) if clear and what.better else _UNCLEAR
    words = f"{written.difference(middle)} ({interval_words(number, written)})"
    better = better_words(number)
    words += f", {better}" if better else ""
    # pounds are drawn as pounds: the axis has its own thousands
    scale = 100.0 if what.unit == "share" else 1.0
    return _Mark(
        option.request.title,
        middle * scale,
        low * scale,
        high * scale,
        colour,
        clear,
        words,
    )


def _draw(axes: Axes, place: int, mark: _Mark) -> None:
    if math.isfinite(mark.middle):
        axes.plot([mark.low, mark.high], [place, place], color=mark.colour, linewidth=2)
        face = mark.colour if mark.filled else "white"
        axes.plot(
            mark.middle, place, "o", markersize=8, color=mark.colour,
            markerfacecolor=face, markeredgewidth=1.5,
        )  # fmt: skip
    axes.annotate(
        mark.words, (1.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=9
    )


def _pounds(amount: float, _position: float = 0.0) -> str:
    sign = "-" if amount < 0 else ""
    thousands = abs(amount) >= 10_000
    return f"{sign}£{abs(amount) / 1000:,.0f}k" if thousands else f"{sign}£{abs(amount):,.0f}"


def _fold(title: str) -> str:
    """Break a long title into lines; `$` would start a formula."""
    return "\n".join(textwrap.wrap(visible(title), _TITLE_WIDTH)).replace("$", r"\$")
