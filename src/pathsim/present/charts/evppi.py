"""What it is worth to know each quantity before choosing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.ticker import MaxNLocator

from pathsim.text import visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK, PAPER, bare_rows
from .subject import check, check_option
from .texts import axis_pounds, folded, named, pounds, quoted, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pathsim.decision.decide import Decision, OptionDecision, Worth

    from .chart import Chart

_WIDTH: Final = 52
_WIDE: Final = 1.959964
_TOP: Final = 0.6


def draw_evppi(decision: Decision, *, option: int = 0, ax: Axes | None = None) -> Axes:
    """Draw what it is worth to know each quantity before choosing an option or the baseline.

    A line about the end of a bar is its 95% interval; a hollow bar is too small to be told from
    nothing.

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
        In pounds over the years of the appraisal.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=64)  # doctest: +SKIP
    >>> ps.plot.evppi(ps.decide(result))  # doctest: +SKIP
    """
    check(decision, "Decision", ax)
    check_option(option, decision.options)
    return axes_of(_sketch(decision, option), ax)


def evppi_chart(decision: Decision, *, option: int = 0) -> Chart:
    """Return the chart of `draw_evppi` for a page."""
    return chart_of(_sketch(decision, option))


def _sketch(decision: Decision, place: int) -> Sketch:
    option = decision.options[place]
    worths = option.evppi
    rows = tuple(
        (
            visible(each.input.label),
            pounds(round(each.pounds)),
            pounds(round(each.se)),
            "yes" if each.resolved else "no",
        )
        for each in worths
    )
    said = "; ".join(f"{row[0]}: {row[1]}" for row in rows)
    return Sketch(
        name=f"evppi-{place}",
        title=_title(option),
        subtitle=(
            f"Value of knowing a quantity before choosing between {named(option.title)} and the "
            f"baseline; {named(decision.comparison.baseline.request.title)}, "
            f"{decision.terms.years} years"
        ),
        source=source_of(decision.comparison.provenance),
        words=f"{_title(option)}. {said or 'No quantity is seen to matter'}.",
        heads=("quantity", "worth up to", "standard error", "resolved"),
        rows=rows,
        lines=_lines_of(worths),
        draw=lambda axes: _draw(axes, worths),
    )


def _title(option: OptionDecision) -> str:
    best = next((each for each in option.evppi if each.pounds > 0.0), None)
    who = quoted(option.title, "the option")
    if best is None:
        return headline(
            f"Knowing more would not change the choice on {who}", "Nothing is worth finding out"
        )
    return headline(
        f"Knowing one quantity is worth up to {pounds(round(best.pounds))}",
    )


def _lines_of(worths: Sequence[Worth]) -> float:
    return _TOP + sum(len(folded(each.input.label, _WIDTH)) + 1.3 for each in worths) or 2.0


def _draw(axes: Axes, worths: Sequence[Worth]) -> None:
    bare_rows(axes, _lines_of(worths))
    across = axes.get_yaxis_transform()
    top, ends = _TOP, [0.0]
    for each in worths:
        lines = folded(each.input.label, _WIDTH)
        for place, line in enumerate(lines):
            axes.text(0.0, top + place, line, va="center", transform=across)
        last = top + len(lines) - 1
        unsure = "" if each.resolved else ", not resolved"
        words = f"{pounds(round(each.pounds))}{unsure}"
        axes.text(1.0, last, words, va="center", ha="right", transform=across)
        y = last + 0.9
        axes.barh(
            [y], [each.pounds], height=0.6, facecolor=BETTER if each.resolved else PAPER,
            edgecolor=BETTER, gid="worth",
        )  # fmt: skip
        wide = (max(each.pounds - _WIDE * each.se, 0.0), each.pounds + _WIDE * each.se)
        axes.plot(wide, [y, y], color=PAPER, linewidth=4)
        axes.plot(wide, [y, y], color=INK, linewidth=1.4, gid="interval")
        ends.append(wide[1])
        top = last + 2.3
    most = max(ends)
    axes.set_xlim(0.0, 1.05 * most if most > 0 else 1.0)
    axes.set_ylim(_lines_of(worths), 0.0)
    axes.set_xlabel("worth up to, pounds over the years of the appraisal")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(axis_pounds)
