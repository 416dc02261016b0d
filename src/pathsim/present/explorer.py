"""The explorer of a report: sliders for a portfolio's levers, worked out in the page itself."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.decision.portfolio.evaluate import NPSV
from pathsim.decision.portfolio.explorable import explorable
from pathsim.outcomes.names import meaning
from pathsim.text import in_html, visible

if TYPE_CHECKING:
    from pathsim.decision.portfolio.result import Portfolio

_SCRIPT: Final = Path(__file__).parent / "templates" / "explorer.js"
EXPLORER_HEADING: Final = "Try another mix"


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
        '<section class="part explorer" id="explorer" aria-labelledby="explorer-title">\n'
        f'<h2 id="explorer-title">{EXPLORER_HEADING}</h2>\n'
        f"<p>Move a lever to see what the mix is worth beyond the baseline: "
        f"{in_html(worth_words(portfolio))}. A mix that was not simulated is estimated from those "
        "that were.</p>\n"
        f'<form class="explorer-levers" hidden>\n{rows}</form>\n'
        '<p class="explorer-answer" role="status">This part needs scripts; the table of '
        "mixes has the figures.</p>\n"
        f'<script type="application/json" class="explorer-data">{held}</script>\n'
        f"<script>{_script()}</script>\n</section>\n"
    )


def explorer_hash() -> str:
    """Return the explorer's script as a content security policy names it."""
    return f"sha256-{b64encode(sha256(_script().encode()).digest()).decode()}"


def worth_words(portfolio: Portfolio) -> str:
    """Return what worth is in a portfolio."""
    if portfolio.maximised == NPSV:
        return f"net present social value over {portfolio.years} years"
    return f"improvement of '{meaning(portfolio.maximised).title}'"


def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


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
