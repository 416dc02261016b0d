"""A chart: what it says, the picture, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from .look import LINE, RULES, TEXT, WIDTH
from .svg import inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WORDS: Final = 10
"""Of a title."""
MOST_CHARACTERS: Final = 50
"""Of a word beside a mark."""
SUBTITLE_WIDTH: Final = 68
_USUAL_LINES: Final = 2
"""Of a subtitle, for which a figure of its own has room."""


class Chart(NamedTuple):
    """One chart for a page; all but `svg` is plain text, to be escaped where it is shown."""

    name: str
    """Begins the ids of the SVG."""
    title: str
    """The finding, in ten words at most."""
    subtitle: str
    """Measure, place and period."""
    source: str
    words: str
    """What the picture shows, for those who cannot see it; the SVG holds it as well."""
    svg: str
    """An `svg` element with role and name, ready to stand in HTML."""
    heads: tuple[str, ...]
    """Of the table of what is drawn."""
    rows: tuple[tuple[str, ...], ...]


class Sketch(NamedTuple):
    """A chart before it is drawn."""

    name: str
    title: str
    subtitle: str
    source: str
    words: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: float
    """How high the picture is, in lines of text, without the axis."""
    draw: Callable[[Axes], None]
    """Draws the marks."""


def axes_of(sketch: Sketch, ax: Axes | None) -> Axes:
    """Draw a sketch in `ax`, or in a new figure, with title, subtitle and source."""
    with mpl.rc_context(RULES):
        axes = _new_axes(sketch) if ax is None else ax
        sketch.draw(axes)
        told = [_folded(sketch.title, 50), _folded(sketch.subtitle, SUBTITLE_WIDTH)]
        title = axes.set_title(told[0], pad=8 + 1.3 * TEXT * (1 + told[1].count("\n")))
        title.set_gid("title")
        axes.annotate(
            told[1], (0.0, 1.0), (0, 4), xycoords="axes fraction",
            textcoords="offset points", va="bottom", gid="subtitle",
        )  # fmt: skip
        axes.annotate(
            _folded(f"Source: {sketch.source}", 80), (0.0, 0.0), (0, -44),
            xycoords="axes fraction", textcoords="offset points", va="top",
            fontsize=TEXT - 1.5, gid="source",
        )  # fmt: skip
        # The first figure of a notebook turns this on, and without it no later one is shown.
        interactive = mpl.is_interactive()
    mpl.interactive(interactive)
    return axes


def chart_of(sketch: Sketch) -> Chart:
    """Return a sketch as a chart for a page, which shows title, subtitle and source itself."""
    with mpl.rc_context(RULES):
        figure = Figure(figsize=_size(sketch), layout="constrained")
        sketch.draw(figure.add_subplot())
        svg = inline_svg(figure, name=sketch.name, title=sketch.title, words=sketch.words)
    return Chart(
        sketch.name, sketch.title, sketch.subtitle, sketch.source, sketch.words,
        svg, sketch.heads, sketch.rows,
    )  # fmt: skip


def headline(*candidates: str) -> str:
    """Return the first of several titles that has ten words at most."""
    for each in candidates:
        if len(each.split()) <= MOST_WORDS:
            return each
    return " ".join(candidates[-1].split()[:MOST_WORDS])


def _size(sketch: Sketch) -> tuple[float, float]:
    return WIDTH, 0.65 + LINE * sketch.lines


def _new_axes(sketch: Sketch) -> Axes:
    # pyplot, so that a notebook shows the figure at the end of its cell.
    from matplotlib import pyplot as plt  # noqa: PLC0415 slow

    width, height = _size(sketch)
    height += LINE * max(len(wrap(sketch.subtitle, SUBTITLE_WIDTH)) - _USUAL_LINES, 0)
    return plt.subplots(figsize=(width, height + 1.0), layout="constrained")[1]


def _folded(text: str, width: int) -> str:

    return "\n".join(wrap(text, width))
