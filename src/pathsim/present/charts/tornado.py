"""Which quantities move an option's difference most, and which could turn it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.ticker import MaxNLocator

from pathsim.decision.sensitive import NET_BENEFIT
from pathsim.outcomes.names import meaning
from pathsim.text import visible

from .chart import Sketch, axes_of, chart_of, headline
from .look import BETTER, INK, PAPER, QUIET, WORSE, bare_rows
from .subject import check, check_option
from .texts import folded, named, pounds, quoted, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from pathsim.decision.sensitive import OptionSensitivity, Sensitivity

    from .chart import Chart

_KEY_LINES: Final = 2.4
_WIDTH: Final = 50


def draw_tornado(sensitivity: Sensitivity, *, option: int = 0, ax: Axes | None = None) -> Axes:
    """Draw an option's difference at the low and the high end of each quantity, widest first.

    Parameters
    ----------
    sensitivity : Sensitivity
        What `pathsim.sensitivity` returns.
    option : int
        Which option, 0 the first.
    ax : matplotlib.axes.Axes, optional
        Where to draw; left out, a new figure.

    Returns
    -------
    matplotlib.axes.Axes
        In the unit of the sensitivity's outcome.

    Examples
    --------
    >>> import pathsim as ps
    >>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=64)  # doctest: +SKIP
    >>> ps.plot.tornado(ps.sensitivity(result))  # doctest: +SKIP
    """
    check(sensitivity, "Sensitivity", ax)
    check_option(option, sensitivity.options)
    return axes_of(_sketch(sensitivity, option), ax)


def tornado_chart(sensitivity: Sensitivity, *, option: int = 0) -> Chart:
    """Return the chart of `draw_tornado` for a page."""
    return chart_of(_sketch(sensitivity, option))


def _sketch(sensitivity: Sensitivity, place: int) -> Sketch:
    option = sensitivity.options[place]
    bars = option.moved.tornado.to_dict(orient="records")
    told = _writer(sensitivity.outcome)
    what, unit = _measure(sensitivity)
    rows = tuple(
        (
            visible(str(bar["input"])), f"{bar['low']:.3g}", f"{bar['high']:.3g}",
            told(bar["at_low"]), told(bar["at_high"]), "yes" if bar["turns"] else "no",
        )
        for bar in bars
    )  # fmt: skip
    said = "; ".join(f"{row[0]}: {row[3]} to {row[4]}" for row in rows)
    return Sketch(
        name=f"tornado-{place}",
        title=_title(option, bars),
        subtitle=(
            f"{what}, {named(option.title)} less baseline, at the low (2.5%) and high (97.5%) "
            f"end of each quantity; {named(sensitivity.comparison.baseline.request.title)}"
        ),
        source=source_of(sensitivity.comparison.provenance),
        words=f"Mean {told(option.moved.mean)}. {said or 'No quantity is seen to move it'}.",
        heads=("quantity", "low", "high", "difference at low", "difference at high", "turns"),
        rows=rows,
        lines=_KEY_LINES + sum(_lines_of(bar) for bar in bars) + (0 if bars else 2),
        draw=lambda axes: _draw(axes, option, bars, (f"{what.lower()}{unit}", told)),
    )


def _measure(sensitivity: Sensitivity) -> tuple[str, str]:
    if sensitivity.outcome == NET_BENEFIT:
        return f"Net benefit over {sensitivity.years} years", ", pounds"
    what = meaning(sensitivity.outcome)
    units = {"share": ", points", "gbp": ", pounds", "days": ", days", "number": ""}
    return what.title, units[what.unit]


def _writer(outcome: str) -> Callable[..., str]:
    """Return what writes a number of the outcome, on the axis as well."""
    unit = "gbp" if outcome == NET_BENEFIT else meaning(outcome).unit
    if unit == "gbp":
        return lambda number, _position=0: pounds(_rough(number))
    scale = 100.0 if unit == "share" else 1.0
    return lambda number, _position=0: f"{scale * number:,.3g}"


def _rough(number: float) -> float:
    """Return a number to three figures."""
    return float(f"{number:.3g}")


def _title(option: OptionSensitivity, bars: list[dict[Any, Any]]) -> str:
    who = quoted(option.title, "the option")
    if not bars:
        return headline(f"No quantity is seen to move {who}", "No quantity is seen to move it")
    turning = sum(bool(bar["turns"]) for bar in bars)
    if turning:
        many = "quantity" if turning == 1 else "quantities"
        return headline(
            f"{turning} {many} could turn the verdict on {who}", f"{turning} {many} could turn it"
        )
    return headline(f"No single quantity turns the verdict on {who}", "No quantity turns it")


def _lines_of(bar: dict[Any, Any]) -> float:
    return len(folded(str(bar["input"]), _WIDTH)) + 1.4


def _draw(
    axes: Axes,
    option: OptionSensitivity,
    bars: list[dict[Any, Any]],
    scale: tuple[str, Callable[..., str]],
) -> None:
    label, told = scale
    lines = _KEY_LINES + sum(_lines_of(bar) for bar in bars) + (0 if bars else 2)
    bare_rows(axes, lines)
    mean = option.moved.mean
    ends = [0.0, mean, *(bar[end] for bar in bars for end in ("at_low", "at_high"))]
    edge = 0.05 * (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - edge, max(ends) + edge)
    key = axes.legend(
        [axes.barh([lines + 5], [0.0], color=BETTER), axes.barh([lines + 5], [0.0],
         facecolor=PAPER, edgecolor=WORSE, hatch="///")],
        ["quantity at its low end", "quantity at its high end"], loc="upper left", ncols=2,
        bbox_to_anchor=(0.0, 1.0), borderaxespad=0.0, borderpad=0.0,
    )  # fmt: skip
    key.set_gid("key")
    axes.text(0.0, 1.6, "line: the mean; bold line: zero", color=QUIET, va="center",
              transform=axes.get_yaxis_transform())  # fmt: skip
    top = _KEY_LINES + 0.3
    for bar in bars:
        top = _draw_bar(axes, bar, top, mean=mean, told=told)
    axes.set_ylim(lines, 0.0)
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.xaxis.set_major_formatter(told)


def _draw_bar(
    axes: Axes, bar: dict[Any, Any], top: float, *, mean: float, told: Callable[..., str]
) -> float:
    across = axes.get_yaxis_transform()
    lines = folded(str(bar["input"]), _WIDTH)
    for place, line in enumerate(lines):
        axes.text(0.0, top + place, line, va="center", transform=across)
    last = top + len(lines) - 1
    ends = f"{told(bar['at_low'])} to {told(bar['at_high'])}"
    words = ends + (", turns" if bar["turns"] else "")
    axes.text(1.0, last, words, va="center", ha="right", transform=across)
    y = last + 0.9
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        ("at_low", {"color": BETTER}),
        ("at_high", {"facecolor": PAPER, "edgecolor": WORSE, "hatch": "///"}),
    )
    for end, shown in looks:
        axes.barh([y], [bar[end] - mean], left=[mean], height=0.62, gid=end, **shown)
    axes.plot([mean, mean], [y - 0.42, y + 0.42], color=QUIET, linewidth=1, gid="mean")
    axes.plot([0.0, 0.0], [y - 0.42, y + 0.42], color=INK, linewidth=2, gid="zero")
    return top + _lines_of(bar)
