"""The explorer of a report: sliders for a portfolio's levers, worked out in the page itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.decision.portfolio.explorable import explorable
from pathsim.text import in_html, visible

if TYPE_CHECKING:
    from pathsim.decision.portfolio.result import Portfolio

_SCRIPT: Final = Path(__file__).parent / "templates" / "explorer.js"


def explorer_html(portfolio: Portfolio) -> str:
    """Return a section with a slider a lever, which says what any mix is worth and spends.

    It works without a network and needs scripts; without them a line says so. Its data are the
    emulator's coefficients, its standard error and the mixes that were simulated.
    """
    data = explorable(portfolio)
    named = [{**lever, "name": visible(str(lever["name"]))} for lever in data["levers"]]
    rows = "".join(_slider(place, lever) for place, lever in enumerate(named))
    text = json.dumps({**data, "levers": named}, allow_nan=False, separators=(",", ":"))
    # What ends a script, or begins a comment in one, never stands in it.
    held = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return (
        '<section class="explorer" aria-labelledby="explorer-title">\n'
        '<h2 id="explorer-title">Try another mix</h2>\n'
        "<p>Move a lever to see what the mix is worth beyond the baseline. A mix that was not "
        "simulated is estimated from those that were.</p>\n"
        f'<form class="explorer-levers" hidden>\n{rows}</form>\n'
        '<p class="explorer-answer" role="status">This part needs scripts; the table of '
        "mixes has the figures.</p>\n"
        f'<script type="application/json" class="explorer-data">{held}</script>\n'
        f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>\n</section>\n"
    )


def _slider(place: int, lever: dict[str, Any]) -> str:
    name, most = f"explorer-{place}", len(lever["levels"]) - 1
    start = lever["order"].index(0)
    return (
        f'<div><label for="{name}">{in_html(str(lever["name"]))}</label>\n'
        f'<input type="range" id="{name}" min="0" max="{most}" step="1" value="{start}" '
        'autocomplete="off">\n<span class="explorer-level" aria-hidden="true">'
        f"{_level(lever, 0)}</span></div>\n"
    )


def _level(lever: dict[str, Any], place: int) -> str:
    """Return a level in words, as the script says it."""
    level = lever["levels"][place]
    if lever["option"]:
        return "taken" if level else "not taken"
    return f"{level:g}"
