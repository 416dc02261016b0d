"""How charts look. Colour never stands alone: form, place and words say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH: Final = 7.0
"""Inches; a point is a unit of the SVG's viewBox, so it is 504 wide."""
LINE: Final = 0.215
"""Inches that a line of text takes."""
TEXT: Final = 10.5
"""Points."""

INK: Final = "#222222"
PAPER: Final = "#ffffff"
GRID: Final = "#d9d9d9"
QUIET: Final = "#5f5f5f"
BETTER: Final = "#206095"
WORSE: Final = "#c4591a"
SERIES: Final = ("#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1")
"""The palette of the Government Analysis Function, which keeps apart in grey."""
MARKS: Final = ("o", "s", "D", "^", "v", "P")
DASHES: Final = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1)), (0, (8, 3)))
HATCHES: Final = ("", "///", "...", "\\\\\\", "xx", "---")

VARIABLES: Final = {
    INK: "currentColor",
    PAPER: "--chart-paper",
    GRID: "--chart-grid",
    QUIET: "--chart-quiet",
    BETTER: "--chart-better",
    WORSE: "--chart-worse",
    **{colour: f"--chart-{place}" for place, colour in enumerate(SERIES, 1)},
}
"""What stands in an SVG for each colour: a page may set these custom properties."""
_DARK: Final = {
    PAPER: "#121212",
    GRID: "#444444",
    QUIET: "#b5b5b5",
    BETTER: "#7ab8ee",
    WORSE: "#f5a25d",
    **dict(
        zip(SERIES, ("#7fb2e5", "#5fd0c5", "#e58bbd", "#f8a06f", "#c9c9c9", "#c7b3ea"), strict=True)
    ),
}


def _declared(colours: dict[str, str]) -> str:
    return ";".join(f"{VARIABLES[light]}:{colour}" for light, colour in colours.items())


DARK_CSS: Final = f"@media (prefers-color-scheme:dark){{:root{{{_declared(_DARK)}}}}}"
"""Style sheet by which charts follow a dark page; printed pages set their own."""

RULES: Final[dict[Any, Any]] = {
    "font.family": "sans-serif",
    "font.size": TEXT,
    "text.parse_math": False,  # a title with `$` is no formula
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.titlesize": TEXT + 1.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": TEXT,
    "axes.facecolor": "none",
    "axes.unicode_minus": False,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": TEXT - 0.5,
    "ytick.labelsize": TEXT - 0.5,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": TEXT - 0.5,
    "hatch.linewidth": 0.6,
}
"""Matplotlib's settings while a chart is drawn."""


class Look(NamedTuple):
    """How one of several series is drawn."""

    colour: str
    mark: str
    dash: object
    hatch: str


def look(place: int) -> Look:
    """Return how series number `place` is drawn; no two of the first 30 are alike."""
    turn = place // len(SERIES)
    return Look(
        SERIES[place % len(SERIES)],
        MARKS[(place + turn) % len(MARKS)],
        DASHES[(place + turn) % len(DASHES)],
        HATCHES[(place + turn) % len(HATCHES)],
    )


def bare_rows(axes: Axes, lines: float) -> None:
    """Make the vertical axis one of lines of text, the first on top, without scale or frame."""
    axes.set_ylim(lines, 0.0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
