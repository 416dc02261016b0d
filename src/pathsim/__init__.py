"""Simulate offenders' pathways and compare options on reoffending and cost.

import pathsim as ps

baseline = ps.load("dorset/baseline")
option = baseline.change("Twice the GPS tags", {"services.gps_tag.capacity": 36})
ps.compare(baseline, [option]).summary()
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from pathsim.collector import paused
from pathsim.errors import InputError, InputWarning
from pathsim.outcomes.registry import register_presenter, register_saver
from pathsim.verbs import register_sweep, register_validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from pathsim import plot
    from pathsim.decision.decide import decide
    from pathsim.decision.equality import equality
    from pathsim.decision.explained import explain
    from pathsim.decision.portfolio.portfolio import portfolio
    from pathsim.decision.saved.file import read_result
    from pathsim.decision.sensitive import sensitivity
    from pathsim.decision.shapley import shapley
    from pathsim.decision.sweep import sweep
    from pathsim.decision.value import value
    from pathsim.outcomes.registry import Presenter
    from pathsim.outcomes.results import Comparison, Run
    from pathsim.outcomes.verbs import compare, log, run
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.example import example
    from pathsim.scenario.load import load
    from pathsim.scenario.model import Scenario
    from pathsim.scenario.service import Service
    from pathsim.scenario.shipped import scenarios
    from pathsim.study.anywhere import using
    from pathsim.study.calibration.posterior import Posterior
    from pathsim.study.calibration.verbs import backcast, calibrate
    from pathsim.verbs import Sweeper, Validator

__version__: str

__all__ = [
    "Cohort",
    "Comparison",
    "InputError",
    "InputWarning",
    "Posterior",
    "Run",
    "Scenario",
    "Service",
    "__version__",
    "backcast",
    "calibrate",
    "compare",
    "decide",
    "equality",
    "example",
    "explain",
    "load",
    "log",
    "plot",
    "portfolio",
    "read_result",
    "run",
    "scenarios",
    "sensitivity",
    "shapley",
    "sweep",
    "using",
    "value",
]

_MODULES = {
    "Cohort": "pathsim.people.cohort",
    "Comparison": "pathsim.outcomes.results",
    "Posterior": "pathsim.study.calibration.posterior",
    "Run": "pathsim.outcomes.results",
    "Scenario": "pathsim.scenario.model",
    "Service": "pathsim.scenario.service",
    "backcast": "pathsim.study.calibration.verbs",
    "calibrate": "pathsim.study.calibration.verbs",
    "compare": "pathsim.outcomes.verbs",
    "decide": "pathsim.decision.decide",
    "equality": "pathsim.decision.equality",
    "example": "pathsim.scenario.example",
    "explain": "pathsim.decision.explained",
    "load": "pathsim.scenario.load",
    "log": "pathsim.outcomes.verbs",
    "portfolio": "pathsim.decision.portfolio.portfolio",
    "read_result": "pathsim.decision.saved.file",
    "run": "pathsim.outcomes.verbs",
    "scenarios": "pathsim.scenario.shipped",
    "sensitivity": "pathsim.decision.sensitive",
    "shapley": "pathsim.decision.shapley",
    "sweep": "pathsim.decision.sweep",
    "using": "pathsim.study.anywhere",
    "value": "pathsim.decision.value",
}
"""Module of each name; it is imported when first asked for, so that `import pathsim` is quick."""


logging.getLogger("pathsim").addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("offender-pathsim")
    if name == "plot":
        return import_module("pathsim.plot")
    if name in _MODULES:
        with paused():
            return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(f"module 'pathsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _presenter() -> Presenter:
    return cast("Presenter", import_module("pathsim.present.presenter"))


register_presenter(_presenter)


def _save() -> Callable[[object, Any], None]:
    return cast(
        "Callable[[object, Any], None]", import_module("pathsim.decision.saved.file").save_result
    )


register_saver(_save)


def _sweep() -> Sweeper:
    return cast("Sweeper", import_module("pathsim.decision.sweep").sweep)


register_sweep(_sweep)


def _validate() -> Validator:
    return cast("Validator", import_module("pathsim.decision.validated").validate)


register_validate(_validate)
