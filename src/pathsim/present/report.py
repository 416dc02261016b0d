"""The report: one HTML file that stands alone, reads without colour and prints."""

from __future__ import annotations

from base64 import b64encode
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pathsim.outcomes.bases import base_of
from pathsim.outcomes.names import meaning
from pathsim.outcomes.provenance import effort
from pathsim.outcomes.results import Comparison
from pathsim.scenario.titles import phase
from pathsim.text import counted, visible

from .html import bases_list, custody_books_table, html_table, outcome_rows, run_tables
from .plots import difference_svg, difference_words
from .rows import (
    CUSTODY_BOOKS_MEAN,
    change_words,
    changes_by_phase,
    cost_differences,
    effect_words,
    group_differences,
    overview,
)
from .words import DIFFERENCE_HEADS, alike_legend, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pathsim.outcomes.changes import Change
    from pathsim.outcomes.results import OptionResult, Run

    from .words import DifferenceWords

_TEMPLATES = Path(__file__).parent / "templates"
_DRAWN = ("proven_reoffending_rate", "reoffences_from_sentence_per_person", "cost_public")
_OVERVIEW = (*_DRAWN, "cost_society", "cost_total")
_BY_GROUP = "proven_reoffending_rate"
_DOUBTFUL = ("assumed", "expert", "choice")
_GRADES = {
    "assumed": "assumed: no published estimate stands behind it",
    "expert": "expert opinion",
    "choice": "the option's own choice",
}


def report_html(result: Comparison | Run) -> str:
    """Return the report of a comparison or of one scenario."""
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    pages.filters["counted"] = counted
    baseline = result.baseline if isinstance(result, Comparison) else result
    common = {
        "origin": _origin_table(result.provenance),
        "run": result.provenance,
        "effort": effort(result.provenance),
        "bases": Markup(bases_list(baseline)),
    }
    if isinstance(result, Comparison):
        compared = _overview(result)
        options = [_option(option) for option in result.options]
        written = " ".join(str(each) for option in options for each in option.values())
        return pages.get_template("comparison.html.j2").render(
            common
            | {
                "alike": alike_legend(f"{compared} {written}", compared=True),
                "baseline": result.baseline.request,
                "out_of_balance": result.baseline.out_of_balance,
                "baseline_tables": Markup(run_tables(result.baseline)),
                "overview": compared,
                "pictures": [_picture(result, outcome) for outcome in _DRAWN],
                "options": options,
            }
        )
    tables = Markup(run_tables(result))
    return pages.get_template("run.html.j2").render(
        common
        | {
            "asked": result.request,
            "out_of_balance": result.out_of_balance,
            "tables": tables,
            "alike": alike_legend(tables, compared=False),
        }
    )


def _shown(value: object) -> object:
    """Return what a template shows: text without what would turn the text around it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value, keep="\n\t")
    return value


def _overview(comparison: Comparison) -> Markup:
    rows = []
    for option, words in zip(comparison.options, overview(comparison, _OVERVIEW), strict=True):
        differences = [f"{each.difference} ({each.interval})" for each in words]
        rows.append(
            (option.request.title, differences[0], _chance(comparison, words[0]), *differences[1:])
        )
    first, *others = (meaning(outcome).title for outcome in _OVERVIEW)
    lower = "chance it is lower" if comparison.in_doubt else "years it is lower"
    heads = ("option", first, lower, *others)
    caption = "Differences from the baseline, with 95% intervals"
    return Markup(html_table(caption, heads, rows))


def _chance(comparison: Comparison, words: DifferenceWords) -> str:
    return words.chance_better if comparison.in_doubt else words.years_better


def _picture(comparison: Comparison, outcome: str) -> dict[str, str]:
    svg = difference_svg(comparison, outcome=outcome).encode()
    return {
        "source": "data:image/svg+xml;base64," + b64encode(svg).decode(),
        "words": difference_words(comparison, outcome=outcome),
    }


def _option(option: OptionResult) -> dict[str, Any]:
    scenario = option.request.scenario
    phases = changes_by_phase(option)
    grades = [change.grade for change in chain.from_iterable(phases.values())]
    doubts = [
        f"{grades.count(grade)} of {len(grades)}: {_GRADES[grade]}"
        for grade in _DOUBTFUL
        if grade in grades
    ]
    by_group = [
        (group, size, *words[1:]) for group, size, words in group_differences(option, _BY_GROUP)
    ]
    return {
        "title": option.request.title,
        "file": option.request.file,
        "description": option.request.scenario.description,
        "in_force": _in_force(option, phases),
        "changes": Markup("".join(_changes(option, *each) for each in phases.items())),
        "changed": bool(grades),
        "doubts": doubts,
        "rests_on": [effect_words(effect, scenario) for effect in option.effects()],
        "headline": _table("Headline outcomes", outcome_rows(option)),
        "costs": _table("Costs by payer", cost_differences(option)),
        "custody_books": Markup(custody_books_table(option)),
        "custody_books_mean": CUSTODY_BOOKS_MEAN,
        "groups": Markup(
            html_table(
                f"Proven reoffending rate by group, of {base_of(_BY_GROUP, scenario)}",
                ("group", "people", *DIFFERENCE_HEADS[1:]),
                by_group,
            )
        ),
    }


def _in_force(option: OptionResult, phases: Mapping[str, list[Change]]) -> str:
    """Return when an option is in force; empty where it always is."""
    days = phase(option.request.scenario.from_day, None)
    if not days:
        return ""
    if list(phases) != [days]:
        return "In force in phases: what changes when stands below."
    return f"In force {days} of the intake window; the baseline holds until then."


def _changes(option: OptionResult, days: str, changed: list[Change]) -> str:
    scenario = option.request.scenario
    rows = [
        (
            change_words(change, scenario),
            _short(change.before),
            _short(change.after),
            change.grade,
            change.source,
        )
        for change in changed
    ]
    heads = ("value", "baseline", "option", "grade", "source")
    caption = f"What the option changes {days}".rstrip()
    return html_table(caption, heads, rows, numbers=False)


def _table(caption: str, rows: list[Any]) -> Markup:
    return Markup(html_table(caption, DIFFERENCE_HEADS, rows))


def _origin_table(origin: Mapping[str, Any]) -> Markup:
    rows = [
        ("pathsim", origin["version"]),
        ("source, SHA-256", origin["source"]["sha256"]),
        ("source, commit", origin["source"]["commit"] or "no clone"),
        *(
            (f"{file['of']}, SHA-256", f"{file['path']} {file['sha256']}")
            for file in origin["inputs"]
        ),
        ("all inputs, SHA-256", origin["inputs_sha256"]),
        ("baseline file", origin["scenario"]["file"] or "made in Python"),
        ("people", f"{origin['people']:,}"),
        ("people from", origin["people_from"] or "the scenario"),
        ("scale of places", f"{origin['scale']:g}"),
        *_effort_rows(origin),
        ("seed", str(origin["seed"])),
        ("engine", origin["engine"]),
        ("workers", str(origin["workers"])),
        ("finished", f"{origin['finished']}, after {seconds(origin['elapsed_seconds'])}"),
        ("Python, NumPy, Numba", ", ".join(origin[key] for key in ("python", "numpy", "numba"))),
        ("machine", origin["platform"]),
    ]
    caption = "Enough to get the same figures again"
    return Markup(html_table(caption, ("", "run"), rows, numbers=False))


def _effort_rows(origin: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give how much was simulated; without states of the world there are only replications."""
    if not origin["draws"]:
        yield "states of the world", "none"
        yield "replications", f"{origin['replications']:,}"
        return
    drawn = counted(origin["doubted"], "quantity", "quantities")
    yield "states of the world", f"{origin['draws']:,}, of {drawn}"
    yield "replications in each", f"{origin['replications_per_draw']:,}"


def _short(value: object) -> str:
    text = f"{value:,.10g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 80 else text[:79] + "…"
