"""A scenario that runs in a moment, and options of it, for the tests of study, results and shell."""

from __future__ import annotations

from pathlib import Path

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
warm_up = false

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
