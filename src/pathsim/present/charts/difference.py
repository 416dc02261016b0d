"""Options against the baseline: the difference to expect, its doubt, and a single year's luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pathsim.outcomes.names import meaning, place_of
from pathsim.outcomes.values import EVERYBODY
from pathsim.present.words import UNDEFINED, chance, interval_words, style
from pathsim.text import counted, visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, GRID, INK, PAPER, QUIET, WORSE, bare_rows
from .subject import check, check_row
from .texts import axis_pounds, folded, lower_first, place_and_period, quoted, source_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from pathsim.outcomes.names import Meaning
    from pathsim.outcomes.results import Comparison, OptionResult

    from .chart import Chart

_WIDE: Final = 1.959964
_HARDLY_ANY: Final = 0.05
_KEY_LINES: Final = 3.4
_TITLE_WIDTH: Final = 48
_UNITS: Final = {"share": "percentage points", "gbp": "pounds", "days": "days", "number": ""}


class _Row(NamedTuple):
    title: str
    middle: float
    low: float
    high: float
    year_low: float
    year_high: float
    side: int
    """1: clearly better, -1: clearly worse, 0: neither."""
    words: str
    cells: tuple[str, ...]


def draw_difference(
    comparison: Comparison,
    outcome: str = "proven_reoffending_rate",
    *,
    group: str = EVERYBODY,
    ax: Axes | None = None,
) -> Axes:
    """Draw each option's difference from the baseline, with doubt and luck told apart.

    A thick line is the 95% interval of the difference to expect, a thin one the range in which a
    single year falls in 95% of years, with the same luck on both sides. A filled mark's thick line
    leaves out zero.

    Parameters
    ----------
    comparison : Comparison
        What `pathsim.compare` returns; without states of the world the thick line has luck only.
    outcome : str
        Name of the outcome, as in the comparison's table.
    group : str
        Whose outcome, such as `sex=female`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        In percentage points, pounds, days or numbers, by the outcome.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=16)  # doctest: +SKIP
    >>> ps.plot.difference(result, "cost_public")  # doctest: +SKIP
    """
    check(comparison, "Comparison", ax)
    for each in comparison.options:
        check_row(outcome, group, each.rows)
    return axes_of(_sketch(comparison, outcome, group), ax)


def difference_chart(
    comparison: Comparison, outcome: str = "proven_reoffending_rate", *, group: str = EVERYBODY
) -> Chart:
    """Return the chart of `draw_difference` for a page."""
    return chart_of(_sketch(comparison, outcome, group))


def _unit(what: Meaning, before: str) -> str:
    """Return the unit, and what stands before it; nothing of plain numbers."""
    unit = _UNITS[what.unit]
    return f"{before}{unit}" if unit else ""


def _sketch(comparison: Comparison, outcome: str, group: str) -> Sketch:
    what = meaning(outcome)
    rows = [_row(option, what, outcome, group) for option in comparison.options]
    whom = "" if group == EVERYBODY else f", {visible(group)}"
    luck = "doubt" if comparison.in_doubt else "luck of the replications only"
    measure = f"{what.title}{whom}, option less baseline{_unit(what, ' in ')}"
    heads = (
        "option", "difference", "95% interval", "a single year, 95%", "chance better",
    )  # fmt: skip
    said = "; ".join(f"{row.cells[0]}: {row.cells[1]} ({row.cells[2]})" for row in rows)
    return Sketch(
        name="-".join(["difference", *outcome.split("."), *_as_id(group)]),
        title=_title(rows, what),
        subtitle=f"{measure}; {place_and_period(comparison.baseline, outcome)}",
        source=source_of(comparison.provenance),
        words=f"{what.title}{whom}, option less baseline, 95% interval of {luck}. {said}.",
        heads=heads,
        rows=tuple(row.cells for row in rows),
        lines=_KEY_LINES + sum(_lines_of(row) for row in rows),
        draw=lambda axes: _draw(axes, rows, what, in_doubt=comparison.in_doubt, of=outcome),
    )


def _as_id(group: str) -> list[str]:
    if group == EVERYBODY:
        return []
    return ["".join(each if each.isalnum() and each.isascii() else "-" for each in group)]


def _row(option: OptionResult, what: Meaning, outcome: str, group: str) -> _Row:
    place = option.rows.index((outcome, group))
    number = {name: float(column[place]) for name, column in option.columns().items()}
    middle, low, high = (number[name] for name in ("difference", "low", "high"))
    spread = math.hypot((high - low) / 2.0, _WIDE * number["sd_chance"])
    if math.isnan(number["sd_chance"]) or math.isnan(spread):
        spread = math.nan
    year = (middle - spread, middle + spread)
    scale = 100.0 if what.unit == "share" else 1.0
    written = style(what.unit, number["baseline"], low, middle, high)
    words = f"{written.difference(middle)} ({interval_words(number, written)})"
    if math.isnan(middle):
        words = "not defined"
    cells = (
        visible(option.request.title),
        written.difference(middle),
        interval_words(number, written),
        written.interval(*year),
        _chance_words(number),
    )
    alike = middle != 0 and number["differs_at_most"] <= _HARDLY_ANY
    clear = low > 0 or high < 0 or alike
    side = int(math.copysign(1, middle)) if clear else 0
    return _Row(
        option.request.title, middle * scale, low * scale, high * scale,
        year[0] * scale, year[1] * scale, side, words, cells,
    )  # fmt: skip


def _chance_words(number: dict[str, float]) -> str:
    sure = number["probability_better"]
    if math.isfinite(sure):
        return chance(sure)
    years = number["share_of_years_better"]
    return f"{chance(years)} of years" if math.isfinite(years) else UNDEFINED


def _title(rows: Sequence[_Row], what: Meaning) -> str:
    """Return the finding in ten words at most."""
    measure = lower_first(what.title.removeprefix("Cost: ") if what.unit == "gbp" else what.title)
    of = f"the cost to the {measure}" if what.title == "Cost: public purse" else f"the {measure}"
    if what.unit == "gbp" and what.title != "Cost: public purse":
        of = f"the cost ({measure})"
    lowers = [row for row in rows if row.side < 0]
    raises = [row for row in rows if row.side > 0]
    if not lowers and not raises:
        return headline(
            f"No option clearly changes {of}", f"None clearly changes {of}", "No option is clear"
        )
    if lowers and raises:
        fewer = f"{counted(len(lowers), 'option')} {_verb('lower', lowers)}"
        more = f"{len(raises)} {_verb('raise', raises)} it"
        return headline(f"{fewer} {of}, {more}", f"{fewer} it, {more}")
    moved, verb = (lowers, "lower") if lowers else (raises, "raise")
    most = max(moved, key=lambda row: abs(row.middle))
    who = quoted(most.title, "One option")
    if len(moved) == 1:
        alone = "alone " if len(rows) > 1 else ""
        return headline(
            f"{who} {alone}{verb}s {of}", f"{who} {verb}s {of}", f"One option {verb}s {of}",
            f"One option {verb}s it clearly",
        )  # fmt: skip
    many = f"{counted(len(moved), 'option')} {verb} it, one of them most"
    if who == "One option":
        return headline(f"{len(moved)} of {len(rows)} options {verb} {of}", many)
    return headline(
        f"{who} {verb}s {of} most",
        f"{len(moved)} of {len(rows)} options {verb} {of}",
        many,
    )


def _verb(verb: str, rows: Sequence[_Row]) -> str:
    return f"{verb}s" if len(rows) == 1 else verb


def _lines_of(row: _Row) -> float:
    return len(folded(row.title, _TITLE_WIDTH)) + 1.3


def _draw(axes: Axes, rows: Sequence[_Row], what: Meaning, *, in_doubt: bool, of: str) -> None:
    lines = _KEY_LINES + sum(_lines_of(row) for row in rows)
    bare_rows(axes, lines)
    axes.set_xlim(_limits(rows))
    _draw_key(axes, in_doubt=in_doubt)
    _draw_sides(axes, what)
    top = _KEY_LINES
    for row in rows:
        _draw_row(axes, row, top, what.better)
        top += _lines_of(row)
    whose = f"{visible(place_of(of))}: " if place_of(of) else ""
    axes.set_xlabel(f"{whose}option less baseline{_unit(what, ', ')}")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    if what.unit == "gbp":
        axes.xaxis.set_major_formatter(axis_pounds)


def _limits(rows: Sequence[_Row]) -> tuple[float, float]:
    ends = [0.0, *(end for row in rows for end in row[1:6] if math.isfinite(end))]
    low, high = min(ends), max(ends)
    if low == high:
        return -1.0, 1.0
    edge = 0.05 * (high - low)
    return low - edge, high + edge


def _draw_key(axes: Axes, *, in_doubt: bool) -> None:
    sure = "difference to expect, 95%" + (" (doubt)" if in_doubt else " (luck only)")
    axes.legend(
        [
            Line2D([], [], color=QUIET, linewidth=5, marker="o", markersize=7),
            Line2D([], [], color=QUIET, linewidth=1.2),
        ],
        [f"{sure}; filled where it leaves out zero", "a single year, 95% (luck as well)"],
        loc="upper left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.0, borderpad=0.0,
        handlelength=2.4, labelspacing=0.25,
    )  # fmt: skip


def _draw_sides(axes: Axes, what: Meaning) -> None:
    """Say which side is better, where one is."""
    left, right = {-1: ("better", "worse"), 1: ("worse", "better"), 0: ("lower", "higher")}[
        what.better
    ]
    for x, text, place in ((0.0, f"\N{LEFTWARDS ARROW} {left}", "left"),
                           (1.0, f"{right} \N{RIGHTWARDS ARROW}", "right")):  # fmt: skip
        axes.text(
            x, 2.4, text, ha=place, va="center", color=QUIET, transform=axes.get_yaxis_transform()
        )


def _draw_row(axes: Axes, row: _Row, top: float, better: int) -> None:
    lines = folded(row.title, _TITLE_WIDTH)
    across = axes.get_yaxis_transform()
    for place, line in enumerate(lines):
        axes.text(0.0, top + place, line, va="center", transform=across, fontweight="bold")
    last = top + len(lines) - 1
    axes.text(1.0, last, row.words, va="center", ha="right", transform=across)
    y = last + 0.95
    good = row.side * better
    colour = {1: BETTER, -1: WORSE, 0: QUIET}[good]
    axes.axhline(y, color=GRID, linewidth=0.8, zorder=0)
    axes.plot([0.0, 0.0], [y - 0.5, y + 0.5], color=INK, linewidth=1, zorder=1, gid="zero")
    if math.isfinite(row.year_low):
        axes.plot([row.year_low, row.year_high], [y, y], color=colour, linewidth=1.2, gid="year")
    if math.isfinite(row.low):
        axes.plot(
            [row.low, row.high], [y, y], color=colour, linewidth=5, solid_capstyle="butt",
            gid="doubt",
        )  # fmt: skip
    if math.isfinite(row.middle):
        axes.plot(
            [row.middle], [y], marker="s" if good < 0 else "o", markersize=8, color=colour,
            markerfacecolor=colour if row.side else PAPER, markeredgewidth=1.5, gid="mark",
        )  # fmt: skip
