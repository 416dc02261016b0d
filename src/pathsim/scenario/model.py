"""The scenario: everything an engine needs to know, resolved, frozen and sourced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from pathsim import verbs
from pathsim.errors import wrong_type

from . import display, options, write
from .areas import MOST_AREAS, Area, clashes, wrong_shares
from .cohort import CohortSource, FollowUp, Identifier
from .faults import fault, together
from .justice import (
    MULTIPLIERS,
    Accommodation,
    Costs,
    Courts,
    Custody,
    Hazard,
    Offending,
    Sentencing,
)
from .keys import Key, Named, all_keys
from .lineage import Lineage
from .parameter import Section, Whole, off
from .references import broken
from .repeats import endless
from .service import MAX_SERVICES, Pool, Service, few_enough
from .units import Factor, FromDay, people

SCHEMA_VERSION = 1


class Scenario(Section):
    """One state of the system: a baseline, or a baseline with an option applied.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> town.keys("mentor.capacity")
    ['services.mentor.capacity']
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> more.services["mentor"].capacity.value
    24.0
    >>> more == town, hash(town) == hash(ps.example())
    (False, True)
    """

    instead: ClassVar[str] = (
        "pathsim.load(path), and scenario.change(title, {key: value}) for another one like it"
    )

    schema_version: Literal[1] = 1
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    from_day: FromDay | None = None
    """Day from which this scenario holds; until then `before` does."""
    before: Scenario | None = None
    """The scenario in force until `from_day`."""
    areas: Annotated[
        dict[Identifier, Area], Field(max_length=MOST_AREAS), AfterValidator(Named)
    ] = Field(default_factory=Named)
    """Parts of the police area, by which services take people and outcomes are told apart."""
    cohort: CohortSource
    follow_up: FollowUp
    hazard: Hazard
    offending: Offending = Offending()
    courts: Courts = Courts()
    sentencing: Sentencing
    custody: Custody = Custody()
    accommodation: Accommodation = Accommodation()
    pools: Annotated[
        dict[Identifier, Pool], Field(max_length=MAX_SERVICES), AfterValidator(Named)
    ] = Field(default_factory=Named)
    services: Annotated[
        dict[Identifier, Service], AfterValidator(few_enough), AfterValidator(Named)
    ] = Field(default_factory=Named)
    costs: Costs = Costs()
    scale: Factor = off(1.0)
    """Factor of all places, of services, pools and custody, and of their fixed costs."""
    places_for: Annotated[Whole, Field(ge=1, le=1_000_000_000), people(50)] | None = None
    """For how many people the places are; left out, for as many as the cohort has."""

    @model_validator(mode="after")
    def _references(self) -> Scenario:
        services = {
            name: {
                "requires_any": service.requires_any,
                "trigger": {"services": service.trigger.services, "of": service.trigger.of},
                "pool": service.pool,
                "eligible": {"area": service.eligible.area},
            }
            for name, service in self.services.items()
        }
        rows = [{"area": row.area} for row in getattr(self.cohort, "rows", ())]
        faults = broken(
            {
                "services": services,
                "pools": {
                    name: {"review_days": pool.review_days.value}
                    for name, pool in self.pools.items()
                },
                "sentencing": {
                    "presumption": {"with_service": self.sentencing.presumption.with_service}
                },
                "areas": self.areas,
                "hazard": {name: getattr(self.hazard, name) for name in MULTIPLIERS},
                "cohort": {"rows": rows},
            }
        )
        faults += [*wrong_shares(self.areas), *clashes(self.areas), *endless(self.services)]
        if faults:
            raise together(faults)
        return self

    @model_validator(mode="after")
    def _dated(self) -> Scenario:
        if (self.from_day is None) != (self.before is None):
            message = "needs what it takes over from: from_day belongs in an option with extends"
            raise fault(message, key=("from_day",), found=self.from_day)
        if self.before is not None:
            earlier = self.before.from_day
            if earlier is not None and earlier >= (self.from_day or 0.0):
                message = "must be after the day of the change before"
                allowed = f"above {earlier:g}"
                raise fault(message, key=("from_day",), found=self.from_day, allowed=allowed)
            for regime in self.before.regimes:
                _refuse_dated_change(regime, self)
        return self

    @property
    def regimes(self) -> tuple[Scenario, ...]:
        """What is in force in turn, each from its `from_day` on; the last one is this scenario."""
        return (*(() if self.before is None else self.before.regimes), self)

    def on(self, day: float | None) -> Scenario:
        """Return what is in force on a day, the last of its regimes; None: before any change."""
        begun = [each for each in self.regimes if not _is_later(each, day)]
        return begun[-1]

    @cached_property
    def lineage(self) -> Lineage:
        """The files it was read from, with their hashes, and what it is an option of."""
        return Lineage()

    @cached_property
    def key(self) -> Key:
        """The keys for `change`, to be completed: `scenario.key.services.gps_tag.capacity`."""
        return Key(self)

    def keys(self, part: str = "") -> list[str]:
        """Return the dotted keys that `change` takes; of those, the ones that hold `part`."""
        if not isinstance(part, str):
            raise wrong_type("part", part, "text, such as 'capacity'")
        return [key for key in all_keys(self) if part in key]

    def change(
        self, title: str, overrides: Mapping[Any, object], *, from_day: float | None = None
    ) -> Scenario:
        """Return this scenario with `overrides` by dotted key, as an option file would make it.

        A bare number that replaces a parameter is graded as the option's choice. With
        `from_day` this scenario stays in force until then.
        """
        return options.change(self, title, overrides, from_day=from_day)

    def sweep(
        self, key: str, levels: Iterable[float], *, target: str | None = None, **how: Any
    ) -> Any:
        """Simulate this scenario at each level of a lever: `pathsim.sweep` with it as baseline.

        key: dotted, such as `services.gps_tag.capacity`. levels: such as `range(0, 61, 6)`. target,
        how: as `pathsim.sweep` takes. Returns a `Sweep`. Raises InputError.
        """
        return verbs.sweeper()(self, key, levels, target=target, **how)

    def to_toml(self) -> str:
        """Return the scenario as TOML in which nothing is implied."""
        return write.dump(self)

    def __repr__(self) -> str:
        return display.one_line(self)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return display.as_html(self)


def _is_later(regime: Scenario, day: float | None) -> bool:
    """Return whether a regime begins after a day."""
    return regime.from_day is not None and (day is None or regime.from_day > day)


_FOR_LIFE = (
    ("areas",),
    ("cohort",),
    ("follow_up",),
    *(("hazard", key) for key in ("score", "adult_level", "youth_level", "frailty_sigma", "shape")),
    ("hazard", "decay_per_year"),
    *(("hazard", name) for name in MULTIPLIERS),
    ("hazard", "youth_risk_percent"),
    ("offending", "record_grows"),
    ("costs", "discount_rate_percent"),
)
"""What is fixed for a person at the index date, and so cannot change on a day."""


def _refuse_dated_change(before: Scenario, after: Scenario) -> None:
    message = "cannot be changed by an option with from_day"
    for path in _FOR_LIFE:
        if _at(before, path) != _at(after, path):
            raise fault(message, key=path)
    for part in ("pools", "services"):
        old, new = getattr(before, part), getattr(after, part)
        for name in old.keys() & new.keys():
            # Those who wait have their place in the queue by the rule of the day they joined.
            if old[name].order != new[name].order:
                raise fault(message, key=(part, name, "order"), found=new[name].order)
            if part == "pools" and old[name].review_days.value != new[name].review_days.value:
                raise fault(message, key=(part, name, "review_days"))


def _at(scenario: Scenario, path: tuple[str, ...]) -> object:
    value: object = scenario
    for key in path:
        value = getattr(value, key)
    return value
