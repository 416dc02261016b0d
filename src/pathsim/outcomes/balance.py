"""Whether published occasions still come out as a flow, as they did where entry shares were solved.

Shares are solved at the memory, the levels, the mix of people and the sentencing of one scenario.
At others the disposals of the intake window are no longer the occasions that the cohort has, and
nothing else would say so.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pathsim.scenario.cohort import SampledCohort
from pathsim.vocabulary import AGE_GROUPS

from .changes import changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.scenario.model import Scenario

    from .statistics import Estimates
    from .values import Row

MARGIN: Final = 0.03
"""Relative, on top of chance: shares are solved to half a per cent, on other random numbers."""
ERRORS: Final = 3.0
"""Standard errors of the disposals that chance may make."""
_OF_A_BASELINE: Final = ("cohort", "follow_up", "hazard", "offending.record_grows")
"""What shares are solved at, and what no option of services, courts or sentencing changes."""
_COUNTED: Final = "follow_up.horizon_days"
"""What is counted of people; it changes nothing that they do."""


def out_of_balance(
    scenario: Scenario, rows: Sequence[Row], estimates: Estimates, *, replications: int
) -> str:
    """Return that the disposals of a scenario's own people are no longer its occasions, or nothing.

    rows: outcome and group of each of the estimates. Nothing too where no entry shares are given,
    or no disposals counted.
    """
    cohort = scenario.cohort
    if not isinstance(cohort, SampledCohort) or not cohort.entry_shares:
        return ""
    published = (cohort.adults.value, cohort.youths.value)
    off = []
    for age, occasions in zip(AGE_GROUPS, published, strict=True):
        row = ("disposals_in_year", f"age_group={age}")
        if row not in rows:
            continue
        disposals, error = (float(each[rows.index(row)]) for each in (estimates.mean, estimates.se))
        # Few replications may be alike by chance, so the error is that of a count at least.
        error = max(math.sqrt(occasions / replications), error if math.isfinite(error) else 0.0)
        if abs(disposals - occasions) > MARGIN * occasions + ERRORS * error:
            off.append(f"{disposals:,.0f} of {age}s, where the cohort has {occasions:,.0f}")
    if not off:
        return ""
    return (
        f"'{scenario.title}': disposals in the intake window are {' and '.join(off)}. "
        "cohort.entry_shares were solved for another memory, window, level of reoffending, mix "
        "of people, sentencing or the like; solve them anew with `pathsim calibrate`"
    )


def is_an_option(scenario: Scenario) -> bool:
    """Return whether a scenario changes in what it extends only what an option may change."""
    above = list(scenario.lineage.ancestors())
    if not above:
        return False
    keys = [change.key for change in changes(above[-1], scenario)]
    return not any(key.startswith(_OF_A_BASELINE) and not key.startswith(_COUNTED) for key in keys)
