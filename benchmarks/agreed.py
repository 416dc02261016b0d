"""The agreed answers of M2 and M2U: means over replications of independent programs.

Six programs that share no code (C, Numba, NumPy, a Python heap, SimPy, cimba) were run on the same
model until their means agreed; the standard errors are those of the pooled means. M2U was agreed
to the digits given, so its error is the rounding.
"""

from __future__ import annotations

from typing import NamedTuple

from scipy import special


class Answer(NamedTuple):
    """An agreed mean with what is known of its error."""

    mean: float
    se: float = 0.0
    """Standard error, in the unit of the mean."""
    rounding: float = 0.0
    """Half of the last digit given."""


M2 = {
    "proven_reoffending_rate": Answer(0.3961, se=0.0002),
    "reoffences_per_person": Answer(0.6519, se=0.0003),
    "cost_total": Answer(78.95e6, se=0.05e6),
    "service.tag.starts": Answer(154.0, se=0.2),
    "service.tag.mean_wait_days": Answer(20.4, se=0.06),
    "service.tag.reneged": Answer(1200.0, se=1.5),
    "service.treatment.starts": Answer(965.0, se=1.2),
    "service.treatment.mean_wait_days": Answer(38.7, se=0.05),
    "service.treatment.reneged": Answer(1696.0, se=2.0),
}

M2U = {
    "proven_reoffending_rate": Answer(0.3889, rounding=0.00005),
    "reoffences_per_person": Answer(0.6308, rounding=0.00005),
    "cost_total": Answer(80.5e6, rounding=0.05e6),
    "service.tag.starts": Answer(1386.0, rounding=0.5),
    "service.treatment.starts": Answer(2776.0, rounding=0.5),
}


def allowance(answer: Answer, *, se: float, multiple: float) -> float:
    """Return how far a mean with standard error `se` may lie from `answer`.

    multiple: of the combined standard error; the rounding comes on top.
    """
    return multiple * float((se**2 + answer.se**2) ** 0.5) + answer.rounding


def for_few(multiple: float, *, replications: int) -> float:
    """Return the multiple of an estimated standard error that is as rare as `multiple` of a known.

    By Student's t with `replications` - 1 degrees of freedom: an error estimated from a handful
    of replications is often far too small.
    """
    return float(-special.stdtrit(replications - 1, special.ndtr(-multiple)))
