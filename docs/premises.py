"""Approved premises by the years since people came in: part of docs/generations.md."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.engine.contract import Event
from pathsim.engine.run import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.engine.contract import Log
    from pathsim.engine.lowering import Lowered

SERVICE = "approved_premises"
ENDS = (Event.SERVICE_COMPLETE, Event.SERVICE_DROP_OUT, Event.SERVICE_STOP)
LOGS, SEED = 100, 1
TEXT = """
## Where a cohort uses less than is in use

`service.<id>.supply_years` is the use by counted people, for as long as they are followed;
`.utilisation` is the use by everybody, in the intake year. If numbers are stable the two agree,
except for tags and other services that are full (above). Approved premises are not full, but the
two differ: counted people use {row:.2f} of a year's places, and
{column:.2f} are in use ({logs} replications). Below, the counted in their first {years} years and
later are compared with everybody who came in so many years before the intake year.

| approved premises | in the intake year, everybody | the counted |
|---|---:|---:|
| used, of a year's places, by those who came in less than {years} years ago | {0} | {1} |
| by those who came in earlier | {2} | {3} |
| releases from custody of those who came in earlier | {4} | {5} |
| of these, of people whom the service takes | {6} | {7} |

In the years in which generations are followed, the two agree. People who came in earlier are the
stock in custody, and the difference is due to them. Premises take people by the sentence with which
they *came in* ([the model](model.md), section 5: who is eligible stays eligible). The stock
represents all long sentences of earlier years, including those for reoffences; each
person in it came in with that sentence. Of the counted people who are
released so late, most came in with a shorter sentence, and are not taken. The use by everybody
is nearer to Dorset, where premises go by the
sentence that is served. Supply years are too low by the difference.
"""


class Use(NamedTuple):
    """By replication: [R, 2] of everybody in the intake window, and of the counted."""

    early: NDArray[np.float64]
    """Place-days of those whose generation is followed, of those on offer."""
    late: NDArray[np.float64]
    """The same of those who came in earlier: the stock, and the counted after so many windows."""
    releases: NDArray[np.float64]
    """Of these."""
    eligible: NDArray[np.float64]
    """Those of people whom the service takes."""


def use(model: Lowered, *, logs: int = LOGS, seed: int = SEED) -> Use:
    """Return who uses approved premises, and who is released late."""
    with ThreadPoolExecutor() as pool:
        found = np.array(list(pool.map(partial(_of_a_log, model, seed), range(logs))))
    return Use(*found.transpose(1, 0, 2))


def section(found: Use, *, years: int) -> str:
    """Return the part of the page."""
    column, row = (found.early + found.late).mean(axis=0)
    uses = [f"{each:.2f}" for each in (*found.early.mean(axis=0), *found.late.mean(axis=0))]
    people = [
        f"{each:.0f}" for each in (*found.releases.mean(axis=0), *found.eligible.mean(axis=0))
    ]
    return TEXT.format(*uses, *people, row=row, column=column, logs=len(found.early), years=years)


def _of_a_log(model: Lowered, seed: int, replication: int) -> NDArray[np.float64]:
    _, log = simulate(model, seed=seed, replication=replication, keep_log=True)
    assert log is not None
    number, window = model.services.index(SERVICE), float(model.tables.rules["intake"][0])
    early = (1 - min(model.generations)) * window
    person, begin, end = _spells(log, number)
    generation, _ = model.described(person)
    places = model.capacity_days[number]

    def held(which: NDArray[np.bool_], since: float, until: float) -> float:
        days = np.clip(np.minimum(end, until) - np.maximum(begin, since), 0.0, None)
        return float(days[which].sum() / places)

    stock, counted = generation < min(model.generations), generation == 0
    everybody = generation <= 0
    inside = log.event == Event.RELEASE
    time = log.time[inside]
    generation, row = model.described(log.person[inside])
    takes = (model.people.eligible[-1] >> np.uint64(number) & np.uint64(1)).astype(bool)[row]
    of_stock = (generation < min(model.generations)) & (time >= 0.0) & (time < window)
    of_counted = (generation == 0) & (time >= early)
    return np.array(
        [
            [held(everybody & ~stock, 0.0, window), held(counted, 0.0, early)],
            [held(stock, 0.0, window), held(counted, early, np.inf)],
            [of_stock.sum(), of_counted.sum()],
            [(of_stock & takes).sum(), (of_counted & takes).sum()],
        ]
    )


def _spells(log: Log, service: int) -> tuple[NDArray[np.int64], ...]:
    """Return person, begin and end of each spell in a service; nobody has two at a time."""
    of_service = np.isin(log.event, (Event.SERVICE_START, *ENDS)) & (log.detail == service)
    person, time, event = (each[of_service] for each in (log.person, log.time, log.event))
    order = np.lexsort((np.arange(len(person)), time, person))
    person, time, event = person[order], time[order], event[order]
    start = np.flatnonzero(event == Event.SERVICE_START)
    after = np.append(person[1:], -1) == person
    end = np.where(after, np.append(time[1:], np.inf), np.inf)
    return person[start], time[start], end[start]
