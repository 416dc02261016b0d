"""What `results.json` holds: a result as plain data, and the decision where there is doubt."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.results import Comparison
from pathsim.scenario.titles import title_of

from .about import about_option, about_scenario, prices_of
from .compared import FEWEST_DRAWS
from .pictured import pictured

if TYPE_CHECKING:
    from pathsim.outcomes.results import Run

    from .decide import Decision

SCHEMA: Final = "pathsim.results/1"
"""Name and version of what `results.json` holds: what `--json` prints, and more."""
_NO_STATES: Final = "no state of the world was drawn, so nothing is known of doubt"
_FEW_STATES: Final = f"fewer than {FEWEST_DRAWS} states of the world are too few to decide by"
_NO_LIBRARY: Final = "it needs scikit-learn: pip install 'offender-pathsim[decide]'"


def results_data(result: Comparison | Run, *, decision: Decision | None = None) -> dict[str, Any]:
    """Return a result as plain data, from which the report, the workbook and the app are made.

    Of a run: `run` and `scenario`, as `result.to_dict()` has them, and `scenario.about`. Of a
    comparison: `run`, `baseline` and `options` likewise, with `about` in each and `pictured` in
    every option; `prices`; `decision`, as `pathsim decide --json` gives it; and `parameters`, what
    the quantities are called that a decision names by key. Where nothing can be decided, the last
    two are left out and `no_decision` says why.

    decision: of this comparison, where there is one already; left out, it is derived here, in
    seconds.
    """
    data = result.to_dict() | {"schema": SCHEMA}
    if not isinstance(result, Comparison):
        data["scenario"]["about"] = about_scenario(result)
        return data
    data["baseline"]["about"] = about_scenario(result.baseline)
    for plain, option in zip(data["options"], result.options, strict=True):
        plain["about"] = about_option(option)
        plain["pictured"] = pictured(option)
    data["prices"] = prices_of(result)
    decision = decision or decision_of(result)
    if decision is None:
        return data | {"no_decision": without_decision(result)}
    from .plain import as_data  # noqa: PLC0415 opens what decides

    return data | {"decision": as_data(decision), "parameters": _titles(decision)}


def without_decision(comparison: Comparison) -> str:
    """Return why nothing can be decided by a comparison; empty where it can."""
    draws = 0 if comparison.states is None else comparison.states.draws
    if not draws:
        return _NO_STATES
    if draws < FEWEST_DRAWS:
        return _FEW_STATES
    return "" if find_spec("sklearn") else _NO_LIBRARY


def decision_of(result: Comparison | Run) -> Decision | None:
    """Return what a comparison decides, in seconds; None where nothing can be decided."""
    if not isinstance(result, Comparison) or without_decision(result):
        return None
    from .decide import decide  # noqa: PLC0415 slow to open, and not always needed

    return decide(result, seed=result.provenance["seed"])


def _titles(decision: Decision) -> dict[str, str]:
    """Return what the quantities are called that a decision names by their keys."""
    comparison = decision.comparison
    sides = [option.request.scenario for option in comparison.options]
    scenarios = [comparison.baseline.request.scenario, *sides]
    found: dict[str, str] = {}
    for option in decision.options:
        inputs = [each.input for each in option.switching]
        inputs += [each.input for each in option.evppi]
        for each in inputs:
            title = next(title_of(each.key, one) for one in reversed(scenarios))
            more = f" and {each.others} more that share its evidence" if each.others else ""
            found[each.label] = title + more
    return dict(sorted(found.items()))
