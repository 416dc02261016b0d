"""A scenario that runs in a moment, and options of it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    N_PAYERS,
    N_SERVICE_COUNTS,
    OutcomeColumn,
    ServiceCount,
)
from pathsim.errors import InputWarning
from pathsim.outcomes.against import Against
from pathsim.outcomes.changes import Change, changes
from pathsim.outcomes.provenance import Request
from pathsim.outcomes.results import Comparison
from pathsim.scenario.load import load
from pathsim.study.plan import Plan
from pathsim.study.run import StudyRuns
from pathsim.study.runs import ScenarioRuns

BASELINE = """\
title = "Small town"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [
  { people = 60, sex = "male", disposal = "community_order" },
  { people = 40, sex = "female", disposal = "community_order" },
]

[follow_up]
days = 365
waiting_days = 0
intake_days = 365
generations_before = 0

[hazard]
score = "none"
adult_level = 0.003
youth_level = 0.003

[sentencing]
disposals = { fine = 1.0 }
custody_days = 30

[services.mentor]
title = "Mentor"
trigger = { disposals = ["community_order"] }
referral = 0.9
capacity = 6
patience_days = 20
duration_days = 60
hazard_ratio = 0.2
cost_per_start_gbp = 500
payer = "pcc"

[costs]
reoffence_gbp = { theft = { society = 1000, police = 200 } }
"""

MORE = """\
extends = "baseline.toml"
title = "More <mentors> & more"
services.mentor.capacity = { value = 24, source = "the option's choice", grade = "choice" }
services.mentor.hazard_ratio = { value = 0.15, source = "a guess", grade = "assumed" }
"""

SAME = """\
extends = "baseline.toml"
title = "The same again"
services.mentor.capacity = 6
"""


def write_scenarios(folder: Path) -> Path:
    """Write the files and return the folder."""
    for name, text in (("baseline", BASELINE), ("more", MORE), ("same", SAME)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def made_up_comparison(folder: Path, *, replications: int = 6, draws: int = 0) -> Comparison:
    """Return the comparison of made-up counts: no engine, known figures.

    In replication r the baseline has 40 + r reoffenders of 100 and costs £20m; `more` has two
    fewer and costs £1,500 more; `same` is the baseline again. draws: states of the world that the
    replications are said to be of, with 5 quantities drawn in each.
    """
    write_scenarios(folder)
    files = [folder / f"{name}.toml" for name in ("baseline", "more", "same")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        scenarios = [load(file) for file in files]
    asked = [
        Request(scenario.title, str(file), scenario)
        for file, scenario in zip(files, scenarios, strict=True)
    ]
    runs = (
        _counts(replications),
        _counts(replications, fewer=2, dearer=1500),
        _counts(replications),
    )
    plan = Plan(replications=replications, seed=1, workers=1, engine="kernel", draws=draws)
    study = StudyRuns(runs=runs, plan=plan, elapsed_seconds=1.25, doubted=5 if draws else 0)
    return compared(asked, [changes(scenarios[0], other) for other in scenarios[1:]], study)


def compared(
    asked: Sequence[Request], changed: Sequence[tuple[Change, ...]], study: StudyRuns
) -> Comparison:
    """Return what the runs of a study say of options."""
    against = Against(
        asked,
        changed,
        services={name for runs in study.runs for name in runs.services},
        draws=study.plan.draws,
    )
    for runs in study.runs:
        against.take(runs)
    return against.comparison(study)


def _counts(replications: int, *, fewer: int = 0, dearer: float = 0.0) -> ScenarioRuns:
    groups = (("all", ""), ("sex", "male"), ("sex", "female"))
    person = np.zeros((replications, len(groups), N_OUTCOME_COLUMNS))
    loads = np.zeros((replications, len(groups), 1, N_SERVICE_COUNTS))
    person[:, :, OutcomeColumn.PEOPLE] = 100, 60, 40
    person[:, :, OutcomeColumn.INDEX_EVENTS] = 100, 60, 40
    for replication in range(replications):
        person[replication, :2, OutcomeColumn.REOFFENDERS] = 40 + replication - fewer
        person[replication, :2, OutcomeColumn.REOFFENCES] = 50 + replication - fewer
        person[replication, :2, OutcomeColumn.DAYS_TO_FIRST] = 150 * (40 + replication)
        person[replication, :, OutcomeColumn.COST] = 2e7 + dearer
        loads[replication, :, 0, ServiceCount.STARTS] = 30 + fewer
        loads[replication, :, 0, ServiceCount.WAIT_DAYS] = 300
    return ScenarioRuns(
        groups=groups,
        services=("mentor",),
        capacity_days=np.full((replications, 1), 6 * 365.0),
        place_cost=np.zeros((replications, N_PAYERS)),
        intake_days=365.0,
        person=person,
        load=loads,
        busy_days=np.full((replications, 1), 6 * 292.0),
        queue_days=np.full((replications, 1), 300.0),
        held=np.zeros((replications, 5)),
        elsewhere_cost=np.zeros((replications, N_PAYERS)),
        custody_day=np.zeros((replications, 2, N_PAYERS)),
        custody_average_day=np.full((replications, 2, N_PAYERS), np.nan),
        refill_share=np.zeros((replications, 2)),
        events=np.full(replications, 1000),
    )
