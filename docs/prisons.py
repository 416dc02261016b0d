"""Write how many the country holds in custody, in docs/dorset.md. `make year`.

Nothing is fitted to the published stock: it is held against that of the national scenario.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

import pathsim as ps
from pathsim.engine.codes import CustodyReason
from pathsim.engine.contract import Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.study.calibration.pages import page_marks, replace_between

from .national import NATIONAL, OCCASIONS, PAGE

if TYPE_CHECKING:
    from pathsim.engine.contract import Log
    from pathsim.engine.lowering import Lowered

MARKS = page_marks("national custody")
LOGS, SEED = 10, 1
POPULATION: Final = 79_092
"""31 December 2021 (Offender management statistics quarterly, July to September 2021)."""
REMAND: Final = 12_780
"""Of these (Prison Reform Trust, Bromley Briefings: remand population)."""
INDETERMINATE: Final = 10_700
"""June 2021: life 6,963 and 658 recalled, IPP 1,722 and 1,357 recalled (the same)."""
HELD: Final = (Event.CUSTODY, Event.CUSTODY_EXTENDED)
TEXT = """
Nothing is fitted to the level of custody. On 31 December 2021 there were {population:,} prisoners
(Ministry of Justice, Offender management statistics quarterly), of whom {remand:,} were on remand.
Life and indeterminate sentences, which the model does not have, held {indeterminate:,} in June 2021
(both Prison Reform Trust, Bromley Briefings). The model's are those of
`scenarios/england-and-wales/baseline.toml` at midnight on the first and the last day of the intake
year, {logs} replications, seed {seed}, times {factor:.2f} for the sample.

| people in custody | published | the model, first day | last day | the model over the published |
|---|---:|---:|---:|---:|
{rows}

**Verdict.** {verdict}

The other two lines cannot be compared one by one. In the model a custodial sentence that people
come in with is served in full from the day on which it is passed. In prisons part of it is often
served before that day, and the statistics count this part as remand. The model remands people only
for what they do after they came in. So it has too many with a sentence and too few on remand. The
sum of both is what can be compared.

"""


class Held(NamedTuple):
    """People at a midnight."""

    everybody: float
    remand: float
    """In custody for a case that is not proven yet, and for nothing else."""


def main() -> None:
    """Simulate, and write the section."""
    replace_between(PAGE, MARKS, section())


def section() -> str:
    """Return the section."""
    scenario = ps.load(NATIONAL)
    cohort = Cohort.from_scenario(scenario)
    factor = OCCASIONS / len(cohort)
    first, last = (
        Held(*(factor * each for each in day)) for day in held(lower(scenario, cohort), logs=LOGS)
    )
    return text(first, last, factor)


def text(first: Held, last: Held, factor: float) -> str:
    """Return the section of what was found, for the country."""
    sentenced = POPULATION - REMAND - INDETERMINATE
    lines = [
        ("sentences with an end, recalls among them", sentenced, *map(_sentenced, (first, last))),
        ("on remand", REMAND, first.remand, last.remand),
        ("all but life and indeterminate sentences", sentenced + REMAND, first[0], last[0]),
    ]
    ratio = first.everybody / (sentenced + REMAND)
    return TEXT.format(
        population=POPULATION,
        remand=REMAND,
        indeterminate=INDETERMINATE,
        logs=LOGS,
        seed=SEED,
        factor=factor,
        rows="\n".join(_row(*each) for each in lines),
        verdict=verdict(ratio, first.everybody, last.everybody),
    )


def verdict(ratio: float, first: float, last: float) -> str:
    """Return in words how near the model comes, and whether custody fills or empties."""
    off = round(100.0 * (ratio - 1.0))
    level = f"{abs(off)}% {'more' if off > 0 else 'fewer'} than" if off else "as many as"
    moved = round(100.0 * (last / first - 1.0), 1)
    return (
        f"The model holds {level} the published stock without life and indeterminate\n"
        f"sentences. Over the year it moves by {moved:+.1f}%."
    )


def held(model: Lowered, *, logs: int) -> tuple[Held, Held]:
    """Return who is in custody on the first and last midnight of the intake year, on average."""
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(partial(_of_a_log, model), range(logs)))
    first, last = np.mean(found, axis=0)
    return Held(*map(float, first)), Held(*map(float, last))


def at(log: Log, midnight: float) -> Held:
    """Return who is in custody at a midnight, by the last event of each that says so."""
    said = np.isin(log.event, (*HELD, Event.RELEASE)) & (log.time <= midnight)
    person, event, detail = (each[said][::-1] for each in (log.person, log.event, log.detail))
    _, latest = np.unique(person, return_index=True)
    into, detail = event[latest], detail[latest]
    remand = (into == Event.CUSTODY) & (detail == CustodyReason.REMAND)
    return Held(float(np.isin(into, HELD).sum()), float(remand.sum()))


def _of_a_log(model: Lowered, replication: int) -> tuple[Held, Held]:
    _, log = simulate(model, seed=SEED, replication=replication, keep_log=True)
    assert log is not None
    days = int(model.tables.rules["intake"][0])
    return at(log, 0.0), at(log, float(days))


def _sentenced(people: Held) -> float:
    return people.everybody - people.remand


def _row(name: str, published: int, first: float, last: float) -> str:
    return f"| {name} | {published:,} | {first:,.0f} | {last:,.0f} | {first / published:.2f} |"


if __name__ == "__main__":
    main()
