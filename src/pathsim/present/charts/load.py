"""Who is in a service and who waits for it, by day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import MaxNLocator

from pathsim.outcomes.pathways import load

from .chart import Sketch, axes_of, chart_of, headline
from .look import INK, PAPER, SERIES
from .of_log import places_of, service_title, source_of_log, title_of
from .texts import quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.scenario.model import Scenario

    from .chart import Chart

_LINES: Final = 16.0
_STEP: Final = 7
"""Days between rows of the table."""


def draw_load(
    log: pd.DataFrame, service: str, *, scenario: Scenario | None = None, ax: Axes | None = None
) -> Axes:
    """Draw by week how many people a service has, how many wait for it, and its places.

    Everybody who uses the places, of all generations.

    Parameters
    ----------
    log : pandas.DataFrame
        Events of one replication, as `pathsim run --log` writes them.
    service : str
        Its id, such as `gps_tag`.
    scenario : Scenario, optional
        Whose log it is: for titles, and the number of places.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        People by days from the first day of the intake window.

    Examples
    --------
    >>> import pandas as pd, pathsim as ps
    >>> events = pd.read_csv("events.csv")  # doctest: +SKIP
    >>> ps.plot.load(events, "gps_tag", scenario=ps.load("dorset/baseline"))  # doctest: +SKIP
    """
    return axes_of(_sketch(log, service, scenario), ax)


def load_chart(log: pd.DataFrame, service: str, *, scenario: Scenario | None = None) -> Chart:
    """Return the chart of `draw_load` for a page."""
    return chart_of(_sketch(log, service, scenario))


def _sketch(log: pd.DataFrame, service: str, scenario: Scenario | None) -> Sketch:
    found = load(log, service).iloc[::_STEP].reset_index(drop=True)
    places = places_of(scenario, service)
    name = service_title(scenario, service)
    who = quoted(name, "The service")
    mean = float(found["waiting"].mean())
    title = headline(
        f"{who} has {mean:,.0f} people waiting on average",
        f"{mean:,.0f} people wait on average",
    )
    if not found["waiting"].any():
        title = headline(f"Nobody waits for {who}", "Nobody waits for the service")
    told = "without a limit of places" if places is None else f"{places:g} places"
    return Sketch(
        name=f"load-{service}",
        title=title,
        subtitle=(
            f"People in {name} and waiting for it, a day of each week of the intake window; "
            f"{title_of(scenario)}" + ("" if scenario is None else f"; {told}")
        ),
        source=source_of_log(log),
        words=(
            f"On average {found['served'].mean():,.1f} people are served and {mean:,.1f} wait; at "
            f"most {found['waiting'].max():,.0f} wait."
        ),
        heads=("day", "in the service", "waiting"),
        rows=tuple(
            (f"{row.day:g}", f"{row.served:,.0f}", f"{row.waiting:,.0f}")
            for row in found.itertuples()
        ),
        lines=_LINES,
        draw=lambda axes: _draw(axes, found, places),
    )


def _draw(axes: Axes, found: pd.DataFrame, places: float | None) -> None:
    days, served = found["day"], found["served"]
    together = served + found["waiting"]
    axes.fill_between(
        days, served, color=SERIES[0], linewidth=0, label="in the service", gid="served"
    )
    axes.fill_between(
        days, served, together, facecolor=PAPER, edgecolor=SERIES[3], hatch="///",
        linewidth=0.8, label="waiting", gid="waiting",
    )  # fmt: skip
    if places is not None:
        axes.axhline(places, color=INK, linewidth=1.4, linestyle=(0, (5, 2)), label="places")
    axes.set_ylim(0.0, 1.08 * max([1.0, float(together.max()), places or 0.0]))
    axes.set_xlim(0.0, max(float(days.max()), 1.0))
    axes.set_xlabel("days from the first day of the intake window")
    axes.set_ylabel("people")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.grid(axis="y")
    axes.figure.legend(loc="outside lower left", ncols=3)
