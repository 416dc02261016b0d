"""Text of charts: titles of options in lines, where data come from, numbers on axes."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from pathsim.outcomes.provenance import effort
from pathsim.text import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pathsim.outcomes.results import Run

_LONGEST: Final = 120
"""Characters of a title that a chart shows; the table has all."""
_QUOTED: Final = 4
"""Words of a title that fit into that of a chart."""


def folded(title: str, width: int) -> list[str]:
    """Return a title in lines of at most `width` characters; at least one."""
    return wrap(shortened(visible(title), _LONGEST), width) or [""]


def quoted(title: str, otherwise: str) -> str:
    """Return a short title in quotes; for a long one what to say instead."""
    shown = visible(title)
    fits = len(shown.split()) <= _QUOTED and len(shown) <= 40
    return f"'{shown}'" if fits and shown.strip() else otherwise


def lower_first(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]


def source_of(provenance: Mapping[str, Any]) -> str:
    """Return which program and how much of it stands behind a result."""
    return f"pathsim {provenance['version']}, {effort(provenance)}, seed {provenance['seed']}"


def place_and_period(run: Run) -> str:
    """Return the scenario's title and how long people are followed."""
    scenario = run.request.scenario
    return f"{visible(run.request.title)}; followed for {scenario.follow_up.days.value:g} days"


def pounds(amount: float, _position: float = 0.0) -> str:
    """Return pounds as an axis shows them."""
    sign, size = "-" if amount < 0 else "", abs(amount)
    for least, divisor, letter in ((1e6, 1e6, "m"), (1e4, 1e3, "k")):
        if size >= least:
            return f"{sign}£{size / divisor:,.4g}{letter}"
    return f"{sign}£{size:,.0f}" if size >= 10 or size == int(size) else f"{sign}£{size:,.2f}"
