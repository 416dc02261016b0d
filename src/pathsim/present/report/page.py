"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pathsim.decision.results import decision_of, results_data
from pathsim.outcomes.provenance import effort
from pathsim.outcomes.results import Comparison
from pathsim.present.charts.look import DARK_CSS
from pathsim.text import counted

from .drawn import charts_of
from .environment import TEMPLATES, environment
from .sections import heading_of, names_in, section_html
from .wording import day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.outcomes.results import Run

    from .charting import Shown


def report_html(result: Comparison | Run) -> str:
    """Return the report of a comparison or of one scenario."""
    decision = decision_of(result)
    told = results_data(result, decision=decision)
    return page_html(told, charts=charts_of(result, decision))


def page_html(told: Mapping[str, Any], *, charts: Mapping[str, Shown] | None = None) -> str:
    """Return the page of a result, made of all its sections.

    told: the plain data of `results.json`. charts: by name; left out, none.
    """
    names = names_in(told)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title=_title(told),
            about=_about(told),
            style=Markup(stylesheet()),
            contents=[(name, heading_of(name, told)) for name in names],
            parts=[section_html(name, told, charts=charts) for name in names],
            version=told["run"]["version"],
        )
    )


def stylesheet() -> str:
    """Return the styles of the report and its sections: no font, no picture, no address."""
    on_screen = DARK_CSS.replace("@media ", "@media screen and ", 1)
    return (TEMPLATES / "report.css").read_text(encoding="utf-8") + on_screen + "\n"


def _title(told: Mapping[str, Any]) -> str:
    if "baseline" not in told:
        return str(told["scenario"]["title"])
    options = counted(len(told["options"]), "option")
    return f"{options} against '{told['baseline']['title']}'"


def _about(told: Mapping[str, Any]) -> str:
    run = told["run"]
    return (
        f"{run['people']:,} people, {effort(run)}, seed {run['seed']}; "
        f"made on {day(run['finished'])} with pathsim {run['version']}."
    )
