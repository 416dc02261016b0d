"""A queue as it fills: a line for each of the first people who wait for a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.outcomes.pathways import Wait, waits, window

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, PAPER, WORSE
from .of_log import service_title, source_of_log, title_of
from .texts import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.scenario.model import Scenario

    from .chart import Chart

MOST: Final = 60
"""People whose waits are drawn."""


def draw_queue(
    log: pd.DataFrame, service: str, *, scenario: Scenario | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the waits of the first 60 people who join a service's queue in the intake window.

    A line goes from joining to leaving; its end says whether the person starts or gives up.

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
        People in the order in which they join, by days from the first day of the intake window.

    Examples
    --------
    >>> import pandas as pd, pathsim as ps
    >>> ps.plot.queue(pd.read_csv("events.csv"), "gps_tag")  # doctest: +SKIP
    """
    return axes_of(_sketch(log, service, scenario), ax)


def queue_chart(log: pd.DataFrame, service: str, *, scenario: Scenario | None = None) -> Chart:
    """Return the chart of `draw_queue` for a page."""
    return chart_of(_sketch(log, service, scenario))


def _sketch(log: pd.DataFrame, service: str, scenario: Scenario | None) -> Sketch:
    end = window(log)
    queue = [each for each in waits(log, service) if 0.0 <= each.joined <= end]
    shown = queue[:MOST]
    name = service_title(scenario, service)
    gave_up = sum(each.how == "gives up" for each in shown)
    many = f"the first {len(shown)} of {len(queue):,}" if len(queue) > MOST else f"{len(shown)}"
    return Sketch(
        name=f"queue-{service}",
        title=_title(shown, name),
        subtitle=(
            f"Waits for {name}, {many} who join the queue in the intake window, each a line; "
            f"{title_of(scenario)}"
        ),
        source=source_of_log(log),
        words=f"Of {len(shown)} people who wait, {gave_up} give up.",
        heads=("who joins", "joins on day", "leaves on day", "how"),
        rows=tuple(
            (str(k), f"{each.joined:,.1f}", f"{each.left:,.1f}" if np.isfinite(each.left) else
             "\N{EN DASH}", each.how)
            for k, each in enumerate(shown, 1)
        ),
        lines=4.0 + 0.42 * max(len(shown), 12),
        draw=lambda axes: _draw(axes, shown, end),
    )  # fmt: skip


def _title(shown: Sequence[Wait], name: str) -> str:
    who = quoted(name, "the service")
    if not shown:
        return headline(f"Nobody waits for {who}", "Nobody waits for the service")
    gave_up = sum(each.how == "gives up" for each in shown)
    return headline(
        f"{gave_up} of {len(shown)} who wait for {who} give up",
        f"{gave_up} of {len(shown)} who wait give up",
    )


def _draw(axes: Axes, shown: Sequence[Wait], end: float) -> None:
    finite = [each.left for each in shown if np.isfinite(each.left)]
    last = max([end, 1.0, *finite]) if not shown else max([1.0, *finite, shown[-1].joined])
    looks = {
        "starts": ("o", BETTER, BETTER),
        "gives up": ("X", WORSE, WORSE),
        "still waits": (">", BETTER, PAPER),
    }
    for k, each in enumerate(shown, 1):
        mark, colour, face = looks[each.how]
        left = min(each.left, last)
        axes.plot([each.joined, left], [k, k], color=colour, linewidth=1.3, gid="wait")
        axes.plot([left], [k], mark, color=colour, markerfacecolor=face, markersize=5, gid="end")
    for how in dict.fromkeys(each.how for each in shown):
        mark, colour, face = looks[how]
        axes.plot([], [], marker=mark, color=colour, markerfacecolor=face, label=how)
    axes.set_ylim(max(len(shown), 12) + 0.8, 0.2)
    axes.set_xlim(min([0.0, *(each.joined for each in shown)]), 1.03 * last)
    axes.set_xlabel("days from the first day of the intake window")
    axes.set_ylabel("people, as they join")
    axes.grid(axis="x")
    if shown:
        axes.figure.legend(loc="outside lower left", ncols=3)
