"""Text of charts: titles of options in lines, where data come from, numbers on axes."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from pathsim.outcomes.bases import base_of
from pathsim.outcomes.provenance import effort
from pathsim.present.words import UNDEFINED
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


def named(title: str) -> str:
    """Return a title as it stands within a sentence: on one line, and not all of a long one."""
    return " ".join(shortened(visible(title), _LONGEST).split())


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


def place_and_period(run: Run, outcome: str) -> str:
    """Return the scenario's title, of whom the outcome is, and of which days."""
    return f"{named(run.request.title)}; of {base_of(outcome, run.request.scenario)}"


def pounds(amount: float, _position: float = 0.0) -> str:
    """Return pounds, from ten thousand on to three figures: `£1,500`, `£12.5k`, `£1.2m`."""
    return _pounds(amount, thousands_from=1e4)


def axis_pounds(amount: float, _position: float = 0.0) -> str:
    """Return pounds as an axis shows them."""
    return _pounds(amount, thousands_from=1e3)


def _pounds(amount: float, *, thousands_from: float) -> str:
    """Return an amount to three figures where it is in thousands or millions."""
    if not math.isfinite(amount):
        return UNDEFINED
    size = abs(amount)
    for least, divisor, letter in ((1e6, 1e6, "m"), (thousands_from, 1e3, "k")):
        if size >= thousands_from and float(f"{size:.3g}") >= least:
            return f"{_sign(amount)}£{_three(size / divisor)}{letter}"
    decimals = 0 if size >= 10 or size == int(size) else 2
    return f"{_sign(amount)}£{size:,.{decimals}f}"


def _sign(amount: float) -> str:
    return "-" if amount < 0 else ""


def _three(size: float) -> str:
    """Return a number to three figures, written out, without noughts at its end."""
    rounded = float(f"{size:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(rounded)))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
