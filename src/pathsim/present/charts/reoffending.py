"""When people first reoffend, with custody as a competing event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import MultipleLocator, PercentFormatter

from pathsim.outcomes.pathways import first_events, incidence

from .chart import Sketch, axes_of, chart_of, headline
from .look import SERIES
from .of_log import source_of_log, title_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.scenario.model import Scenario

    from .chart import Chart

_LINES: Final = 17.0


def draw_reoffending(
    log: pd.DataFrame,
    *,
    scenario: Scenario | None = None,
    days: float = 365.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw what share has reoffended by each day, and what share went into custody first.

    Counted from entry, or from the first release of who enters into custody (Aalen and Johansen's
    estimate). Custody on remand, recall or breach before any reoffence is a competing event.

    Parameters
    ----------
    log : pandas.DataFrame
        Events of one replication, as `pathsim run --log` writes them.
    scenario : Scenario, optional
        Whose log it is, for the title.
    days : float
        How long people are followed.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Shares of people by days from the index date.

    Examples
    --------
    >>> import pandas as pd, pathsim as ps
    >>> ps.plot.reoffending(pd.read_csv("events.csv"))  # doctest: +SKIP
    """
    return axes_of(_sketch(log, scenario, days), ax)


def reoffending_chart(
    log: pd.DataFrame, *, scenario: Scenario | None = None, days: float = 365.0
) -> Chart:
    """Return the chart of `draw_reoffending` for a page."""
    return chart_of(_sketch(log, scenario, days))


def _sketch(log: pd.DataFrame, scenario: Scenario | None, days: float) -> Sketch:
    first = first_events(log, days=days)
    shares = incidence(first, days=days)
    rows = tuple(
        (f"{row.day:g}", f"{row.reoffended:.1%}", f"{row.custody:.1%}", f"{row.at_risk:,}")
        for row in shares.itertuples()
    )
    last = shares.iloc[-1]
    title = headline(f"{last['reoffended']:.0%} reoffend within {days:g} days")
    return Sketch(
        name="reoffending",
        title=title if len(first) else "Nobody is followed in this log",
        subtitle=(
            "Share of people by days from their first index date; custody before any "
            f"reoffence counts apart; {title_of(scenario)}, {len(first):,} people"
        ),
        source=source_of_log(log),
        words=(
            f"By day {days:g} {last['reoffended']:.1%} have reoffended and {last['custody']:.1%} "
            "went into custody first."
        ),
        heads=("day", "reoffended", "custody first", "neither yet, and followed"),
        rows=rows,
        lines=_LINES,
        draw=lambda axes: _draw(axes, shares, days),
    )


def _draw(axes: Axes, shares: pd.DataFrame, days: float) -> None:
    looks = (("reoffended", SERIES[0], "-", "reoffended"),
             ("custody", SERIES[3], (0, (5, 2)), "in custody first"))  # fmt: skip
    top = max(0.02, float(shares[["reoffended", "custody"]].to_numpy().max()))
    ends = [float(shares[name].iloc[-1]) for name, *_ in looks]
    # Words stand a line apart where the curves end together.
    least = 0.09 * top
    apart = max(0.0, least - abs(ends[0] - ends[1])) / 2
    higher = 0 if ends[0] >= ends[1] else 1
    for k, (name, colour, dash, words) in enumerate(looks):
        axes.plot(shares["day"], shares[name], linestyle=dash, color=colour, linewidth=2.2,
                  gid=name)  # fmt: skip
        y = ends[k] + (apart if k == higher else -apart)
        axes.text(days * 1.015, max(y, 0.0), f"{ends[k]:.0%} {words}", va="center")
    axes.set_xlim(0.0, days * 1.3)
    axes.set_ylim(0.0, 1.12 * top)
    axes.set_xlabel("days from the index date")
    axes.set_ylabel("share of people")
    axes.xaxis.set_major_locator(MultipleLocator(_step(days)))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0 if top > 0.05 else 1))
    axes.spines["bottom"].set_bounds(0.0, days)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0.0 <= tick <= days])
    axes.grid(axis="y")


def _step(days: float) -> float:
    """Return how far marks of the axis stand apart: about six of them."""
    return max(1.0, round(days / 6 / 10) * 10)
