"""A town with one service whose places are few and whose effect is in doubt."""

from __future__ import annotations

TOWN = """\
title = "Town"
source = "made for a test"
grade = "definition"
[cohort]
kind = "rows"
rows = [{ people = 400, disposal = "community_order" }]
[follow_up]
days = 365
waiting_days = 0
intake_days = 365
generations_before = 1
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
referral = 0.3
capacity = 4
patience_days = 400
duration_days = 60
hazard_ratio = { value = 0.2, low = 0.1, high = 0.4, source = "a guess", grade = "assumed" }
cost_per_start_gbp = 500
payer = "pcc"
"""
