"""Write docs/generations.md: how loads settle, by generations. `make generations`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import pathsim as ps
from pathsim.engine.contract import Event
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from pathsim.outcomes.results import OptionResult
    from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
DORSET = ROOT / "scenarios" / "dorset"
PAGE = ROOT / "docs" / "generations.md"
BEFORE = (0, 1, 2, 3, 4)
AFTER = ((1, 0), (3, 0), (3, 1), (3, 2), (3, 3))
"""Generations before and after."""
LOGS, REPLICATIONS, SEED = 20, 200, 1
HEAD = """\
# Generations: how loads settle

The counted cohort enters in the intake year. Generations before it fill places and custody;
generations after it keep them full while counted people are still followed ([the
model](model.md), section 14). This page shows for Dorset what their numbers do:
`follow_up.generations_before` (default 1) and `generations_after` (default 0). Written by
`make generations`.

## In the intake year, by generations before

Starts of each service in the first and in the second half of the intake year, and people in
custody at midnight on its first and last day: of everybody, mean of {logs} replications (seed
{seed}). Services that hardly anybody starts are left out. In balance both are alike, but for
chance. Generations after begin when the intake year is over, and change no figure here.

"""
MIDDLE = """
Without a generation before, services and custody fill up during the year that is counted. With
two most services have settled; those that people reach after custody (`mappa`,
`through_the_gate`, `substance_treatment`) need three or four. Custody has not settled with four:
sentences that began years earlier are not there (`follow_up.stock_windows`, 0 here, brings them).

## What 18 more tags avoid, by generations after

The option `more-tags` against the baseline, {replications} replications, seed {seed}, on the
same random numbers: reoffences of the counted in their twelve months, with 95% intervals of
chance. Reoffences after those months are in none of the columns.

"""
END = """
On these clocks more tags avoid less, the more others there are who want one. One generation
after is enough here: nearly everybody's twelve months are over when the second begins, and
what further ones change is within chance.
"""


class Loads(NamedTuple):
    """Means over replications, of everybody."""

    halves: NDArray[np.float64]
    """[S, 2] starts in the first and the second half of the intake window."""
    first: float
    last: float
    """People in custody at midnight on the first and the last day."""


def main() -> None:
    """Simulate, and write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    scenario = ps.load(DORSET / "baseline.toml")
    cohort = Cohort.from_scenario(scenario)
    models = [lower(with_generations(scenario, before, 0), cohort) for before in BEFORE]
    settled = [loads(model) for model in models]
    head = HEAD.format(logs=LOGS, seed=SEED)
    middle = MIDDLE.format(replications=REPLICATIONS, seed=SEED)
    tags = (tag_line(*others) for others in AFTER)
    return head + load_table(models[0], settled) + middle + tag_table(tags) + END


def with_generations(scenario: Scenario, before: int, after: int) -> Scenario:
    """Return a scenario with so many generations before and after."""
    others = {"follow_up.generations_before": before, "follow_up.generations_after": after}
    # What it has already would be warned of.
    found = (scenario.follow_up.generations_before, scenario.follow_up.generations_after)
    return scenario if found == (before, after) else scenario.change(scenario.title, others)


def loads(model: Lowered) -> Loads:
    """Return how full everything is in the intake year."""
    window = float(model.tables.rules["intake"][0])
    halves = np.zeros((len(model.services), 2))
    custody = np.zeros(2)
    for replication in range(LOGS):
        counts, log = simulate(model, seed=SEED, replication=replication, keep_log=True)
        assert log is not None
        started = (log.event == Event.SERVICE_START) & (log.time >= 0.0) & (log.time < window)
        half = (log.time[started] >= window / 2.0).astype(int)
        np.add.at(halves, (log.detail[started], half), 1.0)
        custody += counts.in_custody[[0, -1]]
    first, last = (custody / LOGS).tolist()
    return Loads(halves / LOGS, first, last)


def load_table(model: Lowered, settled: list[Loads]) -> str:
    """Return the table of loads."""
    lines = [row("generations before", *map(str, BEFORE)), rule(len(BEFORE))]
    for number, service in enumerate(model.services):
        cells = [pair(*each.halves[number]) for each in settled]
        if set(cells) != {pair(0, 0)}:
            lines.append(row(f"`{service}`", *cells))
    lines.append(row("**custody, first and last day**", *(pair(e.first, e.last) for e in settled)))
    return "\n".join(lines) + "\n"


def tag_line(before: int, after: int) -> str:
    """Return what more tags avoid with so many generations."""
    pair = [
        with_generations(ps.load(DORSET / f"{name}.toml"), before, after)
        for name in ("baseline", "more-tags")
    ]
    result = ps.compare(pair[0], pair[1], replications=REPLICATIONS, seed=SEED)
    option, people = result.options[0], int(result.provenance["people"])
    names = (
        "reoffences_from_sentence_per_person",
        "reoffences_per_person",
        "expected_reoffences_per_person",
    )
    return row(str(before), str(after), *(avoided(option, name, people) for name in names))


def tag_table(lines: Iterable[str]) -> str:
    """Return the table of what more tags avoid."""
    head = row(
        "generations before", "after", "from the sentence", "official clock", "official, expected"
    )
    return "\n".join([head, rule(4), *lines]) + "\n"


def avoided(option: OptionResult, outcome: str, people: int) -> str:
    """Return the difference in an outcome of everybody, as a number of reoffences."""
    place, columns = option.rows.index((outcome, "all")), option.columns()
    mean, low, high = (columns[name][place] * people for name in ("difference", "low", "high"))
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"


def pair(one: float, other: float) -> str:
    """Return two numbers as one cell."""
    return f"{one:.0f} / {other:.0f}"


def row(*cells: str) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"


def rule(numbers: int) -> str:
    """Return the line below the head of a table with so many columns of numbers."""
    return f"|---|{'---:|' * numbers}"


if __name__ == "__main__":
    main()
