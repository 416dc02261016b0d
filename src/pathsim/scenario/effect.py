"""An effect: a ratio of hazards, with what its studies report and the rule from one to the other.

The studies stand here as they report; `study.effects` turns them into ratios of a person's hazard
in the scenario's own population. A file holds the solved ratio, and runs use it as it stands.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, ValidationInfo, model_validator

from .cohort import GroupLevel
from .faults import fault
from .offences import ALL_OFFENCES, Offences, offence_groups, refuse_no_groups
from .parameter import Number, Quantity, Strict, Whole, Within, off, refuse_crossed
from .units import LONGEST_DAYS

Measure = Literal["rates", "points", "odds", "risk_ratio", "hazard_ratio", "frequency_ratio"]
"""What a study compares: two shares of people; their difference in percentage points; the ratio
of their odds, or of the shares; of hazards, net of what the study controls for; of reoffences."""
Design = Literal[
    "rct", "regression_discontinuity", "natural_experiment", "matched", "cohort", "review"
]
Rule = Literal[
    "study",
    "as published",
    "as published, carried over",
    "pooled",
    "halved because volunteers",
    "halved because carried over",
    "halved because not reproduced",
]
"""How value, low and high follow from the studies; `study/effects/rules.py` has each."""
OF_ONE: Final = ("study", "as published", "as published, carried over")
"""Rules that are about exactly one study."""

_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "rates": ("treated", "untreated"),
    "points": ("points",),
}
_KEYS: Final = ("treated", "untreated", "points", "ratio")
_WITHOUT_RATE: Final = ("frequency_ratio",)
Rate = Annotated[Number, Field(gt=0, lt=1)]
Words = Annotated[str, Field(min_length=1)]
Days = Annotated[Number, Field(gt=0, le=LONGEST_DAYS)]


class Study(Strict):
    """What a study reports, in its own measure, and of whom."""

    filled_by: ClassVar[str] = "study"
    """Key whose value, an id of the shipped table, brings what is left out."""

    study: str | None = None
    """Id in the shipped table of studies, from which what is left out here is filled."""
    name: Words
    source: Words
    """Publisher, title and year; what was derived and what was assumed belongs in the note."""
    design: Design
    measure: Measure
    treated: Rate | None = None
    """For rates: share of the treated who reoffend within the follow-up."""
    untreated: Rate | None = None
    """Share of the others; left out, but for rates, that of the scenario's own people."""
    points: Annotated[Number, Field(gt=-100, lt=100)] | None = None
    """For points: the treated share less the other, in percentage points."""
    ratio: Annotated[Number, Field(gt=0, le=1000)] | None = None
    """For the other measures: the treated over the others."""
    low: Number | None = None
    """Lower end of the 95% interval: of points for rates and points, else of the ratio."""
    high: Number | None = None
    """Upper end of the same interval."""
    follow_up_days: Days = 365.0
    reoffending: Offences = ALL_OFFENCES
    """Offence groups that count as reoffending in the study."""
    acting_days: Days | None = None
    """How long the treatment acts, from the first day; left out, throughout the follow-up."""
    n: Annotated[Whole, Field(ge=2)] | None = None
    """People in both groups; where there is no interval, they give one."""
    population: tuple[GroupLevel, ...] = ()
    """Whom it is about, `attribute=level`, as near as a cohort allows; none: everybody. Levels of
    one attribute add up, those of several are all needed."""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, raw: Any, _info: ValidationInfo) -> Any:
        if not isinstance(raw, dict) or raw.get("study") is None:
            return raw
        known, name = shipped_studies(), raw["study"]
        if not isinstance(name, str) or name not in known:
            message = "is no id of the table of studies"
            raise fault(message, key=("study",), found=name, near=known)
        return known[name] | raw

    @model_validator(mode="after")
    def _complete(self) -> Study:
        needed = _NEEDS.get(self.measure, ("ratio",))
        for key in _KEYS:
            found = getattr(self, key)
            if key in needed and found is None:
                raise fault(f"is missing: the measure is {self.measure}", key=(key,))
            spare = key == "untreated" and self.measure not in _WITHOUT_RATE
            if found is not None and key not in needed and not spare:
                allowed = f"{', '.join(needed)} with the measure {self.measure}"
                raise fault("is of another measure", key=(key,), found=found, allowed=allowed)
        return self

    @model_validator(mode="after")
    def _ordered(self) -> Study:
        if (self.low is None) != (self.high is None):
            raise fault("needs both ends", key=("low",), found=self.low, allowed="low and high")
        if self.low is not None and self.high is not None:
            refuse_crossed(self.low, self.high)
            if not self.low - 1e-9 <= self.result <= self.high + 1e-9:
                allowed = f"low to high around {self.result:.6g}, what the study reports"
                raise fault("leaves out the result", key=("low",), found=self.low, allowed=allowed)
            if self.low <= 0 and self.measure not in ("rates", "points"):
                raise fault("is no ratio", key=("low",), found=self.low, allowed="above 0")
        refuse_no_groups(self.reoffending, key="reoffending")
        if self.acting_days is not None and self.acting_days > self.follow_up_days:
            allowed = f"{self.follow_up_days:g} (follow_up_days) or less"
            found = self.acting_days
            raise fault("is past the follow-up", key=("acting_days",), found=found, allowed=allowed)
        return self

    @property
    def groups_counted(self) -> tuple[str, ...]:
        """The offence groups that count as reoffending."""
        return offence_groups(self.reoffending)

    @property
    def result(self) -> float:
        """Return the result in the measure's unit: percentage points, or a ratio."""
        if self.treated is not None and self.untreated is not None:
            return 100.0 * (self.treated - self.untreated)
        centre = self.points if self.ratio is None else self.ratio
        return math.nan if centre is None else centre


class Effect(Quantity):
    """A ratio of hazards; its value and interval are solved from its studies where it has any."""

    rule: Rule | None = None
    """How value, low and high follow from the studies."""
    studies: Annotated[tuple[Study, ...], Field(min_length=1)] | None = None
    """What the effect rests on, as reported; left out, no study gives a size that can be used."""

    @model_validator(mode="after")
    def _with_rule(self) -> Effect:
        if (self.rule is None) != (self.studies is None):
            absent, other = ("rule", "studies") if self.rule is None else ("studies", "rule")
            raise fault(f"is missing, as there is {_AN[other]}", key=(absent,))
        if self.studies is not None:
            self._refuse_number(self.studies)
        return self

    def _refuse_number(self, studies: tuple[Study, ...]) -> None:
        names = [each.name for each in studies]
        again = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if again is not None:
            raise fault(f"names '{again}' twice", key=("studies",))
        if self.rule in OF_ONE and len(studies) > 1:
            allowed = "the one study that it is about"
            raise fault(
                f"is about one study, and there are {len(studies)}",
                key=("rule",),
                found=self.rule,
                allowed=allowed,
            )
        if self.rule == "pooled" and len(studies) == 1:
            raise fault(
                "needs two studies or more",
                key=("rule",),
                found=self.rule,
                allowed=", ".join(OF_ONE),
            )


_AN: Final = {"rule": "a rule", "studies": "a list of studies"}
EffectRatio = Annotated[Effect, Within(0.0, 1000.0)]
"""A multiplier of the hazard that a study may stand behind; 1 changes nothing."""


def no_effect() -> Effect:
    """Return the ratio that switches an effect off, for use as a default."""
    return Effect(**dict(off(1.0)))


@cache
def shipped_studies() -> dict[str, dict[str, Any]]:
    """Return the shipped table of studies by id, each as a file would say it."""
    text = (files("pathsim.data") / "studies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
