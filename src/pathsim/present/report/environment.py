"""The templates, with everything escaped and nothing undefined let through."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pathsim.text import counted, visible

from .breaking import with_breaks
from .charting import charts_in

TEMPLATES = Path(__file__).parent.parent / "templates"


@cache
def environment() -> Environment:
    """Return where the templates are found, and what they may use."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    found.filters |= {"counted": counted, "with_breaks": with_breaks}
    found.globals["charts_in"] = charts_in
    found.globals["show"] = found.get_template("parts/macros.html.j2").module
    return found


def _shown(value: object) -> object:
    """Return what a template shows: text without what would turn the text around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, keep="\n\t")
    return value
