"""Write docs/year.md and its diagram: what a year of Dorset means. `make year`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt
from matplotlib.patches import Polygon, Rectangle

import pathsim as ps
from pathsim.people.cohort import Cohort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from pathsim.scenario.cohort import FollowUp
    from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
DORSET = ROOT / "scenarios" / "dorset" / "baseline.toml"
PAGE = ROOT / "docs" / "year.md"
DIAGRAM = ROOT / "docs" / "year.png"
SHOWN = "pathsim diagram"
"""Under this name the picture holds what it is drawn from."""
REPLICATIONS, SEED = 20, 1
YEAR: Final = 365.25
COUNTED, OTHERS, EVERYBODY = "#1f5fa8", "#c9ced6", "#f3a63b"
PAGE_TEXT = """\
# What a year of Dorset means

Figures are of `scenarios/dorset/baseline.toml`, means of {replications} replications, seed {seed}.
Written by `make year`.

![Generations enter a year apart and are followed; the counted cohort is a row, the intake year a \
column through all rows](year.png)

| word | what it is | here |
|---|---|---:|
| occasion | a caution or a sentence in a year, as published | {occasions:,} |
| entry | a person who comes in with one of them; {entry} | {entries:,} |
| intake year | the days in which the counted people enter | {window:g} days |
| cohort | the people who are counted: those who enter in the intake year | {entries:,} people |
| memory | {memory} | {followed:,} days |
| horizon | {horizon} | {counted:,} days |
| generations | the same people with other random numbers, a year apart: they fill places, courts \
and custody, and their costs are not counted | {before} before, {after} after |
| earlier sentences | years of earlier sentences from which people are in custody at the start | \
{stock} |
| disposals | cautions and sentences of everybody in the intake year | {disposals} |
| index events | official clocks: {clocks} | {events:,} |

**The row** (blue) is the counted cohort, followed over the horizon: costs, days and reoffences
from the sentence. **The column** (orange) is everybody in the intake year: the official rate,
disposals, use of places, custody. In a system in balance both are one year of Dorset. Earlier
generations do in the intake year what the counted people do in their later years. Read a cost as
the cost of *one year*. Compare either with another year, and never add the two.

| of the row | amount | of the column | amount |
|---|---:|---|---:|
| proven reoffences, each once | {reoffences:,} | proven reoffending rate | {rate:.1%} |
| public purse, cash | £{public:.1f} million | reoffences an index event | {each:.2f} |
| society, harm valued in pounds | £{society:.1f} million | in custody, first day | {first:,} |
| days in custody, over those of the year | {held:,} | in custody, last day | {last:,} |

**Two accounts.** The *public purse* pays cash: police, courts, prisons, probation, health,
councils, places of services. *Society* bears the harm of crime; nobody saves it in cash.
`cost_total` is the sum and is always shown with its parts. Public costs include the sentences that
the cohort enters with. These cancel in the difference between an option and the baseline.

**When a row is not a year.** The two agree only if the horizon is as long as the memory, earlier
generations cover the memory and its consequences, rules are the same every year, queues neither
grow nor shrink, and nothing is discounted. A shorter horizon leaves the later acts of the counted
people out of the row, and nothing out of the column. An option with a start day (`from_day`) has
years before it and years after. Discounted costs are lower than a year's bills;
`cost_public_year_1` to `_later` are not discounted. A person who is convicted again after the
memory is a new entry, with new random numbers and a new frailty.{open}
"""


class Lane(NamedTuple):
    """A generation in the diagram, in years from the first day of the intake window."""

    generation: int
    begins: float
    """First entry."""
    enters: float
    """How long people enter."""
    followed: float
    """How long each is followed."""
    counted: float = 0.0
    """How long of it is counted."""

    def corners(self, height: float, days: float | None = None) -> list[tuple[float, float]]:
        """Return the outline of all, or of so much: people who enter later stand higher."""
        end, length = self.begins + self.enters, self.followed if days is None else days
        return [
            (self.begins, height),
            (end, height + 1.0),
            (end + length, height + 1.0),
            (self.begins + length, height),
        ]


def main() -> None:
    """Simulate, and write the page and its diagram."""
    scenario = ps.load(DORSET)
    PAGE.write_text(page(scenario), encoding="utf-8")
    draw(scenario)


def page(scenario: Scenario) -> str:
    """Return the page."""
    follow_up, cohort = scenario.follow_up, Cohort.from_scenario(scenario)
    result = ps.run(scenario, draws=0, replications=REPLICATIONS, seed=SEED)
    means = result.table(group="all").set_index("outcome")["mean"]
    entries = int(cohort.enters().sum())
    disposals = means.get("disposals_in_year")
    return PAGE_TEXT.format(
        replications=REPLICATIONS,
        seed=SEED,
        occasions=len(cohort),
        entries=entries,
        window=follow_up.intake_days.value,
        followed=round(_followed(follow_up)),
        counted=round(_counted(follow_up)),
        before=follow_up.generations_before,
        after=follow_up.generations_after,
        stock=follow_up.stock_windows,
        disposals="not counted" if disposals is None else f"{disposals:,.0f}",
        events=round(means["index_events"]),
        reoffences=round(means["reoffences_total"]),
        rate=means["proven_reoffending_rate"],
        each=means["reoffences_per_person"],
        public=means["cost_public"] / 1e6,
        society=means["cost_society"] / 1e6,
        held=round(means["days_in_custody_per_person"] * entries / follow_up.intake_days.value),
        first=round(means["custody_places_first"]),
        last=round(means["custody_places_last"]),
        **_words(scenario, thinned=entries < len(cohort)),
    )


def _words(scenario: Scenario, *, thinned: bool) -> dict[str, str]:
    """Return what depends on whether the system is open."""
    follow_up = scenario.follow_up
    quarters = follow_up.clocks == "quarters"
    return {
        "entry": "the other occasions come of reoffending"
        if thinned
        else "every occasion is taken for a person's own",
        "memory": "how long from the sentence what a person does is real; entries are solved for it"
        if follow_up.memory
        else "none: people are followed for the official clock, and for proof",
        "horizon": "how long from the sentence what the counted do is counted and paid, to the end "
        "of what it causes"
        if follow_up.horizon
        else "none: the account of a person",
        "clocks": "everybody's first disposal or release in each quarter"
        if quarters
        else "one a person, from disposal or release",
        "open": ""
        if quarters and thinned
        else " **These figures are not in balance:** without entries, a memory and clocks of\n"
        "everybody the official rate is the row's too, and who comes back is there twice.",
    }


def _followed(follow_up: FollowUp) -> float:
    return follow_up.memory or follow_up.days.value + follow_up.waiting_days.value


def _counted(follow_up: FollowUp) -> float:
    return follow_up.horizon or _followed(follow_up)


def lanes(scenario: Scenario) -> list[Lane]:
    """Return the generations from the first."""
    follow_up = scenario.follow_up
    window, followed = follow_up.intake_days.value / YEAR, _followed(follow_up) / YEAR
    counted = _counted(follow_up) / YEAR
    return [
        Lane(number, number * window, window, followed, 0.0 if number else counted)
        for number in range(-follow_up.generations_before, follow_up.generations_after + 1)
    ]


def draw(scenario: Scenario) -> None:
    """Draw the generations as rows and the intake year as a column."""
    rows = lanes(scenario)
    figure, axes = plt.subplots(figsize=(9, 1.5 + 0.36 * max(len(rows), 4)), layout="constrained")
    window = rows[0].enters
    top = float(len(rows))
    for height, lane in enumerate(rows):
        axes.add_patch(Polygon(lane.corners(float(height)), color=OTHERS, ec="white"))
        if lane.counted:
            outline = lane.corners(float(height), lane.counted)
            axes.add_patch(Polygon(outline, color=COUNTED, ec="white"))
    axes.add_patch(Rectangle((0.0, 0.0), window, top, color=EVERYBODY, alpha=0.3, zorder=0))
    axes.add_patch(Rectangle((0.0, 0.0), window, top, fill=False, ec=EVERYBODY, lw=2.0))
    row = -rows[0].generation
    lane = rows[row]
    axes.text(
        lane.enters + lane.followed + 0.05,
        row + 0.5,
        "the counted cohort:\nmoney, days, reoffences",
        color=COUNTED,
        ha="left",
        va="center",
        fontsize=9,
    )
    axes.text(
        window / 2,
        top + 0.15,
        "the intake year:\nofficial rate, disposals, places, custody",
        ha="center",
        va="bottom",
        fontsize=9,
    )
    _axes(axes, rows)
    figure.savefig(DIAGRAM, dpi=100, metadata=held(scenario))
    plt.close(figure)


def _axes(axes: Axes, rows: list[Lane]) -> None:
    """Set what stands around the diagram."""
    counted = next(lane for lane in rows if lane.generation == 0)
    ends = [lane.begins + lane.enters + lane.followed for lane in (rows[-1], counted)]
    axes.set_xlim(rows[0].begins, max(ends[0], 1.4 * ends[1]))
    axes.set_ylim(0.0, len(rows) + 1.6)
    axes.set_yticks([0.5 + n for n in range(len(rows))], [*_names(rows)])
    axes.set_xlabel("years from the first day of the intake year")
    axes.tick_params(left=False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _names(rows: list[Lane]) -> Iterator[str]:
    for lane in rows:
        number = lane.generation
        yield "counted" if number == 0 else f"generation {number:+d}".replace("-", "\u2212")


def held(scenario: Scenario) -> dict[str, str]:
    """Return what the picture says of itself."""
    return {SHOWN: json.dumps(lanes(scenario)), "Software": f"pathsim {ps.__version__}"}


if __name__ == "__main__":
    main()
