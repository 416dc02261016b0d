"""What `pathsim evidence --doubt` shows: what is drawn in each state of the world, and what not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from pathsim.text import counted, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from pathsim.scenario.doubt import Doubted
    from pathsim.study.states import Drawn

_SAMPLE: Final = "posterior sample, together"


def doubt_data(drawn: Drawn) -> dict[str, Any]:
    """Return what is drawn and what is not as plain data for JSON."""
    return {
        "drawn": [
            {
                "parameter": each.key,
                "value": each.quantity.value,
                "low": each.low,
                "high": each.high,
                "grade": each.quantity.grade,
                "distribution": distribution,
                "shares_draw_of": each.id if together else "",
            }
            for each, distribution, together in _rows(drawn)
        ],
        "held": [each._asdict() for each in drawn.held],
    }


def doubt_grids(drawn: Drawn, title: str) -> Iterator[Table]:
    """Give the tables for a terminal: what is drawn, then what is not, with the reason."""
    from rich.table import Table
    from rich.text import Text

    rows = list(_rows(drawn))
    draws = len({each.id for each in drawn.alone}) + len(drawn.together)
    many = counted(len(rows), "quantity", "quantities")
    told = f"{title}: {many} drawn, {draws} where those that share a draw are one"
    grid = Table(
        title=Text(visible(told)),
        title_justify="left",
        expand=True,
    )
    grid.add_column("Parameter", overflow="fold", ratio=9)
    grid.add_column("Median", justify="right", no_wrap=True)
    grid.add_column("95% interval", justify="right", no_wrap=True)
    grid.add_column("Grade", no_wrap=True)
    grid.add_column("Drawn from", overflow="fold", ratio=6)
    for each, distribution, together in rows:
        value = f"{each.quantity.value:,.6g}"
        interval = f"{each.low:,.6g} to {each.high:,.6g}"
        said = f"{distribution}; {each.id}" if together else distribution
        cells = (each.key, value, interval, each.quantity.grade, said)
        grid.add_row(*(Text(visible(cell)) for cell in cells))
    yield grid
    held = Table(title="Not drawn", title_justify="left", expand=True)
    held.add_column("Parameter", overflow="fold", ratio=1)
    held.add_column("Reason", overflow="fold", ratio=2)
    for fixed in drawn.held:
        held.add_row(Text(visible(fixed.key)), fixed.reason)
    yield held


def _rows(drawn: Drawn) -> Iterator[tuple[Doubted, str, bool]]:
    """Give each drawn quantity, what it is drawn from, and whether others share its draw."""
    uses = Counter(each.id for each in drawn.alone)
    for each in drawn.alone:
        yield each, each.distribution, uses[each.id] > 1
    for each in drawn.together:
        yield each, _SAMPLE, False
