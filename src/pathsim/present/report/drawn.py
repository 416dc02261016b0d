"""The charts of a result, drawn for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.outcomes.results import Comparison
from pathsim.present.charts.acceptability import acceptability_chart
from pathsim.present.charts.cost_by_year import cost_by_year_chart
from pathsim.present.charts.difference import difference_chart
from pathsim.present.charts.evppi import evppi_chart
from pathsim.present.charts.plane import plane_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.decision.decide import Decision
    from pathsim.outcomes.results import Run
    from pathsim.present.charts.chart import Chart

_DIFFERENCES: Final = ("reoffences_total", "cost_public")


def charts_of(result: Comparison | Run, decision: Decision | None) -> dict[str, Chart]:
    """Return the charts of a result, by the names that `charting.PLACES` has.

    decision: of this result, or none: then there are no charts of worth. An option's charts have
    its place in their names, from 1.
    """
    if not isinstance(result, Comparison):
        return {}
    found = {f"difference-{name}": difference_chart(result, name) for name in _DIFFERENCES}
    return found if decision is None else found | dict(_of_decision(decision))


def _of_decision(decision: Decision) -> Iterator[tuple[str, Chart]]:
    yield "plane", plane_chart(decision)
    yield "acceptability", acceptability_chart(decision)
    for place, option in enumerate(decision.options):
        own = f"-option-{place + 1}"
        named = cost_by_year_chart(decision, option=place)
        yield f"cost_by_year{own}", named
        if option.evppi:
            yield f"evppi{own}", evppi_chart(decision, option=place)
