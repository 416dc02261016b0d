"""Write what a year's reoffending costs the country, in docs/dorset.md. `make year`.

The total of the national scenario is held against the Ministry's, which nothing is fitted to.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pathsim as ps
from pathsim.people.cohort import Cohort
from pathsim.study.calibration.pages import replace_between

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
NATIONAL = ROOT / "scenarios" / "england-and-wales" / "baseline.toml"
PAGE = ROOT / "docs" / "dorset.md"
MARKS = ("<!-- national scale: begin -->", "<!-- national scale: end -->")
REPLICATIONS, SEED = 10, 1
BILLION: Final = 1e9
OCCASIONS = 334_307 + 15_325
"""Cautions and convictions of 2021, adults' and children's (FTE and offender histories, 2025)."""
MINISTRY_GBP = 18.1e9
"""Newton, May, Eames and Ahmad, Economic and social costs of reoffending, 2019; 2017/18 prices."""
TO_2021_22 = 1.10728
"""GDP deflator, 2017/18 to 2021/22 (HM Treasury, March 2026)."""
COHORT_2016 = 475_135
"""Index events of the four quarterly cohorts of April 2016 to March 2017."""
REOFFENCES_2016 = round(139_611 * 4.0087, -2)
"""Their reoffenders times reoffences of each (Proven reoffending statistics)."""
_MINISTRY: Final = MINISTRY_GBP * TO_2021_22
_BOOKED: Final = "cost_public_marginal_refill_0"
_AVERAGE: Final = "cost_public_average_refill_0"
OFFENCES_A_REOFFENDER = 3.69
"""Cohort 2021/22; every offence of an occasion counts."""
HEAD = """\
Nothing is fitted to this figure: it says whether the sizes are right. The Ministry of Justice puts
what the cohort of 2016 did within twelve months at £18.1 billion in 2017/18 prices (Newton and
others, Economic and social costs of reoffending, 2019), £{ministry:.1f} billion in those of
2021/22, and gives no range. The reoffences beside it are those of the statistics that it counts
from, April 2016 to March 2017.

In the model the cost of reoffending is what `scenarios/england-and-wales/baseline.toml` costs more
than the same country where nobody reoffends: police, courts, orders, custody and victims,
undiscounted, {replications} replications, seed {seed}, times {factor:.2f} for the sample.
{followed}

"""
WORDS = """
Each reoffence once, the public purse pays £{public:.2f} billion and victims bear £{society:.2f}
billion. A proven reoffence, with the crimes behind it, costs {each:.1f} times the Ministry's. What
explains the rest:

- **Crimes behind a proven one.** The Ministry grosses proven reoffences up to all crimes; over half
  of its total is theft, which has the largest factors. Here victims' costs are multiplied by
  `costs.offences_per_proven`, which {crimes}.
- **Offences of a reoffender.** {mine:.2f} in the model where 3.69 are published (2021/22).
- **Once or again.** The statistics count a person in each quarter with an index event, and a
  reoffence on each of these clocks: so does the second line of the model. The report may count a
  person once, which could not be read anywhere; then fewer reoffences are behind its total, and
  each costs more than is shown.
- **Fewer people.** Fewer were cautioned and convicted in 2021 than in 2016, and fewer of them
  reoffended.
- **Response.** The Ministry's unit costs are averages with overheads; here custody, and largely
  probation and courts, are at the margin.
- **Anticipation** (locks, alarms, insurance) is in the Ministry's unit costs and not here: a crime
  less saves none of it. Its prices are of the Home Office's edition of 2015/16, these of 2019/20.
"""


class Scale(NamedTuple):
    """The country's year in the model; pounds of 2021/22."""

    factor: float
    """Of the sample of occasions."""
    index_events: float
    twelve_months: float
    """Reoffences on the official clocks."""
    caused: float
    """Proven reoffences of those who enter in a year, as long as they are followed."""
    a_reoffender: float
    public: float
    """Of what is caused, as the others below."""
    public_average: float
    """At the average price of custody."""
    society: float
    one_crime: float
    """Both books, if nothing but itself were behind a proven offence."""

    @property
    def total(self) -> float:
        """Both books."""
        return self.public + self.society


def main() -> None:
    """Simulate, and write the section."""
    replace_between(PAGE, MARKS, section())


def section() -> str:
    """Return the section."""
    scenario = ps.load(NATIONAL)
    found = scale(scenario)
    head = HEAD.format(
        ministry=_MINISTRY / BILLION,
        replications=REPLICATIONS,
        seed=SEED,
        factor=found.factor,
        followed=_followed(scenario),
    )
    groups = scenario.costs.offences_per_proven
    words = WORDS.format(
        public=found.public / BILLION,
        society=found.society / BILLION,
        each=found.total / found.caused / (_MINISTRY / REOFFENCES_2016),
        crimes=f"is given for {len(groups)} offence groups"
        if groups
        else "is not given, so it is 1",
        mine=found.a_reoffender,
    )
    return f"\n{head}{totals(found)}\n{steps(found)}{words}\n"


def _followed(scenario: Scenario) -> str:
    horizon = scenario.follow_up.horizon
    if horizon is None:
        return (
            "Everybody is followed for the official clock alone, and each occasion is a person's "
            "own: who\nreoffends and is convicted within the year is there twice."
        )
    return (
        f"People who enter in a year are followed for {horizon:,.0f} days from their "
        "sentence: what\nthey cause is one year's reoffending of a country in balance."
    )


def scale(scenario: Scenario) -> Scale:
    """Return what reoffending costs the country."""
    factor = OCCASIONS / len(Cohort.from_scenario(scenario))
    if scenario.costs.discount_rate_percent.value:
        scenario = scenario.change("Undiscounted", {"costs.discount_rate_percent": 0.0})
    levels, more = _reoffending(scenario)
    alone = {
        f"costs.{name}.{group}": 1.0
        for name in ("offences_per_proven", "recorded_per_proven")
        for group, crimes in getattr(scenario.costs, name).items()
        if crimes.value != 1.0
    }
    one = _reoffending(scenario.change("One crime", alone))[1] if alone else more
    events = levels["index_events"] * factor
    return Scale(
        factor,
        events,
        events * levels["reoffences_per_person"],
        more["reoffences_total"] * factor,
        levels["reoffences_per_reoffender"],
        more[_BOOKED] * factor,
        more[_AVERAGE] * factor,
        more["cost_society"] * factor,
        (one[_BOOKED] + one["cost_society"]) * factor,
    )


def _reoffending(scenario: Scenario) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return everybody's outcomes, and by how much they are more than where nobody reoffends."""
    levels = {"hazard.adult_level": 0.0, "hazard.youth_level": 0.0}
    nobody = scenario.change("Nobody reoffends", levels)
    result = ps.compare(scenario, nobody, draws=0, replications=REPLICATIONS, seed=SEED)
    found = result.table(group="all").set_index("outcome")
    return found["baseline_mean"], -found["difference"]


def totals(found: Scale) -> str:
    """Return the totals as a Markdown table."""
    rows = [
        "| total | index events | proven reoffences | £ billion, 2021/22 | ratio | £ a reoffence |",
        "|---|---:|---:|---:|---:|---:|",
        _row("the Ministry, cohort of 2016", COHORT_2016, REOFFENCES_2016, _MINISTRY),
        _row("the model, each reoffence once", found.index_events, found.caused, found.total),
        _row(
            "the model, as its official clocks count",
            found.index_events,
            found.twelve_months,
            found.total / found.caused * found.twelve_months,
        ),
    ]
    return "\n".join(rows) + "\n"


def steps(found: Scale) -> str:
    """Return what the model's total would be otherwise, one thing at a time."""
    others = {
        "custody at its average price": found.public_average + found.society,
        "victims of 3.69 reoffences a reoffender": found.public
        + found.society * OFFENCES_A_REOFFENDER / found.a_reoffender,
        "as many index events as in 2016/17": found.total * COHORT_2016 / found.index_events,
        "no crime behind a proven one": found.one_crime,
    }
    rows = ["| each reoffence once, but | £ billion, 2021/22 | ratio |", "|---|---:|---:|"]
    rows += [
        f"| {name} | {pounds / BILLION:.2f} | {pounds / _MINISTRY:.2f} |"
        for name, pounds in others.items()
    ]
    return "\n".join(rows) + "\n"


def _row(name: str, events: float, reoffences: float, pounds: float) -> str:
    return (
        f"| {name} | {round(events, -2):,.0f} | {round(reoffences, -2):,.0f} | "
        f"{pounds / BILLION:.2f} | {pounds / _MINISTRY:.2f} | "
        f"{round(pounds / reoffences, -1):,.0f} |"
    )


if __name__ == "__main__":
    main()
