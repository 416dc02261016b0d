"""How long those who start a service have waited, month by month."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pathsim.outcomes.pathways import mean_waits

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK
from .of_log import service_title, source_of_log, title_of
from .texts import quoted

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.scenario.model import Scenario

    from .chart import Chart

_LINES: Final = 15.0
_STEP: Final = 30.0


def draw_waits(
    log: pd.DataFrame, service: str, *, scenario: Scenario | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the mean and the longest wait of those who start a service, by 30 days.

    Who starts at once waits no day; who gives up is not in it.

    Parameters
    ----------
    log : pandas.DataFrame
        Events of one replication, as `pathsim run --log` writes them.
    service : str
        Its id, such as `gps_tag`.
    scenario : Scenario, optional
        Whose log it is, for titles.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Days waited, by days from the first day of the intake window.

    Examples
    --------
    >>> import pandas as pd, pathsim as ps
    >>> ps.plot.waits(pd.read_csv("events.csv"), "gps_tag")  # doctest: +SKIP
    """
    return axes_of(_sketch(log, service, scenario), ax)


def waits_chart(log: pd.DataFrame, service: str, *, scenario: Scenario | None = None) -> Chart:
    """Return the chart of `draw_waits` for a page."""
    return chart_of(_sketch(log, service, scenario))


def _sketch(log: pd.DataFrame, service: str, scenario: Scenario | None) -> Sketch:
    found = mean_waits(log, service, step=_STEP)
    name = service_title(scenario, service)
    starts = int(found["starts"].sum())
    mean = float((found["mean"].fillna(0.0) * found["starts"]).sum()) / starts if starts else 0.0
    who = quoted(name, "the service")
    title = headline(f"Those who start {who} have waited {mean:,.0f} days",
                     f"Those who start have waited {mean:,.0f} days")  # fmt: skip
    return Sketch(
        name=f"waits-{service}",
        title=title if starts else headline(f"Nobody starts {who}", "Nobody starts the service"),
        subtitle=(
            f"Days waited for {name} by those who start, by 30 days of the intake window; "
            f"{title_of(scenario)}"
        ),
        source=source_of_log(log),
        words=f"Mean wait of {starts:,} who start: {mean:,.1f} days.",
        heads=("from day", "people who start", "mean days waited", "longest"),
        rows=tuple(
            (f"{row['day']:g}", f"{row['starts']:,.0f}", _days(row["mean"]), _days(row["longest"]))
            for row in found.to_dict(orient="records")
        ),
        lines=_LINES,
        draw=lambda axes: _draw(axes, found),
    )


def _days(number: float) -> str:
    return f"{number:,.1f}" if math.isfinite(number) else "\N{EN DASH}"


def _draw(axes: Axes, found: pd.DataFrame) -> None:
    middle = found["day"] + _STEP / 2
    axes.bar(middle, found["mean"], width=0.8 * _STEP, color=BETTER, label="mean", gid="mean")
    axes.plot(
        middle, found["longest"], "D", color=INK, markersize=5, linestyle="none",
        label="longest", gid="longest",
    )  # fmt: skip
    top = float(found[["mean", "longest"]].max().max()) if len(found) else 0.0
    axes.set_ylim(0.0, 1.1 * top if top > 0 else 1.0)
    axes.set_xlim(0.0, max(float(found["day"].max()) + _STEP, 1.0) if len(found) else 1.0)
    axes.set_xlabel("days from the first day of the intake window")
    axes.set_ylabel("days waited")
    axes.grid(axis="y")
    axes.figure.legend(loc="outside lower left", ncols=2)
