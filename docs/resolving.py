"""What solving the levels anew in each state of the world does, written into docs/doubt.md.

Dorset in states of the world, three times: with the fitted quantities drawn alone, as the posterior
sample has them; with every quantity drawn and no level solved anew; and as `compare` does it. The
spread is between states, without chance. `make resolving`; some six minutes.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pathsim as ps
from pathsim.engine.run import simulate
from pathsim.outcomes.doubt import estimate_draws
from pathsim.outcomes.values import outcome_values
from pathsim.study.calibration.pages import page_marks, replace_between
from pathsim.study.plan import Plan
from pathsim.study.prepare import prepare
from pathsim.study.resolve import resolved
from pathsim.study.runs import empty, store
from pathsim.study.states import Drawn, States, sample_beside
from pathsim.study.subject import Subject
from pathsim.study.threads import do_all

if TYPE_CHECKING:
    from pathsim.engine.stop import Stop
    from pathsim.outcomes.doubt import DrawEstimates
    from pathsim.scenario.model import Scenario

PAGE = Path(__file__).parent / "doubt.md"
SCENARIO = "dorset/baseline"
DRAWS, EACH, SEED = 256, 4, 7
WORKERS = 2


class Figure(NamedTuple):
    """An outcome of the baseline, in words, and how it is written."""

    outcome: str
    group: str
    words: str
    unit: str


FIGURES: Final = (
    Figure("proven_reoffending_rate", "age_group=adult", "adults' rate", "points"),
    Figure("proven_reoffending_rate", "age_group=youth", "children's rate", "points"),
    Figure("reoffences_per_reoffender", "all", "reoffences a reoffender", ""),
    Figure("disposals_in_year", "all", "disposals in a year", "%"),
    Figure("custody_places_first", "all", "people in custody", "%"),
    Figure("days_homeless_per_person", "all", "days homeless a person", "%"),
)


class Fitted(States):
    """States in which what was fitted together is drawn, and nothing else."""

    def of(self, scenario: Scenario) -> Drawn:
        """Return what is drawn of a scenario."""
        return super().of(scenario)._replace(alone=())


def main() -> None:
    """Simulate the baseline three times and write the table."""
    scenario = ps.load(SCENARIO)
    subject = Subject(*prepare([scenario])[0])
    plain = States(draws=DRAWS, seed=SEED, posterior=sample_beside(scenario))
    fitted = Fitted(draws=DRAWS, seed=SEED, posterior=plain.posterior)
    every = (
        ("fitted quantities alone, as the posterior has them", fitted),
        ("every quantity, no level solved anew", plain),
        ("every quantity, levels solved anew", resolved(plain, subject, workers=WORKERS)),
    )
    heads = [f"{each.words}{f', {each.unit}' if each.unit else ''}" for each in FIGURES]
    lines = [f"| drawn | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    for words, states in every:
        found = measured(subject, states)
        cells = [_cell(each, found, row) for row, each in enumerate(FIGURES)]
        lines.append(f"| {words} | {' | '.join(cells)} |")
    replace_between(PAGE, page_marks("resolving"), "\n".join(["", *lines, "", ""]))


def measured(subject: Subject, states: States) -> DrawEstimates:
    """Return the figures of the baseline over the states, one row each."""
    plan = Plan(replications=DRAWS * EACH, seed=SEED + 1, workers=1, engine="kernel", draws=DRAWS)
    runs = empty(subject.scenario, subject.central, plan)

    def one(draw: int, stop: Stop) -> None:
        low = subject.in_state(states, draw)
        for replication in range(draw * EACH, (draw + 1) * EACH):
            counts, _ = simulate(low, seed=plan.seed, replication=replication, stop=stop)
            store(runs, replication, counts, low)

    do_all((partial(one, draw) for draw in range(DRAWS)), workers=WORKERS, done=lambda *_: None)
    rows = [(each.outcome, each.group) for each in FIGURES]
    return estimate_draws(outcome_values(runs).aligned(rows).reshape(DRAWS, EACH, -1))


def _cell(figure: Figure, found: DrawEstimates, row: int) -> str:
    mean, spread = float(found.mean[row]), float(found.sd_doubt[row])
    if figure.unit == "points":
        return f"{100 * mean:.2f} ± {100 * spread:.2f}"
    if figure.unit == "%":
        return f"{mean:,.0f} ± {100 * spread / mean:.1f}%"
    return f"{mean:.2f} ± {spread:.2f}"


if __name__ == "__main__":
    main()
