"""The shape of `pathsim value --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Interval, Origin, Shape


class PayerShape(Shape):
    """What a payer gains, pounds at present value; harm to society is no cash, and has null."""

    payer: str
    gain: float
    cashable: float | None
    not_cashable: float | None


class YearShape(Shape):
    """What the cohort of a year gains whom, pounds at present value."""

    year: int
    discount_factor: float | None
    """Null in the years after the appraisal's, in which only the last cohorts' money moves."""
    by_payer: dict[str, float]
    public: float
    cashable: float
    not_cashable: float
    total: float
    public_as_it_falls: float
    """What the public purse gains in the year by all cohorts, not discounted."""


class ValuedOption(Shape):
    """One option, appraised; gains are above 0."""

    title: str
    file: str | None
    npsv: Interval
    public: Interval
    bcr: float | None
    cashable: float
    not_cashable: float
    reoffences_avoided: float
    cost_per_reoffence_avoided: float | None
    payback_years: float | None
    """Null: not paid back in the years that are looked at."""
    equivalent_annual_value: float
    equivalent_annual_cost: float
    optimism_bias_by: str
    payers: list[PayerShape]
    years: list[YearShape]


class StudyShape(Shape):
    """A study of so many people, pounds; null where it is not known."""

    people: int
    evsi: float | None
    se: float | None
    worth: float | None
    cost: float | None
    net_benefit: float | None
    said: str


class BestStudy(Shape):
    """The best size of a study; 0 people: none is worth its cost."""

    people: int
    net_benefit: float


class StudiesShape(Shape):
    """What studies of a quantity would be worth."""

    parameter: str | None
    """Null: nothing that a study of people measures is seen to matter."""
    design: str
    prior_people: float | None
    """As how many people what is known already counts."""
    evppi: float | None
    reducible: float
    waits_years: int
    sizes: list[StudyShape]
    best: BestStudy | None
    said: str


class ValueShape(Shape):
    """Options by the Green Book, year by year and payer by payer."""

    schema_: Literal["pathsim.value/1"] = Field(alias="schema")
    run: Origin
    appraisal_years: int
    schedule: str
    options: list[ValuedOption]
    studies: StudiesShape | None
