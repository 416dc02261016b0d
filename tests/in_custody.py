"""Twenty people who serve a hundred days, in a scenario that lacks prices."""

from __future__ import annotations

TWENTY_IN_CUSTODY = """\
title = "In custody"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [{ people = 20, disposal = "custody", sentence_days = 100.0 }]

[follow_up]
days = 365
waiting_days = 0
intake_days = 365
generations_before = 0

[hazard]
score = "none"
adult_level = 0
youth_level = 0

[sentencing]
custody_days = 0
disposals = { fine = 1.0 }
"""
HALF = {"custody.release_point.le6m": 0.5}
SHARE, DAY_PRICE = "custody.refill_share", "costs.custody_day_gbp.hmpps"
