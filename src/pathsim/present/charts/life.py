"""One person's life without an option and with it, on the same random numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pathsim.decision.spells import CUSTODY, REOFFENCE, SERVED, WAITS, Spell, spells
from pathsim.text import counted, visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK, PAPER, QUIET, SERIES, WORSE, bare_rows
from .subject import check
from .texts import folded, named

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pathsim.decision.explained import Explanation

    from .chart import Chart

SIDES: Final = ("without the option", "with it")
_KEY_LINES: Final = 2.4
_NAME_WIDTH: Final = 60
_BAR: Final = 0.62


def draw_life(explanation: Explanation, person: str, *, ax: Axes | None = None) -> Axes:
    """Draw one synthetic life without the option and with it: custody, waits, services, offences.

    A dashed line marks the day on which the two part.

    Parameters
    ----------
    explanation : Explanation
        What `pathsim.explain` returns.
    person : str
        The id of somebody counted, as in `explanation.people`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        By days from the first day of the intake window.

    Examples
    --------
    >>> import pathsim as ps
    >>> found = ps.explain("dorset/baseline", "dorset/more-tags")  # doctest: +SKIP
    >>> ps.plot.life(found, found.people["person"][0])  # doctest: +SKIP
    """
    check(explanation, "Explanation", ax)
    return axes_of(_sketch(explanation, person), ax)


def life_chart(explanation: Explanation, person: str) -> Chart:
    """Return the chart of `draw_life` for a page."""
    return chart_of(_sketch(explanation, person))


def _sketch(explanation: Explanation, person: str) -> Sketch:
    life = explanation.life(person)
    names = dict(enumerate(explanation.titles))
    sides = [spells(story, names) for story in (life.before, life.after)]
    rows = tuple(
        (side, each.kind, visible(each.what), f"{each.begin:,.1f}", f"{each.end:,.1f}")
        for side, found in zip(SIDES, sides, strict=True)
        for each in found
    )
    offences = [sum(each.kind == REOFFENCE for each in found) for found in sides]
    return Sketch(
        name="life-" + "".join(each if each.isalnum() and each.isascii() else "-" for each in
                               life.id),
        title=_title(*offences),
        subtitle=(
            f"One synthetic person, {visible(life.id)}, with the same random numbers on both "
            f"sides: {named(explanation.option.title)}; {life.cause}"
        ),
        source=(
            f"pathsim, replication {explanation.replication}, seed {explanation.seed}; one "
            "possible life, no average"
        ),
        words=(
            f"Without the option {counted(offences[0], 'reoffence')}, with it "
            f"{counted(offences[1], 'reoffence')}"
            + (f"; the two part on day {life.day:,.0f}." if math.isfinite(life.day) else ".")
        ),
        heads=("side", "what", "service", "from day", "to day"),
        rows=rows,
        lines=_KEY_LINES + sum(_height(found) for found in sides),
        draw=lambda axes: _draw(axes, sides, life.day),
    )  # fmt: skip


def _title(before: int, after: int) -> str:
    if before == after:
        return headline(f"{counted(before, 'reoffence')} on both sides")
    verb = "fewer" if after < before else "more"
    return headline(
        f"{counted(abs(after - before), 'reoffence')} {verb} with the option: {after} not {before}"
    )


def _names(found: list[Spell]) -> list[str]:
    """Return the services of a side, by when they first matter."""
    return list(dict.fromkeys(each.what for each in found if each.what))


def _height(found: list[Spell]) -> float:
    """Return lines: the side's name, custody and offences, then a name and a bar a service."""
    return 3.0 + sum(len(folded(name, _NAME_WIDTH)) + 0.9 for name in _names(found))


def _draw(axes: Axes, sides: list[list[Spell]], part: float) -> None:
    lines = _KEY_LINES + sum(_height(found) for found in sides)
    bare_rows(axes, lines)
    ends = [each.end for found in sides for each in found]
    begins = [each.begin for found in sides for each in found]
    first, last = (
        min([*begins, part] if math.isfinite(part) else begins, default=0.0),
        max(ends, default=1.0),
    )
    edge = 0.03 * (last - first) or 1.0
    axes.set_xlim(first - edge, last + edge)
    _draw_key(axes)
    top = _KEY_LINES + 0.4
    for side, found in zip(SIDES, sides, strict=True):
        _draw_side(axes, side, found, top, part)
        top += _height(found)
    axes.set_ylim(lines, 0.0)
    axes.set_xlabel("days from the first day of the intake window")


_LOOKS: Final[dict[str, dict[str, Any]]] = {
    CUSTODY: {"facecolor": SERIES[4], "edgecolor": SERIES[4]},
    WAITS: {"facecolor": PAPER, "edgecolor": SERIES[3], "hatch": "///"},
    SERVED: {"facecolor": BETTER, "edgecolor": BETTER},
}


def _draw_key(axes: Axes) -> None:
    marks = [axes.barh([-9], [0.0], **shown) for shown in _LOOKS.values()]
    cross = axes.plot([], [], "X", color=WORSE, markersize=8, linestyle="none")[0]
    axes.legend(
        [*marks, cross], [CUSTODY, WAITS, SERVED, REOFFENCE], loc="upper left", ncols=4,
        bbox_to_anchor=(0.0, 1.0), borderaxespad=0.0, borderpad=0.0, columnspacing=1.2,
    )  # fmt: skip
    axes.text(0.0, 1.6, "dashed line: the day on which the two part", color=QUIET, va="center",
              transform=axes.get_yaxis_transform())  # fmt: skip


def _draw_side(axes: Axes, side: str, found: list[Spell], top: float, part: float) -> None:
    across = axes.get_yaxis_transform()
    axes.text(0.0, top, side, fontweight="bold", va="center", transform=across)
    y = top + 1.0
    axes.axhline(y, color=INK, linewidth=0.8, zorder=0)
    _draw_part(axes, part, y)
    for each in found:
        if each.kind == CUSTODY:
            axes.barh([y], [each.end - each.begin], left=[each.begin], height=_BAR,
                      gid=CUSTODY, **_LOOKS[CUSTODY])  # fmt: skip
        elif each.kind == REOFFENCE:
            axes.plot([each.begin], [y], "X", color=WORSE, markersize=8, markeredgecolor=PAPER,
                      gid=REOFFENCE)  # fmt: skip
    top = y + 1.0
    for name in _names(found):
        lines = folded(name, _NAME_WIDTH)
        for place, line in enumerate(lines):
            axes.text(0.0, top + place, line, va="center", transform=across)
        y = top + len(lines) - 0.15
        _draw_part(axes, part, y)
        for each in found:
            if each.what == name:
                axes.barh([y], [each.end - each.begin], left=[each.begin], height=0.45,
                          gid=each.kind, **_LOOKS[each.kind])  # fmt: skip
        top += len(lines) + 0.9


def _draw_part(axes: Axes, day: float, y: float) -> None:
    """Mark the day on which the two sides part, if they do, in one lane."""
    if math.isfinite(day):
        axes.plot(
            [day, day],
            [y - 0.42, y + 0.42],
            color=INK,
            linewidth=1.4,
            linestyle=(0, (2, 1.5)),
            zorder=4,
            gid="part",
        )
