"""What an option costs or saves each payer, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import MaxNLocator

from pathsim.decision.sentence import PAYER_NAMES
from pathsim.vocabulary import PUBLIC_PURSE

from .chart import Sketch, axes_of, chart_of, headline
from .look import INK, PAPER, look
from .subject import check, check_option
from .texts import axis_pounds, named, pounds, quoted, source_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.decision.decide import Decision, OptionDecision
    from pathsim.elementary.arrays import Floats

    from .chart import Chart

_LINES: Final = 17.0
_HALF_A_POUND: Final = 0.5


def draw_cost_by_year(decision: Decision, *, option: int = 0, ax: Axes | None = None) -> Axes:
    """Draw what an option costs each public payer in each year of the appraisal.

    Bars above zero are costs, bars below zero are savings, each on the mean over the states of the
    world.

    Parameters
    ----------
    decision : Decision
        What `pathsim.decide` returns.
    option : int
        Which option, 0 the first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        In pounds at present value, so that the years add up to the whole.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=64)  # doctest: +SKIP
    >>> ps.plot.cost_by_year(ps.decide(result))  # doctest: +SKIP
    """
    check(decision, "Decision", ax)
    check_option(option, decision.options)
    return axes_of(_sketch(decision, option), ax)


def cost_by_year_chart(decision: Decision, *, option: int = 0) -> Chart:
    """Return the chart of `draw_cost_by_year` for a page."""
    return chart_of(_sketch(decision, option))


def _sketch(decision: Decision, place: int) -> Sketch:
    option = decision.options[place]
    costs = costs_of(option)
    years = len(next(iter(costs.values()))) if costs else decision.terms.years
    heads = ("year", *(PAYER_NAMES[name] for name in costs))
    rows = tuple(
        (str(year), *(pounds(round(float(each[year]))) for each in costs.values()))
        for year in range(years)
    )
    total = sum((float(each.sum()) for each in costs.values()), 0.0)
    return Sketch(
        name=f"cost-by-year-{place}",
        title=_title(option, total, decision.terms.years),
        subtitle=(
            f"Public cost by payer and year, {named(option.title)} less baseline; pounds at "
            "present value, mean over states of the world"
        ),
        source=source_of(decision.comparison.provenance),
        words=(
            f"Cost by payer and year. Over {decision.terms.years} years together: "
            + "; ".join(f"{PAYER_NAMES[name]} {pounds(float(each.sum()))}"
                        for name, each in costs.items())
            + "."
        ),
        heads=heads,
        rows=rows,
        lines=_LINES,
        draw=lambda axes: _draw(axes, costs, years),
    )  # fmt: skip


def costs_of(option: OptionDecision) -> dict[str, Floats]:
    """Return by payer what an option costs in each year; payers with nothing are left out."""
    gains = option.appraisal.gain_by_year
    return {
        name: -gains[name]
        for name in PUBLIC_PURSE
        if name in gains and abs(gains[name]).max() >= _HALF_A_POUND
    }


def _title(option: OptionDecision, total: float, years: int) -> str:
    who = quoted(option.title, "The option")
    if abs(total) < _HALF_A_POUND:
        return f"{who} changes no public cost"
    verb = "costs" if total > 0 else "saves"
    return headline(
        f"{who} {verb} public bodies {pounds(abs(total))} over {years} years",
        f"The option {verb} {pounds(abs(total))} over {years} years",
    )


def _draw(axes: Axes, costs: dict[str, Floats], years: int) -> None:
    above, below = [0.0] * years, [0.0] * years
    for place, (name, each) in enumerate(costs.items()):
        shown = look(place)
        base = [above[k] if each[k] >= 0 else below[k] for k in range(years)]
        axes.bar(
            range(years), each, bottom=base, width=0.72, label=PAYER_NAMES[name],
            color=PAPER if shown.hatch else shown.colour, edgecolor=shown.colour,
            hatch=shown.hatch, linewidth=1.0, gid=f"bars-{name}",
        )  # fmt: skip
        for k in range(years):
            side = above if each[k] >= 0 else below
            side[k] += float(each[k])
    if not costs:
        axes.set_ylim(-1.0, 1.0)
    axes.axhline(0.0, color=INK, linewidth=1)
    axes.set_xlabel("year of the appraisal")
    axes.set_ylabel("cost above zero, saving below")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(axis_pounds)
    axes.grid(axis="y")
    if costs:
        axes.figure.legend(loc="outside lower left", ncols=2)
