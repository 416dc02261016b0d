"""How likely each option is the best, by what a reoffence avoided is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import PercentFormatter

from pathsim.text import visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import INK, QUIET, look
from .subject import check
from .texts import axis_pounds, folded, named, pounds, quoted, source_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.decision.acceptability import Acceptability
    from pathsim.decision.decide import Decision

    from .chart import Chart

_LINES: Final = 17.0


def draw_acceptability(decision: Decision, *, ax: Axes | None = None) -> Axes:
    """Draw the chance that each option is the best, by what a reoffence avoided may cost.

    Crosses mark the option whose mean net benefit is best: the one to take.

    Parameters
    ----------
    decision : Decision
        What `pathsim.decide` returns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Pounds a reoffence avoided, and chances.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=64)  # doctest: +SKIP
    >>> ps.plot.acceptability(ps.decide(result))  # doctest: +SKIP
    """
    check(decision, "Decision", ax)
    return axes_of(_sketch(decision), ax)


def acceptability_chart(decision: Decision) -> Chart:
    """Return the chart of `draw_acceptability` for a page."""
    return chart_of(_sketch(decision))


def _sketch(decision: Decision) -> Sketch:
    found = decision.frontier
    base = visible(decision.comparison.baseline.request.title)
    titles = [f"Baseline: {base}", *(option.title for option in decision.options)]
    rows = tuple(
        (
            pounds(float(threshold)),
            *(f"{share:.0%}" for share in found.probability_best[k]),
            visible(titles[found.best[k]]),
        )
        for k, threshold in enumerate(found.thresholds)
    )
    return Sketch(
        name="acceptability",
        title=_title(titles, found),
        subtitle=(
            "Chance that each is the best, by what the public purse would pay for a proven "
            f"reoffence avoided; {named(base)}, {decision.terms.years} years"
        ),
        source=source_of(decision.comparison.provenance),
        words=f"{_title(titles, found)}. At {rows[0][0]} the one to take is {rows[0][-1]}; at "
        f"{rows[-1][0]} it is {rows[-1][-1]}.",
        heads=("a reoffence avoided is worth", *map(visible, titles), "the one to take"),
        rows=rows,
        lines=_LINES + 1.2 * len(titles),
        draw=lambda axes: _draw(axes, titles, found),
    )


def _title(titles: list[str], found: Acceptability) -> str:
    first, last = int(found.best[0]), int(found.best[-1])
    whose = [quoted(title, f"Option {k}") if k else "The baseline"
             for k, title in enumerate(titles)]  # fmt: skip
    if len(set(found.best.tolist())) == 1:
        return headline(f"{whose[first]} is best at every price", "One is best at every price")
    turn = next(k for k, best in enumerate(found.best) if best == last)
    price = pounds(float(found.thresholds[turn]))
    return headline(
        f"{whose[last]} is best from {price} a reoffence",
        f"The best option changes at {price} a reoffence",
    )


def _draw(axes: Axes, titles: list[str], found: Acceptability) -> None:
    for k, title in enumerate(titles):
        shown = look(k)
        axes.plot(
            found.thresholds, found.probability_best[:, k], linestyle=shown.dash,
            color=shown.colour, marker=shown.mark, markersize=5, linewidth=1.6,
            label="\n".join(folded(title, 60)), gid=f"chance-{k}",
        )  # fmt: skip
    axes.plot(
        found.thresholds, found.frontier, "x", color=INK, markersize=9, linestyle="none",
        label="the one to take", gid="frontier",
    )  # fmt: skip
    axes.axhline(0.5, color=QUIET, linewidth=0.8)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel("what a proven reoffence avoided is worth")
    axes.set_ylabel("chance to be the best")
    axes.xaxis.set_major_formatter(axis_pounds)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y")
    axes.figure.legend(loc="outside lower left", ncols=1)
