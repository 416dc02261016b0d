"""The picture of the benchmarks page: small panels of ratios and of growth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, StrMethodFormatter

from .words import ENGINES

# Okabe and Ito's palette keeps apart under the common kinds of colour blindness.
_OURS, _C, _OTHERS = "#0072B2", "#D55E00", "#999999"
_PLAIN = StrMethodFormatter("{x:,.0f}")
Run = dict[str, Any]


def draw(rounds: Run, grown: Run, path: Path) -> None:
    """Draw all panels into a PNG file."""
    with plt.rc_context({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure, axes = plt.subplots(2, 3, figsize=(12, 6.4), layout="constrained")
        _times(
            axes[0, 0],
            rounds,
            ("m2", "m2x20"),
            title="M2, time of a replication, C = 1",
            one="c m2",
        )
        _times(axes[0, 1], rounds, ("m2u",), title="M2U (no queues), C = 1", one="c m2u")
        _people(axes[0, 2], grown["people"])
        _memory(axes[1, 0], grown["people"])
        _services(axes[1, 1], grown["services"])
        _replications(axes[1, 2], grown["replications"])
        figure.savefig(path, dpi=110)
        plt.close(figure)


def _times(axes: Axes, rounds: Run, models: Sequence[str], *, title: str, one: str) -> None:
    """Draw the times of some models by every engine, relative to one of them."""
    works = rounds["works"]
    unit = one if one in works else f"pathsim {models[0]}"
    bars = []
    for name, work in works.items():
        engine, model = name.split(" ", 1)
        if engine != "kernel" and model in models:
            ratio = np.median(_each(work) / _each(works[unit]))
            label = ENGINES[engine] + (", 20 services" if model == "m2x20" else "")
            bars.append((float(ratio), label, _colour(engine)))
    bars.sort(reverse=True)
    values, labels, colours = zip(*bars, strict=True)
    drawn = axes.barh(labels, values, color=colours, height=0.6)
    axes.bar_label(drawn, [f"{value:.3g}" for value in values], padding=3)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(_PLAIN)
    axes.set_xlim(min(0.5, *values), 2.5 * max(values))
    axes.axvline(1.0, color="black", linewidth=0.8)
    axes.set_title(title if unit == one else title.replace("C = 1", "pathsim = 1"), loc="left")


def _each(work: Run) -> Any:
    return np.array(work["seconds"]) / work["replications"]


def _colour(engine: str) -> str:
    return {"pathsim": _OURS, "c": _C}.get(engine, _OTHERS)


def _line(axes: Axes, x: Sequence[float], y: Sequence[float], label: str, colour: str) -> None:
    """Draw a line with its name at its end."""
    axes.plot(x, y, "o-", color=colour, markersize=4, linewidth=1.5)
    if label:
        axes.annotate(
            label,
            (x[-1], y[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour,
            va="center",
        )


def _frame(axes: Axes, *, title: str, x: str, log: bool = True) -> None:
    if log:
        axes.set_xscale("log")
        axes.minorticks_off()
    axes.xaxis.set_major_formatter(_PLAIN)
    if axes.get_yscale() == "linear":
        axes.set_ylim(0.0, 1.15 * axes.dataLim.y1)
    axes.margins(x=0.18)
    axes.set_title(title, loc="left")
    axes.set_xlabel(x)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)


def _people(axes: Axes, points: Sequence[Run]) -> None:
    x = [each["people"] for each in points]
    events = np.array([each["events_a_person"] for each in points])
    _line(axes, x, [each["ns_an_event"] for each in points], "kernel", _OURS)
    c = np.array([each["c_ns"] for each in points]) / events
    if np.isfinite(c).all():
        _line(axes, x, c.tolist(), "C", _C)
    _frame(axes, title="M2, ns an event", x="people")


def _memory(axes: Axes, points: Sequence[Run]) -> None:
    # A small worker fits into what the process has had before.
    seen = [each for each in points if each["worker_mib"] >= 1.0]
    x = [each["people"] for each in seen]
    _line(axes, x, [each["worker_mib"] for each in seen], "", _OURS)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0)))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    _frame(axes, title="M2, memory of a worker, MiB", x="people")


def _services(axes: Axes, points: Sequence[Run]) -> None:
    x = [each["services"] for each in points]
    _line(axes, x, [each["ns_an_event"] for each in points], "", _OURS)
    _frame(axes, title="M2 with more services, ns an event", x="services", log=False)


def _replications(axes: Axes, points: Sequence[Run]) -> None:
    x = [each["replications"] for each in points]
    _line(axes, x, [each["ms_a_replication"] for each in points], "", _OURS)
    _frame(axes, title="M2, one call, ms a replication", x="replications")
