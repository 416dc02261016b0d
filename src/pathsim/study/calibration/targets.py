"""What a calibration is asked to do: which parameters are free, and which figures are to be met.

A file of targets is data: free parameters with their priors, and published figures with their
errors. Some figures are fitted; others are left out on purpose, to see what the fit predicts.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from pathsim.errors import InputError, Problem, nearest
from pathsim.paths import is_file, path_of
from pathsim.scenario.cohort import GroupLevel
from pathsim.scenario.explain import resolve
from pathsim.scenario.faults import fault
from pathsim.scenario.parameter import Flag, Number, Strict
from pathsim.scenario.read import read
from pathsim.scenario.shipped import TARGETS, shipped_targets
from pathsim.text import steers

from .figures import merged, with_figures

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

Measure = Literal[
    "rate",
    "reoffences_per_reoffender",
    "occasions_per_reoffender",
    "early_share",
    "early_reoffences_share",
    "later_ratio",
    "share",
    "housed",
    "settled",
    "homeless",
]
"""What a target is a figure of; `measure.py` says how each is taken from a run."""
OF_LOGS = ("housed", "settled", "homeless")
"""Measures read from event logs."""
RATIOS = ("reoffences_per_reoffender", "occasions_per_reoffender", "later_ratio")
"""Measures that are not shares: compared on the log scale, the others on the logit scale."""

FREE = (
    *("hazard", "offending", "courts", "sentencing", "custody", "accommodation"),
    *("pools", "services"),
)
"""Sections of a scenario whose numbers may be free; the others say who is followed, and how."""
_SMALLEST = 0.0001
"""A figure is at least so much, and a share as far from 1."""
_A_POINT, _FIVE_PERCENT = 0.01, 0.05
Words = Annotated[str, Field(min_length=1)]
Positive = Annotated[Number, Field(gt=0)]


def _shown(name: str) -> str:
    if steers(name):
        raise fault("holds a character that is not shown", found=name, allowed="letters and marks")
    return name


Id = Annotated[Words, AfterValidator(_shown)]


class Parameter(Strict):
    """A free parameter and its prior: normal on the log scale."""

    key: Id
    """Dotted key of the scenario."""
    median: Positive
    """Prior median, in the parameter's unit."""
    log_sd: Positive
    """Prior standard deviation of the logarithm."""
    reason: Words
    """Why this prior."""

    @field_validator("key")
    @classmethod
    def _free(cls, key: str) -> str:
        if '"' in key or "'" in key:
            raise fault("has quotes in it; it is one text, without them", found=key)
        if key.partition(".")[0] not in FREE:
            allowed = f"the dotted key of a number of {', '.join(FREE)}"
            raise fault("cannot be free: no figure is fitted by it", found=key, allowed=allowed)
        return key


class Target(Strict):
    """A published figure."""

    id: Id
    title: Words
    measure: Measure = "rate"
    groups: tuple[GroupLevel, ...] = ()
    """Whom it is about, `attribute=level`: levels of one attribute are added up, those of several
    crossed; none: everybody."""
    days: Positive = 91.25
    """For the early measures, `later_ratio`, `settled` and `homeless`: how long after the index
    date or release."""
    counted: Literal["a quarter", "a year"] = "a quarter"
    """How often a person is in the cohort of the figure at most: once a quarter, as since 2017, or
    once a year, as before and elsewhere."""
    published: Positive
    se: Annotated[Number, Field(ge=0)] = 0.0
    """Standard error of sampling, in the unit of `published`."""
    discrepancy: Annotated[Number, Field(ge=0)] = 0.0
    """Standard deviation of what else keeps model and figure apart, in the same unit."""
    discrepancy_reason: str = ""
    source: Words
    fitted: Flag = False
    tolerance: Positive | None = None
    """How near counts as met: of a share in its unit, of a ratio as a part of the figure; left
    out, a point, or five per cent."""
    missed_because: str = ""
    """Why a right fit would still be off, or what the model lacks, where it misses the figure."""

    @model_validator(mode="after")
    def _sensible(self) -> Target:
        if self.discrepancy and not self.discrepancy_reason:
            raise fault("needs discrepancy_reason", key=("discrepancy",), found=self.discrepancy)
        if self.published < _SMALLEST or (self.is_share and self.published > 1 - _SMALLEST):
            allowed = f"{_SMALLEST} {'to 0.9999' if self.is_share else 'or more'}"
            raise fault(
                "is out of range", key=("published",), found=self.published, allowed=allowed
            )
        if self.fitted and not self.se + self.discrepancy:
            raise fault("a fitted target needs se or discrepancy", key=("se",))
        self._refuse_twice()
        if self.fitted and self.measure in OF_LOGS:
            raise fault("cannot be fitted, only left out", key=("measure",), found=self.measure)
        if self.counted != "a quarter" and self.measure in OF_LOGS:
            message = f"cannot be said of '{self.measure}', about first releases"
            raise fault(message, key=("counted",), found=self.counted, allowed="a quarter")
        if self.groups and self.measure in OF_LOGS:
            message = f"cannot be said of '{self.measure}', about all released from custody"
            raise fault(message, key=("groups",), found=list(self.groups))
        return self

    def _refuse_twice(self) -> None:
        if len(set(self.groups)) < len(self.groups):
            message = "name one group twice"
            raise fault(message, key=("groups",), found=list(self.groups), allowed="each once")

    @property
    def is_crossed(self) -> bool:
        """Whether it is about people who have a level of each of several attributes."""
        return len({group.partition("=")[0] for group in self.groups}) > 1

    @property
    def is_share(self) -> bool:
        """Whether the figure lies between 0 and 1."""
        return self.measure not in RATIOS

    @property
    def near(self) -> float:
        """Return how far off still counts as met, in the figure's unit."""
        if self.is_share:
            return self.tolerance or _A_POINT
        return (self.tolerance or _FIVE_PERCENT) * self.published

    @property
    def log_error(self) -> float:
        """Return the standard deviation of the figure on its scale, logit or log."""
        error = math.hypot(self.se, self.discrepancy)
        return error / (self.published * (1 - self.published if self.is_share else 1))


class Targets(Strict):
    """Free parameters and published figures."""

    title: Words
    parameters: Annotated[tuple[Parameter, ...], Field(min_length=1)]
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _distinct(self) -> Targets:
        for what, names in (
            ("parameters", [each.key for each in self.parameters]),
            ("targets", [each.id for each in self.targets]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise fault(f"'{twice[0]}' is given twice", key=(what,))
        return self

    @property
    def fitted(self) -> tuple[Target, ...]:
        """Return the targets that enter the likelihood."""
        return tuple(target for target in self.targets if target.fitted)


def targets_of(scenario: Scenario) -> Path:
    """Return the file of a scenario's own targets: beside its file, or beside what it extends.

    Raises
    ------
    InputError
        When there is none.
    """
    folders = [Path(file.path).parent for file in reversed(scenario.lineage.files)]
    found = next((each / TARGETS for each in folders if (each / TARGETS).is_file()), None)
    if found is None:
        message = f"the scenario has none of its own: no {TARGETS} beside its file"
        allowed = f"{', '.join(shipped_targets())}; or a .toml file"
        raise InputError(Problem(message, key="targets", allowed=allowed))
    return found


def holds_targets(path: Path) -> bool:
    """Return whether there is a file of calibration targets at `path`. Raises InputError."""
    return path.suffix == ".toml" and is_file(path) and read(path).holds_targets


def read_targets(targets: str | Path) -> Targets:
    """Return the targets in a TOML file, or those shipped under a name such as `dorset`.

    Raises
    ------
    InputError
        When there is no such file, or with everything that is wrong in it.
    """
    path = path_of(
        targets, key="targets", allowed="a .toml file, or the name of shipped calibration targets"
    )
    if path.suffix != ".toml":
        known = shipped_targets()
        if str(targets) not in known:
            hint = nearest(str(targets), known)
            message = "no calibration targets of this name are shipped" + (
                f"; {hint}" if hint else ""
            )
            allowed = f"{', '.join(known)}; or a .toml file"
            raise InputError(Problem(message, found=str(targets), allowed=allowed))
        path = known[str(targets)]
    documents = with_figures(read(path))
    return resolve(Targets, merged(documents), documents)
