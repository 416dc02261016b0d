"""Write docs/generations.md: how loads settle, by generations. `make generations`."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from docs import premises

import pathsim as ps
from pathsim.engine.contract import Event, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import PREVIOUS_BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from pathsim.outcomes.results import OptionResult
    from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
DORSET = ROOT / "scenarios" / "dorset"
PAGE = ROOT / "docs" / "generations.md"
STOCKS = (0, 5, 10, 20, 30)
"""Windows of earlier sentences."""
LOGS, REPLICATIONS, SEED = 20, 200, 1
HEAD = """\
# Generations: how loads settle

This page shows how many [generations](glossary.md) the model needs before and after the people who
are counted, so that places and custody are as full as in a normal year.

The counted cohort enters in the intake year. Earlier generations fill places, courts and custody.
People in custody from older sentences are the stock in custody. Later generations keep places
full while counted people are still followed ([the model](model.md), section 14). The tables show
how their numbers affect results for Dorset: `follow_up.generations_before` ({before} in Dorset),
`stock_windows` ({stock}) and `generations_after` ({after}). People are members of the system for
{memory:,g} days (`memory_days`), which are {windows} intake windows. Written by
`make generations`.

## In the intake year, by generations before

Starts of each service in the first and in the second half of the intake year, and people in
custody at midnight on its first and last day, for everybody: mean of {logs} replications (seed
{seed}). Services that hardly anybody starts are left out. If the numbers are stable, both halves
are alike, apart from chance. Later generations enter after the intake year, and change
no figure here.

"""
STOCK = """
Most services are stable when there are as many generations as the memory has intake windows.
Custody takes longest: people who entered years ago come back with a longer record and
longer sentences.

## Custody, by windows of earlier sentences

The stock in custody comes from the sentences of so many intake windows (`stock_windows`). The
table shows people in custody at midnight on the first and the last day of the intake year,
with {before} generations before.

"""
BIAS = """
## Rates by clocks, and of people who enter

Official rates count every index event of the year; each has a [clock](glossary.md). People who
enter are those who are not followed already. They reoffend less than people who come back, even
with the same record. Weighting the
rate of entries to the published mix of records corrects only a part ({logs}
replications).

"""
MIDDLE = """
## What 18 more tags avoid, by generations after

The option `more-tags` against the baseline, {replications} replications, seed {seed}, on the
same random numbers, with 95% intervals of luck only. The outcomes are reoffences of counted people
within twelve months
of their sentence, proven offences within their horizon, and the official rate, by the clocks of
the year.

"""
END = """
Without later generations, places would be free in the second and third year of the counted people,
and more places would add less. Nothing changes here once there are as many generations as the
memory has windows.

## What a cohort uses, by generations after

Long sentences end, and services start, years after the last generation has entered. Nobody new then
competes for places. So the model passes over some requests: the same share as found no place before
([the model](model.md), section 14). The table shows the use of services that are nearly
full: `.utilisation`, by everybody in the intake year, and `.supply_years`, by counted people, with
standard errors ({uses} replications, seed {seed}).

{table}
Without later generations (0) counted people find free places, and use more than there are. With
some, their use equals the use by everybody, and {after} generations after give the same as {most}.
"""
USES, NEARLY_FULL, MOST = 100, 0.95, 20
"""Replications; least utilisation of a service shown; generations after, which take long."""


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
    cohort, follow_up = Cohort.from_scenario(scenario), scenario.follow_up
    numbers = tried_before(scenario)
    models = [lower(with_generations(scenario, number, 0), cohort) for number in numbers]
    settled = [loads(model) for model in models]
    head = HEAD.format(
        logs=LOGS,
        seed=SEED,
        before=follow_up.generations_before,
        stock=follow_up.stock_windows,
        after=follow_up.generations_after,
        memory=follow_up.memory,
        windows=windows_of_memory(scenario),
    )
    middle = MIDDLE.format(replications=REPLICATIONS, seed=SEED)
    tags = (tag_line(*others) for others in tried_after(scenario))
    return "".join(
        [
            head + load_table(models[0], settled, numbers),
            STOCK.format(before=follow_up.generations_before) + stock_table(scenario, cohort),
            BIAS.format(logs=LOGS) + bias_table(scenario),
            middle + tag_table(tags),
            end(scenario),
            premises.section(
                premises.use(lower(scenario, cohort)),
                years=1 + scenario.follow_up.generations_before,
            ),
        ]
    )


def windows_of_memory(scenario: Scenario) -> int:
    """Return how many intake windows people are members of the system."""
    assert scenario.follow_up.memory is not None
    return round(scenario.follow_up.memory / scenario.follow_up.intake_days.value)


def tried_before(scenario: Scenario) -> tuple[int, ...]:
    """Return the numbers of generations before that are tried: to the memory, and beyond it."""
    windows = windows_of_memory(scenario)
    beyond = {2 * windows - 1, 2 * windows, 2 * windows + 2}
    return tuple(sorted({*range(windows + 1), *beyond}))


def tried_after(scenario: Scenario) -> tuple[tuple[int, int], ...]:
    """Return the numbers of generations before and after that are tried."""
    windows, kept = windows_of_memory(scenario), scenario.follow_up.generations_before
    return tuple((kept, number) for number in (0, 1, windows, 2 * windows, 3 * windows))


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


def load_table(model: Lowered, settled: list[Loads], numbers: tuple[int, ...]) -> str:
    """Return the table of loads."""
    lines = [row("generations before", *map(str, numbers)), rule(len(numbers))]
    for number, service in enumerate(model.services):
        cells = [pair(*each.halves[number]) for each in settled]
        if set(cells) != {pair(0, 0)}:
            lines.append(row(f"`{service}`", *cells))
    lines.append(row("**custody, first and last day**", *(pair(e.first, e.last) for e in settled)))
    return "\n".join(lines) + "\n"


def stock_table(scenario: Scenario, cohort: Cohort) -> str:
    """Return the table of custody by windows of earlier sentences."""
    cells = []
    for windows in STOCKS:
        others = with_generations(scenario, scenario.follow_up.generations_before, 0)
        changes = {"follow_up.stock_windows": windows}
        same = windows == others.follow_up.stock_windows
        found = loads(lower(others if same else others.change("Stock", changes), cohort))
        cells.append(pair(found.first, found.last))
    lines = [row("windows", *map(str, STOCKS)), rule(len(STOCKS)), row("custody", *cells)]
    return "\n".join(lines) + "\n"


def bias_table(scenario: Scenario) -> str:
    """Return the table of rates by clocks, of entries, and of entries by the mix of occasions."""
    everybody = with_generations(scenario, scenario.follow_up.generations_before, 0)
    one_clock = everybody.change("One clock a person", {"follow_up.clocks": "person"})
    clocks, entries = rates(everybody), rates(one_clock)
    groups = Cohort.from_scenario(scenario).groups()["previous_offences"]
    mix = groups.value_counts(normalize=True)
    weighted = sum(mix[band] * entries[band] for band in PREVIOUS_BANDS)
    lines = [row("rate", *PREVIOUS_BANDS, "all"), rule(len(PREVIOUS_BANDS) + 1)]
    for name, found, total in (
        ("by clocks", clocks, percent(clocks["all"])),
        ("of those who enter", entries, percent(entries["all"])),
        ("of those who enter, by the mix of occasions", entries, percent(weighted)),
    ):
        lines.append(row(name, *(percent(found[band]) for band in PREVIOUS_BANDS), total))
    return "\n".join(lines) + "\n"


def rates(scenario: Scenario) -> dict[str, float]:
    """Return proven reoffending rates by band of previous offences, and of all."""
    model = lower(scenario, Cohort.from_scenario(scenario))
    runs = [simulate(model, seed=SEED, replication=k)[0].person for k in range(LOGS)]
    person = np.sum(runs, axis=0)
    share = person[:, OutcomeColumn.REOFFENDERS] / person[:, OutcomeColumn.INDEX_EVENTS]
    bands = {
        band: float(share[model.groups.index(("previous_offences", band))])
        for band in PREVIOUS_BANDS
    }
    return bands | {"all": float(share[0])}


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.1f}%"


def tag_line(before: int, after: int) -> str:
    """Return what more tags avoid with so many generations."""
    pair = [
        with_generations(ps.load(DORSET / f"{name}.toml"), before, after)
        for name in ("baseline", "more-tags")
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.InputWarning)  # of too few that come after
        result = ps.compare(pair[0], pair[1], draws=0, replications=REPLICATIONS, seed=SEED)
    option, people = result.options[0], int(result.provenance["people"])
    cells = (
        avoided(option, "reoffences_from_sentence_per_person", people),
        avoided(option, "reoffences_total", 1),
        avoided(option, "proven_reoffending_rate", 100),
    )
    return row(str(before), str(after), *cells)


def tag_table(lines: Iterable[str]) -> str:
    """Return the table of what more tags avoid."""
    head = row(
        "generations before",
        "after",
        "from the sentence",
        "within the horizon",
        "official rate, points",
    )
    return "\n".join([head, rule(4), *lines]) + "\n"


def end(scenario: Scenario) -> str:
    """Return what a cohort uses of services that are nearly full."""
    kept = scenario.follow_up
    numbers = (0, windows_of_memory(scenario), kept.generations_after, MOST)
    found = [used(scenario, each) for each in numbers]
    share = found[0]["mean"].filter(like=".utilisation")
    lines = [row("service", "in use", *(f"after: {each}" for each in numbers)), rule(5)]
    for name in share.index[share >= NEARLY_FULL]:
        service = name.removesuffix(".utilisation")
        cells = [f"{share[name]:.2f}"]
        for each in found:
            mean, error = each.loc[f"{service}.supply_years"]
            cells.append(f"{mean:.2f} ({error:.2f})")
        lines.append(row(f"`{service.removeprefix('service.')}`", *cells))
    table = "\n".join(lines) + "\n"
    return END.format(uses=USES, seed=SEED, table=table, after=kept.generations_after, most=MOST)


def used(scenario: Scenario, after: int) -> pd.DataFrame:
    """Return means and standard errors of the outcomes of services, with so many after."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.InputWarning)  # of none, or of unusually many
        scenario = with_generations(scenario, scenario.follow_up.generations_before, after)
        table = ps.run(scenario, draws=0, replications=USES, seed=SEED).table(group="all")
    table = table[table["outcome"].str.startswith("service.")]
    return table.set_index("outcome")[["mean", "se"]]


def avoided(option: OptionResult, outcome: str, scale: float) -> str:
    """Return the difference in an outcome of everybody, times `scale`."""
    place, columns = option.rows.index((outcome, "all")), option.columns()
    mean, low, high = (columns[name][place] * scale for name in ("difference", "low", "high"))
    return f"{mean:+.3g} ({low:+.3g} to {high:+.3g})"


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
