"""How people move between custody, licence, orders and no supervision in their first year."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from pathsim.outcomes.pathways import STATUSES, status_at

from .chart import Sketch, axes_of, chart_of, headline
from .look import INK, PAPER, SERIES
from .of_log import source_of_log, title_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.elementary.arrays import Floats
    from pathsim.scenario.model import Scenario

    from .chart import Chart

MOMENTS: Final = (0.0, 182.0, 365.0)
"""Days after entry."""
_LINES: Final = 20.0
_GAP: Final = 0.075
"""Between two statuses, as a share of everybody: room for a line of text."""
_WIDE: Final = 0.06
_COLOURS: Final = dict(zip(STATUSES, (SERIES[0], SERIES[2], SERIES[1], SERIES[5]), strict=True))
_HATCHES: Final = dict(zip(STATUSES, ("", "\\", ".", "/"), strict=True))


def draw_flow(
    log: pd.DataFrame, *, scenario: Scenario | None = None, ax: Axes | None = None
) -> Axes:
    """Draw where people are on entry, after 182 and after 365 days, and how they move between.

    A band is as wide as the share of the counted people who go that way.

    Parameters
    ----------
    log : pandas.DataFrame
        Events of one replication, as `pathsim run --log` writes them.
    scenario : Scenario, optional
        Whose log it is, for the title.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Without scales: shares are written beside the bands.

    Examples
    --------
    >>> import pandas as pd, pathsim as ps
    >>> ps.plot.flow(pd.read_csv("events.csv"))  # doctest: +SKIP
    """
    return axes_of(_sketch(log, scenario), ax)


def flow_chart(log: pd.DataFrame, *, scenario: Scenario | None = None) -> Chart:
    """Return the chart of `draw_flow` for a page."""
    return chart_of(_sketch(log, scenario))


def moves(log: pd.DataFrame) -> list[Floats]:
    """Return the people who go from each status to each, between any two moments: [4, 4]."""
    seen = status_at(log, MOMENTS)
    found = []
    for before, after in pairwise(MOMENTS):
        table = np.zeros((len(STATUSES), len(STATUSES)))
        for one, other in zip(seen[before], seen[after], strict=True):
            table[STATUSES.index(one), STATUSES.index(other)] += 1.0
        found.append(table)
    return found


def _sketch(log: pd.DataFrame, scenario: Scenario | None) -> Sketch:
    tables = moves(log)
    everybody = float(tables[0].sum())
    rows = tuple(
        (f"{MOMENTS[k]:g} to {MOMENTS[k + 1]:g}", one, other, f"{table[i, j]:,.0f}")
        for k, table in enumerate(tables)
        for i, one in enumerate(STATUSES)
        for j, other in enumerate(STATUSES)
        if table[i, j]
    )
    free = tables[-1].sum(axis=0)[-1] / everybody if everybody else 0.0
    return Sketch(
        name="flow",
        title=headline(f"{free:.0%} are not supervised a year after entry")
        if everybody
        else "Nobody is followed in this log",
        subtitle=(
            f"Status on entry, after 182 and after 365 days; {title_of(scenario)}, "
            f"{everybody:,.0f} people"
        ),
        source=source_of_log(log),
        words="; ".join(
            f"{name}: " + ", ".join(f"{share:.0%}" for share in _shares(tables, k, everybody))
            for k, name in enumerate(STATUSES)
        )
        + " on entry, after 182 and after 365 days.",
        heads=("days after entry", "from", "to", "people"),
        rows=rows,
        lines=_LINES,
        draw=lambda axes: _draw(axes, tables),
    )


def _shares(tables: list[Floats], status: int, everybody: float) -> list[float]:
    counts = [tables[0].sum(axis=1)[status], *(table.sum(axis=0)[status] for table in tables)]
    return [float(count) / everybody if everybody else 0.0 for count in counts]


def _draw(axes: Axes, tables: list[Floats]) -> None:
    everybody = max(float(tables[0].sum()), 1.0)
    counts = [tables[0].sum(axis=1), *(table.sum(axis=0) for table in tables)]
    tops = [_tops(each / everybody) for each in counts]
    for k, table in enumerate(tables):
        _draw_bands(axes, table / everybody, float(k), tops[k], tops[k + 1])
    for k, each in enumerate(counts):
        for status, top, share in zip(STATUSES, tops[k], each / everybody, strict=True):
            if share:
                axes.add_patch(Rectangle((k - _WIDE / 2, top), _WIDE, share, facecolor=INK,
                                         edgecolor=INK, gid="node"))  # fmt: skip
            side = -1 if k == 0 else 1
            words = f"{share:.0%}" if 0 < k < len(counts) - 1 else f"{status}, {share:.0%}"
            axes.text(k + side * 0.05, top + share / 2, words, va="center",
                      ha="right" if side < 0 else "left", gid="label",
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
                      if 0 < k < len(counts) - 1 else None)  # fmt: skip
    axes.set_xlim(-0.95, len(counts) - 1 + 0.95)
    axes.set_ylim(1.0 + 3 * _GAP + 0.02, -0.03)
    axes.set_yticks([])
    axes.set_xticks(range(len(MOMENTS)), ["on entry", *(f"day {each:g}" for each in MOMENTS[1:])])
    axes.tick_params(axis="x", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)


def _tops(shares: Floats) -> list[float]:
    """Return where each status begins, from the top."""
    return [float(shares[:k].sum()) + k * _GAP for k in range(len(shares))]


def _draw_bands(
    axes: Axes, table: Floats, x: float, before: list[float], after: list[float]
) -> None:
    left, right = list(before), list(after)
    one, other = x + _WIDE / 2, x + 1.0 - _WIDE / 2
    half = (one + other) / 2
    for i, status in enumerate(STATUSES):
        for j in range(len(STATUSES)):
            wide = float(table[i, j])
            if not wide:
                continue
            a, b = left[i], right[j]
            left[i], right[j] = a + wide, b + wide
            corners = [(one, a), (half, a), (half, b), (other, b), (other, b + wide),
                       (half, b + wide), (half, a + wide), (one, a + wide), (one, a)]  # fmt: skip
            codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3,
                     Path.CLOSEPOLY]  # fmt: skip
            axes.add_patch(
                PathPatch(
                    Path(corners, codes),
                    facecolor=(_COLOURS[status], 0.35),
                    edgecolor=_COLOURS[status],
                    hatch=_HATCHES[status],
                    linewidth=0.8,
                    gid="band",
                )
            )
