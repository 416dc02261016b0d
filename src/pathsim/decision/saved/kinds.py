"""The classes whose objects a saved result is made of, by name."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import Final

_PLACES: Final = {
    "pathsim.decision.acceptability": ("Acceptability",),
    "pathsim.decision.appraisal": ("Appraisal",),
    "pathsim.decision.decide": ("Decision", "OptionDecision", "Worth"),
    "pathsim.decision.designs": ("Design",),
    "pathsim.decision.doubted": ("Input",),
    "pathsim.decision.equality": ("GroupBenefit",),
    "pathsim.decision.explained": ("Explanation",),
    "pathsim.decision.figures": ("Schedule",),
    "pathsim.decision.information.perfect": ("Perfect",),
    "pathsim.decision.information.study": ("Best", "Cost"),
    "pathsim.decision.ledger": ("Ledger", "Life"),
    "pathsim.decision.portfolio.emulator": ("Emulator",),
    "pathsim.decision.portfolio.explore": ("Found",),
    "pathsim.decision.portfolio.result": ("Pick", "Portfolio"),
    "pathsim.decision.portfolio.select": ("Selected",),
    "pathsim.decision.portfolio.space": ("Space",),
    "pathsim.decision.sensitive": ("Between", "OptionSensitivity", "Sensitivity"),
    "pathsim.decision.sensitivity.emulator": ("Quality",),
    "pathsim.decision.sensitivity.failure": ("Failure", "Limit"),
    "pathsim.decision.sensitivity.told": ("Moved",),
    "pathsim.decision.shapley": ("Shares",),
    "pathsim.decision.stories": ("Story",),
    "pathsim.decision.studied": ("Asked", "Studies"),
    "pathsim.decision.sweep": ("Sweep", "Target"),
    "pathsim.decision.terms": ("Terms",),
    "pathsim.decision.told": ("Told",),
    "pathsim.decision.turning": ("Switch",),
    "pathsim.decision.validated": ("Validation",),
    "pathsim.decision.value": ("OptionValue", "Value"),
    "pathsim.outcomes.changes": ("Change",),
    "pathsim.outcomes.option": ("OptionResult",),
    "pathsim.outcomes.provenance": ("Request",),
    "pathsim.outcomes.results": ("Comparison", "Run"),
    "pathsim.outcomes.statistics": ("Estimates", "Levels", "Paired"),
    "pathsim.outcomes.validation.judged": ("Judged",),
    "pathsim.scenario.doubt": ("Doubted",),
    "pathsim.scenario.effect": ("Effect",),
    "pathsim.scenario.lineage": ("InputFile",),
    "pathsim.scenario.parameter": ("Quantity", "Within"),
    "pathsim.study.calibration.posterior": ("Posterior",),
    "pathsim.study.states": ("States",),
}
MODULES: Final = {name: module for module, names in _PLACES.items() for name in names}
"""Where each class is; it is imported when it is first needed."""
_FOUND_AGAIN: Final = {"Input": ("value",)}
"""Fields that are functions, and follow from the others."""
RESULTS: Final = (
    *("Comparison", "Decision", "Explanation", "Portfolio", "Run", "Sensitivity"),
    *("Shares", "Sweep", "Validation", "Value"),
)
"""What a file may be of."""


@cache
def class_of(name: str) -> type:
    """Return a class by its name. Raises KeyError."""
    found: type = getattr(import_module(MODULES[name]), name)
    return found


def fields_of(kind: type) -> tuple[str, ...]:
    """Return the names of the fields that an object of a class is made from."""
    left_out = _FOUND_AGAIN.get(kind.__name__, ())
    if is_dataclass(kind):
        # What begins with an underscore is only remembered, and found again.
        return tuple(each.name for each in fields(kind) if not each.name.startswith("_"))
    return tuple(name for name in getattr(kind, "_fields", ()) if name not in left_out)
