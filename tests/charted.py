"""What tests ask of a chart: its marks, its texts, and whether texts lie on each other."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from pathsim.present.charts.look import RULES

_TOUCH = 1.0
"""Pixels by which boxes of texts may lie on each other: a box is a little higher than its text."""
SVG = "{http://www.w3.org/2000/svg}"


def axes_for(draw, *args, size=(7.0, 7.0), **more):
    """Return the axes in which a chart is drawn, of a figure of its own."""
    with mpl.rc_context(RULES):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        axes = draw(*args, ax=figure.add_subplot(), **more)
        figure.canvas.draw()
    return axes


def marked(axes, gid):
    """Return the artists of an axes that have a name, in the order of drawing."""
    return [each for each in axes.get_children() if each.get_gid() == gid]


def points(axes, gid):
    """Return x and y of the lines that have a name, all of them joined."""
    lines = marked(axes, gid)
    return (
        [float(x) for line in lines for x in line.get_xdata()],
        [float(y) for line in lines for y in line.get_ydata()],
    )


def shown_texts(figure):
    """Return every text of a figure that is to be seen, with its box in pixels."""
    renderer = figure.canvas.get_renderer()
    with mpl.rc_context(RULES):  # or minus signs would become wider ones
        hidden = {id(text) for axes in figure.axes for text in _hidden(axes)}
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and id(text) not in hidden
    ]


def _hidden(axes):
    """Yield the labels of marks beyond the ends of an axis, which are not drawn."""
    for axis in (axes.xaxis, axes.yaxis):
        drawn = {id(tick.label1) for tick in axis._update_ticks()}
        for text in axis.findobj(Text):
            if text is not axis.label and id(text) not in drawn:
                yield text


def overlaps(figure):
    """Return the pairs of texts that lie on each other."""
    every = shown_texts(figure)
    return [
        (one, other)
        for (one, a), (other, b) in combinations(every, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > _TOUCH and min(a.y1, b.y1) - max(a.y0, b.y0) > _TOUCH
    ]


def outside(figure):
    """Return the texts that stand out of the figure."""
    wide, high = figure.canvas.get_width_height()
    return [
        text
        for text, box in shown_texts(figure)
        if box.x0 < -2 or box.x1 > wide + 2 or box.y0 < -2 or box.y1 > high + 2
    ]


def read_svg(chart):
    """Return a chart's SVG as a tree, as a page would read it."""
    return ET.fromstring(chart.svg)


def texts_of(chart):
    """Return what an SVG says."""
    return ["".join(each.itertext()) for each in read_svg(chart).iter(f"{SVG}text")]
