"""Charts of results, for notebooks; they need the extra `report`.

Each function draws in `ax`, or in a new figure, and returns the axes. The title says the finding.

>>> import pathsim as ps
>>> result = ps.compare("dorset/baseline", "dorset/more-tags", draws=16)  # doctest: +SKIP
>>> ps.plot.difference(result, "cost_public")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathsim.present.charts.acceptability import draw_acceptability as acceptability
    from pathsim.present.charts.cost_by_year import draw_cost_by_year as cost_by_year
    from pathsim.present.charts.difference import draw_difference as difference
    from pathsim.present.charts.evppi import draw_evppi as evppi
    from pathsim.present.charts.flow import draw_flow as flow
    from pathsim.present.charts.frontier import draw_frontier as frontier
    from pathsim.present.charts.life import draw_life as life
    from pathsim.present.charts.load import draw_load as load
    from pathsim.present.charts.plane import draw_plane as plane
    from pathsim.present.charts.queue import draw_queue as queue
    from pathsim.present.charts.reoffending import draw_reoffending as reoffending
    from pathsim.present.charts.sweep import draw_sweep as sweep
    from pathsim.present.charts.tornado import draw_tornado as tornado
    from pathsim.present.charts.waits import draw_waits as waits

__all__ = [
    "acceptability",
    "cost_by_year",
    "difference",
    "evppi",
    "flow",
    "frontier",
    "life",
    "load",
    "plane",
    "queue",
    "reoffending",
    "sweep",
    "tornado",
    "waits",
]
_CHARTS: Final = "pathsim.present.charts"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'pathsim.plot' has no attribute {name!r}")
    from pathsim.present.extras import need

    need("report", "matplotlib", purpose="drawing a chart")
    return getattr(import_module(f"{_CHARTS}.{name}"), f"draw_{name}")


def __dir__() -> list[str]:
    return sorted(__all__)
