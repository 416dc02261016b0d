"""The best mix by what may be spent, beside all mixes that were simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.decision.portfolio.evaluate import NPSV
from pathsim.outcomes.names import meaning
from pathsim.text import visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK, PAPER, QUIET
from .subject import check
from .texts import axis_pounds, pounds, quoted, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from pathsim.decision.portfolio.result import Portfolio

    from .chart import Chart

_LINES: Final = 18.0


def draw_frontier(portfolio: Portfolio, *, ax: Axes | None = None) -> Axes:
    """Draw what mixes are worth by what they spend a year; steps join the best at each budget.

    Numbers are the steps of the table; a bar is a step's 95% interval, a cross the pick.

    Parameters
    ----------
    portfolio : Portfolio
        What `pathsim.portfolio` returns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Pounds a year beyond the baseline, and worth in the unit of what is maximised.

    Examples
    --------
    >>> import pathsim as ps
    >>> found = ps.portfolio("dorset/baseline", {"services.gps_tag.capacity": [18, 36]},
    ...                      budget=100_000, draws=32)  # doctest: +SKIP
    >>> ps.plot.frontier(found)  # doctest: +SKIP
    """
    check(portfolio, "Portfolio", ax)
    return axes_of(_sketch(portfolio), ax)


def frontier_chart(portfolio: Portfolio) -> Chart:
    """Return the chart of `draw_frontier` for a page."""
    return chart_of(_sketch(portfolio))


def _sketch(portfolio: Portfolio) -> Sketch:
    steps = portfolio.frontier.to_dict(orient="records")
    told = _writer(portfolio)
    net = portfolio.maximised == NPSV
    worth = f"net present social value over {portfolio.years} years" if net else (
        f"improvement in {meaning(portfolio.maximised).title}"
    )  # fmt: skip
    rows = tuple(
        (
            str(k), pounds(round(step["budget"])), visible(str(step["mix"])), told(step["worth"]),
            f"{told(step['low'])} to {told(step['high'])}",
        )
        for k, step in enumerate(steps, 1)
    )  # fmt: skip
    return Sketch(
        name="frontier",
        title=_title(portfolio, told),
        subtitle=(
            f"Worth beyond the baseline ({worth}) by yearly spend beyond it, mixes within "
            f"{pounds(portfolio.budget)} a year"
        ),
        source=source_of(portfolio.provenance),
        words="Steps of the best mix. " + "; ".join(f"{row[1]}: {row[3]}" for row in rows) + ".",
        heads=("step", "spend a year from", "mix", "worth", "95% interval"),
        rows=rows,
        lines=_LINES,
        draw=lambda axes: _draw(axes, portfolio, told),
    )


def _writer(portfolio: Portfolio) -> Callable[..., str]:
    if portfolio.maximised == NPSV:
        return lambda number, _position=0: pounds(float(f"{number:.3g}"))
    return lambda number, _position=0: f"{number:,.3g}"


def _title(portfolio: Portfolio, told: Callable[..., str]) -> str:
    pick = portfolio.pick
    if not any(portfolio.found.pick):
        return "No mix is expected to beat the baseline"
    return headline(
        f"{quoted(pick.mix, 'One mix')} is worth most: {told(pick.worth.mean)}",
        f"The best mix is worth {told(pick.worth.mean)}",
    )


def _draw(axes: Axes, portfolio: Portfolio, told: Callable[..., str]) -> None:
    mixes, steps = portfolio.mixes, portfolio.frontier
    axes.plot(
        mixes["spend"], mixes["worth"], "o", color=QUIET, markerfacecolor=PAPER, markersize=5,
        linestyle="none", label="a mix", gid="mixes",
    )  # fmt: skip
    axes.step(steps["budget"], steps["worth"], where="post", color=BETTER, linewidth=1.8,
              label="the best at each budget", gid="steps")  # fmt: skip
    wide = [steps["worth"] - steps["low"], steps["high"] - steps["worth"]]
    axes.errorbar(steps["budget"], steps["worth"], yerr=wide, fmt="s", color=BETTER, markersize=6,
                  capsize=3, linewidth=1.2, label="a step, 95% interval", gid="best")  # fmt: skip
    for k, step in enumerate(steps.to_dict(orient="records"), 1):
        axes.annotate(str(k), (step["budget"], step["worth"]), (6, 4), textcoords="offset points",
                      fontweight="bold", gid="step")  # fmt: skip
    pick = portfolio.pick
    axes.plot([pick.spend], [pick.worth.mean], "x", color=INK, markersize=12, markeredgewidth=2,
              linestyle="none", label="the pick", gid="pick")  # fmt: skip
    axes.axhline(0.0, color=INK, linewidth=1)
    axes.margins(0.07)
    axes.set_xlabel("spend a year beyond the baseline")
    axes.set_ylabel("worth beyond the baseline")
    axes.xaxis.set_major_formatter(axis_pounds)
    axes.yaxis.set_major_formatter(told)
    axes.grid()
    axes.figure.legend(loc="outside lower left", ncols=2)
