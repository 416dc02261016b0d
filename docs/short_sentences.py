"""Write docs/short-sentences.md: no prison sentences of up to six months. `make short-sentences`.

Simulated counts are kept in docs/short_sentences.csv, a line for each draw of the doubted numbers
and each replication; the page is worked out from them.
"""

from __future__ import annotations

import math
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

import pathsim as ps
from pathsim.people.cohort import Cohort
from pathsim.study.calibration.posterior import Posterior, read_posterior
from pathsim.study.effects.population import Population
from pathsim.study.effects.solve import reproduce

if TYPE_CHECKING:
    from pathsim.outcomes.results import Run
    from pathsim.scenario.model import Scenario

DAYS_IN_YEAR: Final = 365.25
ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "scenarios" / "england-and-wales"
INPUTS: Final = tuple(
    FOLDER / name for name in ("baseline.toml", "end-short-sentences.toml", "posterior.csv")
)
COUNTS = ROOT / "docs" / "short_sentences.csv"
PAGE = ROOT / "docs" / "short-sentences.md"
DRAWS, REPLICATIONS = 32, 4
"""Draws: a power of two, so that ratios are drawn evenly."""
OCCASIONS = 334_307 + 15_325
"""Cautions and convictions of 2021, adults' and children's (FTE and offender histories, 2025)."""
RATIO: Final = "sentencing.presumption.hazard_ratio"
OF_THE_MINISTRY: Final = ("suspended_for_custody_2008_2011", "suspended_for_custody_2016")
OTHERWISE: Final = {
    "homes_alike": {"hazard.homeless_ratio": 1.0, "hazard.temporary_ratio": 1.0},
    "none_activated": {"sentencing.activation_share": 0.0},
}
"""Of both sides, so that it is seen what follows from them."""
CLOCKS: Final = {
    "official": "twelve months from each quarter's first release or disposal: the official clocks",
    "from_sentence": "twelve months from the sentence of those who enter in the year",
    "all": "a whole year in balance, each proven offence once",
}


class Estimate(NamedTuple):
    """A difference in the country's year, and what may make it another."""

    mean: float
    error: float
    """Standard error of the mean: draws and replications are few."""
    doubt: float
    """Standard deviation between draws of what is not known, luck taken off."""
    luck: float
    """Standard deviation between years of the country, the same luck on both sides."""

    @property
    def interval(self) -> tuple[float, float]:
        """95% interval of doubt, with the error of the mean."""
        wide = float(student.ppf(0.975, DRAWS - 1)) * math.hypot(self.doubt, self.error)
        return self.mean - wide, self.mean + wide

    @property
    def chance_fewer(self) -> float:
        """Probability that the difference is below 0, for what is not known."""
        return float(norm.cdf(-self.mean / math.hypot(self.doubt, self.error)))


def main() -> None:
    """Simulate every draw, keep the counts and write the page."""
    rows = [row for draw in range(DRAWS) for row in counted(draw)]
    text = f"# SHA-256 of scenarios, posterior and draws: {inputs()}\n"
    table = pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")
    COUNTS.write_text(text + table, encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def inputs() -> str:
    """Return the SHA-256 of what the counts are made from."""
    found = sha256(f"{DRAWS} {REPLICATIONS}\n".encode())
    for path in INPUTS:
        found.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def scenarios() -> tuple[Scenario, Scenario]:
    """Return the country as it is, and without short sentences."""
    baseline, option = (ps.load(path) for path in INPUTS[:2])
    return baseline, option


def counted(draw: int) -> list[dict[str, float]]:
    """Return the counts of a draw in the sample, a dictionary for each replication."""
    baseline, option = scenarios()
    sample = read_posterior(INPUTS[2])
    row = draw * len(sample) // DRAWS
    ratio = drawn_ratio(option, draw)
    one = Posterior(sample.table.iloc[[row]])
    rows: list[dict[str, float]] = [
        {"draw": draw, "row": row, "ratio": ratio, "replication": k} for k in range(REPLICATIONS)
    ]
    for side, scenario in sides(baseline, option, ratio).items():
        run = ps.run(scenario, draws=0, replications=REPLICATIONS, seed=draw, posterior=one)
        found = outcomes_of(run)
        for k, held in enumerate(rows):
            held |= {f"{name}_{side}": round(counts[k]) for name, counts in found.items()}
    return rows


def sides(baseline: Scenario, option: Scenario, ratio: float) -> dict[str, Scenario]:
    """Return the country as it is, without short sentences, and both where more is changed."""
    without = {RATIO: 1.0}
    found = {
        "now": baseline,
        "ended": option.change("Ended", {RATIO: ratio}),
        "ended_no_effect": option.change("Ended without effect", without),
    }
    for name, changes in OTHERWISE.items():
        found[f"now_{name}"] = baseline.change(name, changes)
        found[f"ended_{name}"] = option.change(name, changes | without)
    return found


def outcomes_of(run: Run) -> dict[str, np.ndarray]:
    """Return the counts of each replication in the sample: offences, days and clocks."""
    names = (
        *("index_events", "reoffences_per_person", "reoffences_from_sentence_per_person"),
        *("reoffences_total", "days_in_custody_per_person"),
    )
    values = run.values  # noqa: PD011 not of pandas
    events, official, early, total, days = values.aligned([(name, "all") for name in names]).T
    (short,) = values.aligned([("index_events", "sentence_band=le6m")]).T
    people = run.sizes["all"]
    return {
        "official": events * official,
        "from_sentence": people * early,
        "all": total,
        "custody_days": people * days,
        "short": np.nan_to_num(short),
    }


def drawn_ratio(option: Scenario, draw: int) -> float:
    """Return the ratio of a draw, to four figures: evenly over its distribution, in mixed order.

    A lognormal on either side of the value, whose 2.5% and 97.5% points are `low` and `high`.
    """
    presumption = option.sentencing.presumption
    assert presumption is not None
    held = presumption.hazard_ratio
    z = float(norm.ppf(_halved(draw) + 0.5 / DRAWS))
    end = held.low if z < 0 else held.high
    assert end is not None
    ratio = held.value * (end / held.value) ** (abs(z) / float(norm.ppf(0.975)))
    return float(f"{ratio:.4g}")


def _halved(number: int) -> float:
    """Return the number's binary digits mirrored at the point: van der Corput's sequence."""
    return sum((number >> bit & 1) / 2 ** (bit + 1) for bit in range(number.bit_length()))


def page() -> str:
    """Return the page of the counts."""
    table = pd.read_csv(COUNTS, comment="#")
    baseline, option = scenarios()
    cohort = Cohort.from_scenario(baseline)
    factor = OCCASIONS / len(cohort)
    presumption = option.sentencing.presumption
    assert presumption is not None
    held = presumption.hazard_ratio
    days = estimate(table, "custody_days", factor=factor)
    theirs = _ministry(option, Population(baseline, cohort))
    short = [table[f"short_{side}"].mean() * factor for side in ("now", "ended")]
    return TEXT.format(
        inputs=inputs(),
        draws=DRAWS,
        replications=REPLICATIONS,
        factor=factor,
        ratio=f"{held.value:.3g} ({held.low:.3g} to {held.high:.3g})",
        rows="\n".join(_row(clock, table, factor) for clock in CLOCKS),
        steps="\n".join(_step(*step, table, factor) for step in STEPS),
        short_now=_count(short[0]),
        short_ended=_count(short[1]),
        places=_count(-days.mean / DAYS_IN_YEAR),
        least_places=_count(-days.interval[1] / DAYS_IN_YEAR),
        most_places=_count(-days.interval[0] / DAYS_IN_YEAR),
        theirs=theirs,
        with_theirs=_signed(at_ratio(table, "official", theirs, factor=factor)),
        even_official=even_at(table, "official"),
        even_sentence=even_at(table, "from_sentence"),
        even_all=even_at(table, "all"),
        least_of_doubt=100 * min(_explained(table, clock) for clock in CLOCKS),
        each_clock=table["official_now"].sum() / table["all_now"].sum(),
    )


def _ministry(option: Scenario, population: Population) -> float:
    """Return the ratio that the Ministry's two comparisons alone give."""
    presumption = option.sentencing.presumption
    assert presumption is not None
    studies = [each for each in presumption.hazard_ratio.studies if each.study in OF_THE_MINISTRY]
    return math.exp(np.mean([math.log(reproduce(each, population).ratio) for each in studies]))


def estimate(
    table: pd.DataFrame, name: str, side: str = "ended", base: str = "now", *, factor: float
) -> Estimate:
    """Return by how much a count is more on a side than on another, in the country.

    Between draws there is doubt and a part of luck, the spread within a draw over its number of
    replications. A year of the country is so many independent samples as the factor says.
    """
    difference = table[f"{name}_{side}"] - table[f"{name}_{base}"]
    by_draw = difference.groupby(table["draw"])
    within = float(by_draw.var(ddof=1).mean())
    means = by_draw.mean()
    between = float(means.var(ddof=1))
    return Estimate(
        factor * float(means.mean()),
        factor * math.sqrt(between / len(means)),
        factor * math.sqrt(max(0.0, between - within / by_draw.size().iloc[0])),
        math.sqrt(factor * within),
    )


def _by_draw(table: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return each draw's ratio, less 1, and by how much a count is more when sentences end."""
    means = table.groupby("draw").mean()
    beyond = means["ratio"].to_numpy() - 1.0
    return beyond, (means[f"{name}_ended"] - means[f"{name}_now"]).to_numpy()


def _line(table: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return a count's least-squares line over the drawn ratio: its difference at 1, and slope."""
    beyond, more = _by_draw(table, name)
    apart = beyond - beyond.mean()
    slope = float((apart * more).sum() / (apart**2).sum())
    return float(more.mean() - slope * beyond.mean()), slope


def _explained(table: pd.DataFrame, name: str) -> float:
    """Return the share of the variance between draws that lies on the line."""
    level, slope = _line(table, name)
    beyond, more = _by_draw(table, name)
    return 1.0 - float(
        ((more - level - slope * beyond) ** 2).sum() / ((more - more.mean()) ** 2).sum()
    )


def at_ratio(table: pd.DataFrame, name: str, ratio: float, *, factor: float) -> float:
    """Return the country's difference at a ratio, on the line."""
    level, slope = _line(table, name)
    return factor * (level + slope * (ratio - 1.0))


def even_at(table: pd.DataFrame, name: str) -> float:
    """Return the ratio at which there are as many offences as now."""
    level, slope = _line(table, name)
    return 1.0 - level / slope


def _row(clock: str, table: pd.DataFrame, factor: float) -> str:
    here = estimate(table, clock, factor=factor)
    low, high = here.interval
    cells = [
        CLOCKS[clock],
        _count(table[f"{clock}_now"].mean() * factor),
        f"{_signed(here.mean)} ({_signed(low)} to {_signed(high)})",
        _chance(here.chance_fewer),
        f"± {_count(1.96 * here.luck)}",
    ]
    return f"| {' | '.join(cells)} |"


def _step(title: str, side: str, base: str, table: pd.DataFrame, factor: float) -> str:
    found = [estimate(table, clock, side, base, factor=factor) for clock in CLOCKS]
    cells = [title, *(f"{_signed(each.mean)} ± {_count(1.96 * each.error)}" for each in found)]
    return f"| {' | '.join(cells)} |"


def _chance(probability: float) -> str:
    percent = round(100 * probability)
    return {0: "under 1%", 100: "over 99%"}.get(percent, f"{percent}%")


def _count(number: float) -> str:
    return f"{round(number, -2):,.0f}"


def _signed(number: float) -> str:
    return f"{round(number, -2):+,.0f}"


STEPS: Final = (
    ("the studies' ratio", "ended", "now"),
    ("no effect of its own: ratio 1", "ended_no_effect", "now"),
    ("ratio 1, and who has no home reoffends no more", "ended_homes_alike", "now_homes_alike"),
    ("ratio 1, and no sentence is activated", "ended_none_activated", "now_none_activated"),
)
TEXT = """\
# Ending prison sentences of up to six months

This page estimates what would change in England and Wales in a year if every prison sentence of an
adult of six months or less were suspended
(`scenarios/england-and-wales/end-short-sentences.toml`). Both sides are in
balance: the option is in force for everybody. Written by `make short-sentences`.

Inputs (scenarios, posterior, draws), SHA-256: `{inputs}`

| proven offences | now | difference, with doubt | chance of fewer | luck of a year |
|---|---:|---:|---:|---:|
{rows}

- **Doubt** is uncertainty about the numbers: {draws} draws of the hazard's posterior, each with a
  ratio of suspending drawn from {ratio}. Intervals are of 95%. Entry shares
  and other numbers stay as they are. The chance of fewer is about doubt.
- **Luck** is what remains if all numbers are known: 95% of years are within this distance, with
  the same luck on both sides. {replications} replications of each draw separate it from doubt.
- The sample is one of {factor:.1f} occasions, and results are multiplied by that number.
- Some {short_now} official clocks a year open at release from such a sentence, and
  {short_ended} still would: those of children, of breaches and of suspended sentences that are
  activated.
- Prisons hold {places} people fewer ({least_places} to {most_places}).

## Why the result is as it is

Differences of proven offences, with 95% of the simulation's error:

| assumption | official clocks | from the sentence | a whole year |
|---|---:|---:|---:|
{steps}

- **The official clock starts at release.** Offences that custody prevents would come before it. The
  official clock includes the harm of prison but not this benefit, and shows the largest fall.
- **Counted from the sentence, the weeks of custody are lost.** People outside prison can offend. A
  ratio of {even_sentence:.2f} makes up for it on that clock, and of {even_all:.2f} over a whole
  year. On the official clocks that is {even_official:.2f}.
- **The ratio is uncertain.** Of four comparisons, two find that 7 and 9 points fewer reoffend, and
  two find no difference. The interval of the pooled ratio reaches 1. {least_of_doubt:.0f}% or more
  of the spread between draws is of it.
- **Homes.** People who go to prison lose their home, and may have none at release. Without an
  effect of homelessness (third line) less is gained.
- **Activation.** People convicted during a suspended sentence may have to serve it. That custody is
  within the official clock. The original sentence would have been before it. Without activation
  (fourth line) less is gained.
- **Counted more than once.** A reoffence is on every official clock that is open: {each_clock:.2f}
  on average, and on more for people who are back every few weeks, as many with short sentences are.
  A whole year counts it once.

## Beside published figures

- **32,000 offences a year fewer**, if community punishments took the place of all sentences of six
  months or less: the Justice Secretary, 18 July 2019 (Evening Standard). The Ministry's research of
  that year follows matched people from release or sentence, so the first line is the right
  comparison. It does not say how many offences the weeks in prison prevent. There were more
  sentences then: some 48,700 in 2017, 57.5% of the 84,765 adults sent to prison (Criminal
  justice statistics).
- With the ratio of the Ministry's two comparisons alone, {theirs:.2f}, the official clocks would
  show {with_theirs}. The shipped ratio is weaker, because comparisons elsewhere find no difference.
- **Some 4,000 places in prison** would be free, with exceptions for violence and sexual offences:
  the prisons minister, 12 January 2019 (Daily Mail).
"""

if __name__ == "__main__":
    main()
