"""What a comparison says of itself, in sentences that several sheets use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.outcomes.provenance import effort
from pathsim.scenario.evidence.register import by_grade, register
from pathsim.scenario.evidence.table import evidence_table
from pathsim.scenario.titles import title_of
from pathsim.text import counted, shortened

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison, OptionResult

_LONGEST: Final = 80


def options_said(comparison: Comparison) -> str:
    """Return each option with what it changes."""
    return "; ".join(
        f"{option.request.title}: {_changes(option) or 'no change'}"
        for option in comparison.options
    )


def _changes(option: OptionResult) -> str:
    scenario = option.request.scenario
    return ", ".join(
        f"{title_of(each.key, scenario)} from {_short(each.before)} to {_short(each.after)}"
        for each in option.changes
    )


def _short(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, float) else shortened(str(value), _LONGEST)


def grades_said(comparison: Comparison) -> str:
    """Return how many values of the baseline have which grade."""
    grades = by_grade(register(comparison.baseline.request.scenario, evidence_table()))
    return f"{sum(grades.values()):,} values: " + ", ".join(
        f"{count} {grade.replace('_', ' ')}" for grade, count in grades.items()
    )


def inputs_said(comparison: Comparison) -> str:
    """Return the files that were read, with the start of their hashes."""
    files = [f"{file['path']} ({file['sha256'][:12]})" for file in comparison.provenance["inputs"]]
    return "; ".join(files) or "none: all was made in Python"


def effort_said(comparison: Comparison) -> str:
    """Return how much was simulated, with the seed."""
    return f"{effort(comparison.provenance)}, seed {comparison.provenance['seed']}"


def interval_said(comparison: Comparison) -> str:
    """Return what intervals are of."""
    if comparison.in_doubt:
        drawn = counted(comparison.provenance["doubted"], "quantity", "quantities")
        return f"95% intervals of doubt, with {drawn} drawn anew in each state of the world"
    return "95% intervals of the Monte Carlo error only; no quantity in doubt was drawn"


def version_said(comparison: Comparison) -> str:
    """Return the version of the software and of its source."""
    run = comparison.provenance
    commit = run["source"]["commit"] or "no clone"
    return f"pathsim {run['version']}, commit {commit}, source SHA-256 {run['source']['sha256']}"
