"""The report of a portfolio as one HTML file that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.provenance import DISTRIBUTION, effort, version
from pathsim.present.charts.frontier import frontier_chart
from pathsim.present.explorer import (
    EXPLORER_HEADING,
    explorer_hash,
    explorer_html,
    worth_words,
)

from . import manifest, mixes
from .environment import environment
from .figures import pounds_of
from .page import stylesheet
from .told import Told
from .wording import day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pathsim.decision.portfolio.result import Portfolio

    from .charting import Shown

_HEADINGS: Final = {
    "answer": "The question and the answer",
    "mixes": "The mixes compared",
    "frontier": "By what may be spent",
    "explorer": EXPLORER_HEADING,
    "places": "One more place",
    "method": "Limits and method",
    "manifest": "Where this comes from",
}
"""The sections in their order."""
_CONTEXTS: Final[dict[str, Callable[[Told], Mapping[str, Any]]]] = {
    "answer": mixes.answer,
    "mixes": mixes.simulated,
    "frontier": mixes.steps,
    "places": mixes.places,
    "method": mixes.limits,
    "manifest": manifest.context,
}
"""What each tells, from the plain data; the explorer has data of its own."""


def portfolio_html(found: Portfolio, *, told: Mapping[str, Any] | None = None) -> str:
    """Return the page of a portfolio.

    told: its plain data, where they are made already.
    """
    source = Told.of(found.to_dict() if told is None else told, charts=_charts(found))
    names = [name for name in _HEADINGS if name != "manifest" or found.provenance]
    words = worth_words(found)
    return (
        environment()
        .get_template("portfolio.html.j2")
        .render(
            title=_title(found),
            about=_about(found),
            style=Markup(stylesheet()),
            contents=[(name, _HEADINGS[name]) for name in names],
            parts=list(_parts(found, source, names, words)),
            version=version(DISTRIBUTION),
            script=explorer_hash(),
        )
    )


def _charts(found: Portfolio) -> dict[str, Shown]:
    return {"frontier": frontier_chart(found)} if found.provenance else {}


def _parts(found: Portfolio, told: Told, names: list[str], words: str) -> Iterator[Markup]:
    for name in names:
        if name == "explorer":
            yield Markup(explorer_html(found))
            continue
        kind = name if name == "manifest" else f"portfolio-{name}"
        template = environment().get_template(f"parts/{kind}.html.j2")
        more = {"levers": mixes.levers_table(found.levels)} if name == "method" else {}
        yield Markup(
            template.render(
                **_CONTEXTS[name](told),
                **more,
                name=name,
                level=2,
                heading=_HEADINGS[name],
                charts=told.charts,
                worth=words,
            )
        )


def _title(found: Portfolio) -> str:
    of = f": '{found.provenance['scenario']['title']}'" if found.provenance else ""
    return f"The best mix within {pounds_of(found.budget)} a year{of}"


def _about(found: Portfolio) -> str:
    run = found.provenance
    if not run:
        return f"Nothing was simulated; made with pathsim {version(DISTRIBUTION)}."
    return (
        f"{run['people']:,} people, {effort(run)} to begin with, seed {run['seed']}; "
        f"made on {day(run['finished'])} with pathsim {run['version']}."
    )
