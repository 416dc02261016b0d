"""Index events: disposals at liberty, and first releases of custodial sentences."""

from __future__ import annotations

from .clocks import follow_case, in_window, open_clock
from .courts import look_again
from .hazard import begin_stretch, set_due, settle_budget
from .jit import helper, inline_helper
from .model import Model
from .regimes import regime_on
from .workspace import Workspace


@inline_helper
def index_event(m: Model, w: Workspace, i: int, t: float, disposal: int, days: float) -> None:
    """Begin the hazard anew from an index event, and open a clock if it is to have one."""
    if m.rules[0].clocks_a_year:
        _begin_anew(m, w, i, t, disposal, days)


@helper
def _begin_anew(m: Model, w: Workspace, i: int, t: float, disposal: int, days: float) -> None:
    settle_budget(m, w, i, t)
    w.state[i].index = t
    follow_case(m, w, i, t)
    begin_stretch(m, w, i, t)
    set_due(m, w, i)
    if in_window(m, t) and open_clock(m, w, i, t, disposal, days):
        look_again(m, w, i, regime_on(m, t))
