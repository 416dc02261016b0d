"""The templates of the page, with everything escaped and nothing undefined let through."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pathsim.present.report.page import stylesheet
from pathsim.text import counted, visible

from .bench import PER_DRAW, SEED
from .downloads import WORDS, offered
from .levers import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .asked import Asked
    from .levers import Lever

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"


@cache
def environment() -> Environment:
    """Return where the templates are found, and what they may use."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    found.filters |= {"pounds": pounds, "counted": counted}
    found.globals |= {"file_words": WORDS, "seed": SEED, "per_draw": PER_DRAW}
    return found


def render(name: str, **context: Any) -> str:
    """Return a page, or a part of one."""
    return environment().get_template(f"{name}.html.j2").render(files=offered(), **context)


def styles() -> str:
    """Return the report's styles, which its sections need here too."""
    return stylesheet()


def pounds(amount: float) -> str:
    """Return pounds, to the pound."""
    return f"{'-' if round(amount) < 0 else ''}£{abs(round(amount)):,}"


def groups_of(asked: Asked) -> list[dict[str, Any]]:
    """Return the levers of a page by group: those shown first, and those behind a click."""
    words = asked.address.find.casefold().split()
    moved = dict(asked.address.levers)
    found = []
    for group, title in GROUPS.items():
        levers = [each for each in asked.levers if each.group == group]
        if words:
            levers = [each for each in levers if each.is_found(words)]
        first = [each for each in levers if words or each.first or each.key in moved]
        rest = [each for each in levers if each not in first]
        found.append(
            {
                "name": group,
                "title": title,
                "first": [_field(each, asked, moved) for each in first],
                "rest": [_field(each, asked, moved) for each in rest],
                "count": len(levers),
                "moved": sum(each.key in moved for each in levers),
                "open": bool(words and levers)
                or group == "places"
                or any(each.key in moved for each in levers),
            }
        )
    return [each for each in found if each["first"] or each["rest"]]


def hidden(asked: Asked, groups: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return what is moved but has no field on the page, by key."""
    known = {each.key for each in asked.levers}
    fields = {each["lever"].key for group in groups for each in (*group["first"], *group["rest"])}
    return [(key, value) for key, value in asked.address.levers if key in known - fields]


def _field(lever: Lever, asked: Asked, moved: Mapping[str, str]) -> dict[str, Any]:
    return {
        "lever": lever,
        "value": moved.get(lever.key, lever.own),
        "moved": lever.key in moved,
        "problem": asked.problems.get(lever.key, ""),
        "caution": asked.cautions.get(lever.key, ""),
    }


def _shown(value: object) -> object:
    """Return what a template shows: text without what would turn the text around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, keep="\n\t")
    return value
