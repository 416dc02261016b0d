"""What each level of a lever brings, with its doubt."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from matplotlib.ticker import MaxNLocator

from pathsim.decision.sweep import HELPS
from pathsim.errors import InputError, Problem, nearest
from pathsim.outcomes.names import meaning, place_of
from pathsim.present.words import UNDEFINED, chance, style
from pathsim.text import visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK, QUIET
from .subject import check
from .texts import axis_pounds, lower_first, place_and_period, source_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pathsim.decision.sweep import Sweep

    from .chart import Chart

_LINES: Final = 16.0
_UNITS: Final = {"share": "percentage points", "gbp": "pounds", "days": "days", "number": "number"}


def draw_sweep(sweep: Sweep, outcome: str = "reoffences_total", *, ax: Axes | None = None) -> Axes:
    """Draw an outcome's difference from the baseline at each level of a lever, with a 95% band.

    A hollow mark is the baseline's own level; a dashed line the level from which no further step is
    likely to lower reoffences.

    Parameters
    ----------
    sweep : Sweep
        What `pathsim.sweep` returns.
    outcome : str
        One of those in the sweep's table.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Differences in percentage points, pounds, days or numbers, by the outcome.

    Examples
    --------
    >>> import pathsim as ps
    >>> found = ps.sweep("dorset/baseline", "services.gps_tag.capacity", [18, 36, 54],
    ...                  draws=16)  # doctest: +SKIP
    >>> ps.plot.sweep(found, "cost_public")  # doctest: +SKIP
    """
    check(sweep, "Sweep", ax)
    return axes_of(_sketch(sweep, outcome), ax)


def sweep_chart(sweep: Sweep, outcome: str = "reoffences_total") -> Chart:
    """Return the chart of `draw_sweep` for a page."""
    return chart_of(_sketch(sweep, outcome))


def _sketch(sweep: Sweep, outcome: str) -> Sketch:
    rows = _rows_of(sweep, outcome)
    what = meaning(outcome)
    place = place_of(outcome)
    named = f"{visible(place)}: {what.title}" if place else what.title
    level = float(rows["value"].iloc[0])
    written = style(what.unit, level, *rows[["low", "difference", "high"]].to_numpy().ravel())
    cells = tuple(
        (
            f"{row['level']:g}",
            written.value(row["value"]),
            written.difference(row["difference"]),
            written.interval(row["low"], row["high"]),
            UNDEFINED
            if row["level"] == sweep.baseline_level
            else chance(row["probability_better"]),
        )
        for row in rows.to_dict(orient="records")
    )
    said = "; ".join(f"{each[0]}: {each[2]}" for each in cells)
    return Sketch(
        name=f"sweep-{'-'.join(outcome.split('.'))}",
        title=_title(sweep, rows, named, outcome),
        subtitle=(
            f"{named}, difference from the baseline{_in(what.unit)}, by "
            f"{visible(sweep.key)}; {place_and_period(sweep.comparison.baseline, outcome)}"
        ),
        source=source_of(sweep.comparison.provenance),
        words=f"{named} by level. {said}.",
        heads=("level", lower_first(named), "difference", "95% interval", "chance better"),
        rows=cells,
        lines=_LINES,
        draw=lambda axes: _draw(axes, sweep, rows, outcome),
    )


def _in(unit: str) -> str:
    return "" if unit == "number" else f", in {_UNITS[unit]}"


def _rows_of(sweep: Sweep, outcome: str) -> pd.DataFrame:
    """Return the rows of an outcome. Raises InputError."""
    rows = sweep.table[sweep.table["outcome"] == outcome]
    if rows.empty:
        known = sorted(set(sweep.table["outcome"]))
        hint = nearest(str(outcome), known)
        message = "is no outcome of the sweep" + (f"; {hint}" if hint else "")
        raise InputError(Problem(message, key="outcome", found=outcome, allowed=", ".join(known)))
    return rows.reset_index(drop=True)


def _title(sweep: Sweep, rows: pd.DataFrame, named: str, outcome: str) -> str:
    if outcome == HELPS:
        if sweep.stops_at is None:
            return "Each further step is still likely to lower reoffences"
        return f"Beyond {sweep.stops_at:g} no step is likely to lower reoffences"
    first, last = float(rows["value"].iloc[0]), float(rows["value"].iloc[-1])
    if not (math.isfinite(first) and math.isfinite(last)) or first == last:
        return headline(f"{named} does not change", "No level changes it")
    verb = "falls" if last < first else "rises"
    return headline(f"{named} {verb} from lowest to highest level", f"It {verb} from end to end")


def _draw(axes: Axes, sweep: Sweep, rows: pd.DataFrame, outcome: str) -> None:
    unit = meaning(outcome).unit
    scale = 100.0 if unit == "share" else 1.0
    stops = sweep.stops_at if outcome == HELPS else None
    level = rows["level"]
    middle, low, high = (scale * rows[name] for name in ("difference", "low", "high"))
    own = level == sweep.baseline_level
    low, high = low.where(~own, middle), high.where(~own, middle)
    band = axes.fill_between(level, low, high, color=BETTER, linewidth=0, label="95% interval",
                             gid="band")  # fmt: skip
    band.set_alpha(0.22)
    for edge in (low, high):
        axes.plot(level, edge, color=BETTER, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.plot(level, middle, "-o", color=BETTER, linewidth=2, markersize=6,
              label="to be expected", gid="middle")  # fmt: skip
    axes.plot(
        level[own], middle[own], "o", color=INK, markersize=9, markerfacecolor="none",
        markeredgewidth=1.6, linestyle="none", label="the baseline's level", gid="own",
    )  # fmt: skip
    axes.axhline(0.0, color=INK, linewidth=1)
    if stops is not None:
        axes.axvline(stops, color=QUIET, linewidth=1.4, linestyle=(0, (5, 2)),
                     label="no further step is likely to help")  # fmt: skip
    axes.set_xlabel(visible(sweep.key))
    axes.set_ylabel("difference" + ("" if unit == "number" else f", {_UNITS[unit]}"))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8))
    if unit == "gbp":
        axes.yaxis.set_major_formatter(axis_pounds)
    axes.grid(axis="y")
    axes.figure.legend(loc="outside lower left", ncols=2)
