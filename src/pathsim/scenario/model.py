"""The scenario: everything an engine needs to know, resolved, frozen and sourced."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from pathsim.errors import nearest

from .cohort import CohortSource, FollowUp
from .justice import Accommodation, Costs, Courts, Custody, Hazard, Offending, Sentencing
from .parameter import Number, Section
from .service import Identifier, Pool, Service

SCHEMA_VERSION = 1
MAX_SERVICES = 64
"""A person's services are bits of one machine word."""


class Scenario(Section):
    """One state of the system: a baseline, or a baseline with an option applied."""

    schema_version: Literal[1] = 1
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    from_day: Number | None = None
    """Day from which this scenario holds; until then `before` does."""
    before: Scenario | None = None
    """The scenario in force until `from_day`."""
    cohort: CohortSource
    follow_up: FollowUp
    hazard: Hazard
    offending: Offending = Offending()
    courts: Courts = Courts()
    sentencing: Sentencing
    custody: Custody = Custody()
    accommodation: Accommodation = Accommodation()
    pools: dict[Identifier, Pool] = {}
    services: Annotated[dict[Identifier, Service], Field(max_length=MAX_SERVICES)] = {}
    costs: Costs = Costs()

    @model_validator(mode="after")
    def _references(self) -> Scenario:
        for name, service in self.services.items():
            for key, references, known in (
                ("requires_any", service.requires_any, self.services),
                ("trigger.services", service.trigger.services, self.services),
                ("pool", (service.pool,) if service.pool else (), self.pools),
            ):
                for reference in references:
                    if reference not in known:
                        hint = nearest(reference, known)
                        raise ValueError(
                            f"services.{name}.{key} names unknown '{reference}'"
                            + (f"; {hint}" if hint else "")
                        )
        for name in self.pools:
            if name in self.services:
                raise ValueError(f"pools.{name} and services.{name} need different ids")
        requires = {name: service.requires_any for name, service in self.services.items()}
        starts = {name: service.trigger.services for name, service in self.services.items()}
        _refuse_cycles(requires, "requires_any")
        _refuse_cycles(starts, "trigger.services")
        return self

    @model_validator(mode="after")
    def _dated(self) -> Scenario:
        if (self.from_day is None) != (self.before is None):
            raise ValueError("from_day needs a scenario to take over from, and the reverse")
        if self.before is not None:
            if self.before.before is not None:
                raise ValueError("only one date of change is possible; the baseline has one already")
            if self.before.cohort != self.cohort or self.before.follow_up != self.follow_up:
                raise ValueError("an option with from_day cannot change cohort or follow_up")
        return self


def _refuse_cycles(edges: dict[str, tuple[str, ...]], key: str) -> None:
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        _walk(start, edges, path, done, key)


def _walk(
    node: str, edges: dict[str, tuple[str, ...]], path: list[str], done: set[str], key: str
) -> None:
    if node in path:
        circle = " -> ".join([*path[path.index(node) :], node])
        raise ValueError(f"services.{node}.{key} goes round in a circle: {circle}")
    if node in done:
        return
    path.append(node)
    for following in edges[node]:
        _walk(following, edges, path, done, key)
    path.pop()
    done.add(node)
