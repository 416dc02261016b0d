"""The parts of the page that are the report's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.decision.results import decision_of, results_data
from pathsim.present.report import section_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.outcomes.results import Comparison

FIRST: Final = ("answer", "compare", "certainty")
"""Sections that are shown without a click."""
_MORE: Final = (
    *("questions", "payers", "turning", "value", "whom", "equality", "load", "years"),
    *("evidence", "method"),
)
"""Sections behind a click, before the page of each option."""
_DECIDED: Final = ("turning", "value")
"""Sections that tell nothing where nothing is decided."""


def parts_of(comparison: Comparison) -> Mapping[str, str]:
    """Return sections of the report by name, those that are shown without a click first."""
    decision = decision_of(comparison)
    told = results_data(comparison, decision=decision)
    options = [f"option-{place}" for place in range(1, len(comparison.options) + 1)]
    names = [*FIRST, *_MORE, *options]
    if decision is None:
        names = [name for name in names if name not in _DECIDED]
    return {name: section_html(name, told, level=3) for name in names}
