"""The sections of the report, by name: what the app shows too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.errors import InputError, Problem

from . import (
    answer,
    certainty,
    comparing,
    equality,
    evidence,
    load,
    manifest,
    method,
    option,
    payers,
    questions,
    scenario,
    summary,
    turning,
    value,
    whom,
    years,
)
from .environment import environment
from .headings import HEADINGS
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .charting import Shown

    Section = Callable[[Told], Mapping[str, Any]]

SECTIONS: Final[dict[str, Section]] = {
    "answer": answer.context,
    "summary": summary.context,
    "questions": questions.context,
    "compare": comparing.context,
    "payers": payers.context,
    "certainty": certainty.context,
    "turning": turning.context,
    "value": value.context,
    "whom": whom.context,
    "equality": equality.context,
    "load": load.context,
    "years": years.context,
    "evidence": evidence.context,
    "method": method.context,
    "manifest": manifest.context,
}
"""Of a comparison, in the order of the report: what each tells, from the plain data."""
_RUN: Final[dict[str, Section]] = {
    "scenario": scenario.context,
    "method": method.context,
    "manifest": manifest.context,
}
"""Of one scenario."""
_OPTION: Final = "option-"


def names_in(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the sections of a result, options last, in the report's order."""
    if "baseline" not in told:
        return tuple(_RUN)
    return (*SECTIONS, *(f"{_OPTION}{k}" for k in range(1, len(told["options"]) + 1)))


def heading_of(name: str, told: Mapping[str, Any]) -> str:
    """Return what a section of a result is called."""
    if name.startswith(_OPTION):
        return str(told["options"][int(name.removeprefix(_OPTION)) - 1]["title"])
    return HEADINGS[name]


def section_html(
    name: str,
    told: Mapping[str, Any],
    *,
    charts: Mapping[str, Shown] | None = None,
    level: int = 2,
) -> Markup:
    """Return a section as a fragment of HTML: `<section id=NAME>` with a heading.

    name: one of

    - `answer`: the question, and the answer in sentences with odds;
    - `summary`: one page for a meeting;
    - `questions`: what is often asked, and where it is answered;
    - `compare`: one table, a row an option;
    - `payers`: who pays and who gains;
    - `certainty`: how sure, and why: doubt and luck told apart;
    - `turning`: what would change our mind: values at which the verdict turns, and what is worth
      finding out;
    - `value`: value for money in the order of the Green Book;
    - `whom`: what the options change, and for whom;
    - `equality`: benefit, starts and waits by group;
    - `load`: places, queues and waits;
    - `years`: offences and money by year;
    - `evidence`: what it rests on, prices included;
    - `method`: limits first;
    - `manifest`: where the figures come from;
    - `option-1`, `option-2` and so on: a page for each option;
    - `scenario`: the outcomes of one scenario that is compared with nothing.

    told: the plain data of `results.json`, as `pathsim.decision.results.results_data` returns it.
    charts: by name, shown where a section has a place for them (`charting.PLACES`); left out, none.
    level: of the heading, 2 to 5; headings inside are one lower.

    An option's place is counted from 1, in the order of `told["options"]`.

    Every figure stands in `<data value=... data-from=...>`: the second is its place in `told`, such
    as `decision.options.0.npsv.mean`. Ids begin with the section's name. The styles are
    `templates/report.css`, which asks for nothing from outside.

    Raises
    ------
    InputError
        For a name that the result has no section of.
    """
    known = names_in(told)
    if name not in known:
        raise InputError(Problem("is no section", key="name", found=name, allowed=", ".join(known)))
    source = Told.of(told, charts=charts or {})
    if name.startswith(_OPTION):
        kind = "option"
        found: Mapping[str, Any] = option.context(source, int(name.removeprefix(_OPTION)) - 1)
    else:
        context = SECTIONS.get(name) or _RUN[name]
        kind, found = name, context(source)
    template = environment().get_template(f"parts/{kind}.html.j2")
    return Markup(
        template.render(
            **found,
            name=name,
            level=level,
            heading=heading_of(name, told),
            charts=source.charts,
        )
    )
