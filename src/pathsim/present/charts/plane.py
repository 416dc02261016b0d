"""The cost-effectiveness plane: what each state of the world says of effect and public cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.decision.compared import deflated
from pathsim.text import counted, visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import INK, look
from .subject import check
from .texts import axis_pounds, folded, lower_first, named, pounds, quoted, source_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.decision.decide import Decision
    from pathsim.elementary.arrays import Floats

    from .chart import Chart

_LINES: Final = 19.0


def draw_plane(decision: Decision, *, ax: Axes | None = None) -> Axes:
    """Draw a point for each option and state of the world: offences avoided and public cost.

    Right of zero fewer proven reoffences, below zero the public purse saves. The spread of chance
    is taken out; a large mark is an option's mean.

    Parameters
    ----------
    decision : Decision
        What `pathsim.decide` returns.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        Reoffences avoided and pounds, both discounted, over the years of the appraisal.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=64)  # doctest: +SKIP
    >>> ps.plot.plane(ps.decide(result))  # doctest: +SKIP
    """
    check(decision, "Decision", ax)
    return axes_of(_sketch(decision), ax)


def plane_chart(decision: Decision) -> Chart:
    """Return the chart of `draw_plane` for a page."""
    return chart_of(_sketch(decision))


def points_of(decision: Decision) -> tuple[Floats, Floats]:
    """Return reoffences avoided and net public cost of each option, each [D, N]."""
    draws = int(decision.comparison.provenance["draws"])
    appraised = [option.appraisal for option in decision.options]
    avoided = [each.discounted_reoffences_avoided.reshape(draws, -1) for each in appraised]
    cost = [each.net_public_cost.reshape(draws, -1) for each in appraised]
    return deflated(np.stack(avoided, axis=2)), deflated(np.stack(cost, axis=2))


def _sketch(decision: Decision) -> Sketch:
    effects, costs = points_of(decision)
    titles = [option.title for option in decision.options]
    rows = tuple(
        (
            visible(title),
            f"{effects[:, k].mean():,.1f}",
            pounds(float(costs[:, k].mean())),
            *(f"{100 * share:.0f}%" for share in _quarters(effects[:, k], costs[:, k])),
        )
        for k, title in enumerate(titles)
    )
    said = "; ".join(f"{row[0]}: {row[1]} avoided, cost {row[2]}" for row in rows)
    return Sketch(
        name="plane",
        title=_title(titles, effects, costs),
        subtitle=(
            f"Proven reoffences avoided and net public cost, {decision.terms.years} years, "
            f"discounted; {named(decision.comparison.baseline.request.title)}; a small mark is "
            "a state of the world"
        ),
        source=source_of(decision.comparison.provenance),
        words=f"Means over {len(effects)} states of the world. {said}.",
        heads=(
            "option", "reoffences avoided", "net public cost", "fewer offences, saves",
            "fewer offences, costs", "more offences, saves", "more offences, costs",
        ),
        rows=rows,
        lines=_LINES + len(titles) * 1.2,
        draw=lambda axes: _draw(axes, titles, effects, costs),
    )  # fmt: skip


def _quarters(effects: Floats, costs: Floats) -> list[float]:
    """Return the shares of states in each quarter of the plane; a zero is on the side of none."""
    fewer, dearer = effects > 0.0, costs > 0.0
    return [
        float(np.mean(side))
        for side in (fewer & ~dearer, fewer & dearer, ~fewer & ~dearer, ~fewer & dearer)
    ]


def _title(titles: list[str], effects: Floats, costs: Floats) -> str:
    most = int(np.argmax(effects.mean(axis=0)))
    avoided, cost = float(effects[:, most].mean()), float(costs[:, most].mean())
    if avoided <= 0.0:
        return "No option is expected to avoid reoffences"
    who = quoted(titles[most], "One option")
    money = "saves money" if cost < 0.0 else "costs money"
    amount = "saves" if cost < 0.0 else "costs"
    return headline(
        f"{who} avoids {_offences(avoided)} and {amount} {pounds(abs(cost))}",
        f"{who} avoids most offences and {money}",
        f"One option avoids most offences and {money}",
    )


def _offences(avoided: float) -> str:
    whole = math.floor(avoided + 0.5)
    return counted(whole, "offence") if whole else "less than one offence"


def _draw(axes: Axes, titles: list[str], effects: Floats, costs: Floats) -> None:
    axes.axhline(0.0, color=INK, linewidth=1)
    axes.axvline(0.0, color=INK, linewidth=1)
    for k, title in enumerate(titles):
        shown = look(k)
        points = axes.scatter(
            effects[:, k], costs[:, k], s=13, marker=shown.mark, facecolors="none",
            edgecolors=shown.colour, linewidths=0.7, gid=f"states-{k}",
        )  # fmt: skip
        points.set_zorder(2)
        axes.plot(
            [effects[:, k].mean()], [costs[:, k].mean()], shown.mark, color=shown.colour,
            markersize=11, markeredgecolor=INK, linestyle="none", zorder=3, gid=f"mean-{k}",
            label="\n".join(folded(title, 60)),
        )  # fmt: skip
    axes.margins(0.08)
    axes.set_xlabel(lower_first("Proven reoffences avoided (fewer to the right)"))
    axes.set_ylabel("net public cost (saves below zero)")
    axes.yaxis.set_major_formatter(axis_pounds)
    axes.grid()
    axes.figure.legend(loc="outside lower left", ncols=1)
