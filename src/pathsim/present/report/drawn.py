"""The charts of a result, drawn for the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pathsim.outcomes.names import meaning
from pathsim.outcomes.results import Comparison
from pathsim.present.plots import difference_svg, difference_words
from pathsim.present.rows import overview
from pathsim.present.words import DIFFERENCE_HEADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.decision.decide import Decision
    from pathsim.outcomes.results import Run

    from .charting import Shown

_DRAWN = ("proven_reoffending_rate",)


class Picture(NamedTuple):
    """A chart of a page."""

    name: str
    title: str
    subtitle: str
    source: str
    words: str
    svg: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def charts_of(result: Comparison | Run, _decision: Decision | None) -> Mapping[str, Shown]:
    """Return the charts of a result by name."""
    if not isinstance(result, Comparison):
        return {}
    found = (_difference(result, outcome) for outcome in _DRAWN)
    return {each.name: each for each in found}


def _difference(comparison: Comparison, outcome: str) -> Picture:
    words = difference_words(comparison, outcome=outcome)
    svg = difference_svg(comparison, outcome=outcome)
    rows = [
        (option.request.title, *told[0][1:])
        for option, told in zip(comparison.options, overview(comparison, [outcome]), strict=True)
    ]
    return Picture(
        name=f"difference-{outcome}",
        title=f"{meaning(outcome).title}: each option against the baseline",
        subtitle="Option less baseline, with 95% intervals",
        source=f"pathsim {comparison.provenance['version']}",
        words=words,
        svg=svg,
        heads=("Option", *DIFFERENCE_HEADS[1:]),
        rows=tuple(rows),
    )
