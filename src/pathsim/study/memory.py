"""How much memory a study takes, known before it starts.

What grows with the replications is what each adds up to, by group and service, and what one
outcome takes while its statistics are worked out. The rest is the people and a workspace a worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.engine.contract import N_OUTCOME_COLUMNS, N_PAYERS, N_SERVICE_COUNTS
from pathsim.engine.kernels.workspace import CASE, ENTRY, HEAPED, PERSON, SPELL
from pathsim.engine.run import GENERATIONS_AT_ONCE
from pathsim.errors import InputError, Problem, warn_caller
from pathsim.machine import available, in_words
from pathsim.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.engine.lowering import Lowered

    from .plan import Plan

_NUMBER = 8
"""Bytes."""
_AT_ONCE = 16
"""Arrays of [replications, groups] while the statistics of one outcome are worked out."""
VALUES_TOGETHER: Final = 2**18
"""Values of small outcomes whose statistics are worked out together."""
_POSTERIOR_ROW = 2_000
"""Bytes of a replication's parameters, as Python keeps them."""
_REFERENCE_PERSON = 20_000
"""Bytes of a person and what they plan in the reference engine, as Python keeps them."""
_AT_A_TIME = 2 * (PERSON.itemsize + ENTRY.itemsize + HEAPED.itemsize) // 6 + (
    SPELL.itemsize // 2 + CASE.itemsize // 8
)
"""Bytes of a person in a kernel's lists, which have room for those followed at the same time."""
_MEMBER = 64
"""Bytes of a person's first draws in a kernel's workspace, in each generation."""
_OF_ALL = 6
"""Numbers kept of everybody: five of people in custody, and how many events there were."""
_ROWS_BESIDE = 16
"""Outcomes of everybody beside the columns that are counted, at most."""
_ROWS_OF_A_SERVICE = 8
"""Outcomes of a service."""
_MUCH = 0.5
"""Of what there is: from here on it is said."""


class Needed(NamedTuple):
    """Bytes that a study takes beside what the process has."""

    fixed: int
    a_replication: int

    def of(self, replications: int) -> int:
        """Return the bytes with so many replications."""
        return self.fixed + replications * self.a_replication


def needed(lowered: Sequence[Lowered], plan: Plan, *, at_once: int | None = None) -> Needed:
    """Return what a study of lowered scenarios takes, and what comparing them with the first keeps.

    at_once: how many runs are kept at a time beside the first's; None: all.
    """
    first, *others = lowered
    kept = _kept(first) + sum(sorted(map(_kept, others), reverse=True)[:at_once])
    kept += sum(map(_of_everybody, others))
    at_once = _NUMBER * _AT_ONCE * max(len(each.groups) for each in lowered)
    posterior = _POSTERIOR_ROW if plan.posterior else 0
    fixed = plan.workers * max(_of_people(each, plan.engine) for each in lowered)
    fixed += _NUMBER * _AT_ONCE * VALUES_TOGETHER
    return Needed(fixed, kept + at_once + posterior)


def _of_people(lowered: Lowered, engine: str) -> int:
    """Return the bytes that the people of a replication take."""
    if engine == "reference":
        return lowered.members * _REFERENCE_PERSON
    at_a_time = len(lowered.people.key) * min(len(lowered.generations), GENERATIONS_AT_ONCE)
    return at_a_time * _AT_A_TIME + lowered.members * _MEMBER


def _kept(lowered: Lowered) -> int:
    """Return the bytes that are kept of one replication of a scenario."""
    groups, services = len(lowered.groups), len(lowered.services)
    by_group = groups * (N_OUTCOME_COLUMNS + services * N_SERVICE_COUNTS)
    return _NUMBER * (by_group + 2 * services + N_PAYERS + _OF_ALL)


def _of_everybody(lowered: Lowered) -> int:
    """Return the bytes kept of a replication of an option when its runs are told and dropped.

    Everybody's outcomes, on its side and as differences, and each group's rate.
    """
    rows = N_OUTCOME_COLUMNS + _ROWS_BESIDE + len(lowered.services) * _ROWS_OF_A_SERVICE
    return _NUMBER * (2 * rows + len(lowered.groups))


def check_memory(lowered: Sequence[Lowered], plan: Plan, *, at_once: int | None = None) -> None:
    """Refuse a study that does not fit, with what would; warn of one that takes much.

    at_once: as in `needed`. Raises InputError.
    """
    there = available()
    if there is None:
        return
    wanted = needed(lowered, plan, at_once=at_once)
    total = wanted.of(plan.replications)
    if total > there:
        raise InputError(_too_much(wanted, total, there, plan, scenarios=len(lowered)))
    if total > _MUCH * there:
        message = f"the study takes about {in_words(total)} of {in_words(there)} of memory"
        warn_caller(message)


def _too_much(needs: Needed, total: int, there: int, plan: Plan, *, scenarios: int) -> Problem:
    most = (there - needs.fixed) // needs.a_replication
    message = (
        f"the study would take about {in_words(total)} of memory, and {in_words(there)} is free"
    )
    if most < 2:
        return Problem(message, key="people", allowed="fewer people, or fewer workers")
    fewer = " or fewer options" if scenarios > 1 else ""
    if plan.draws and most >= plan.per_draw:
        states = counted(most // plan.per_draw, "state of the world", "states of the world")
        each = counted(plan.per_draw, "replication")
        allowed = f"up to {states} with {each} each here{fewer}"
        return Problem(message, key="draws", found=plan.draws, allowed=allowed)
    return Problem(
        message,
        key="replications",
        found=plan.per_draw,
        allowed=f"up to {most:,} replications here{fewer}",
    )
