"""As many states of the world as a precision takes: more and more, until there are enough.

Looks are taken at doubling numbers of states only, by the rule of `doubt.enough`, whose interval at
the stop covers as it does elsewhere. Each look is a comparison of its own, from the first state
on: so the result is the one that so many states give, to the last bit, in at most twice its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.arguments import plain_number, whole
from pathsim.errors import InputError, Problem, warn_caller
from pathsim.study.plan import MOST_DRAWS

from .doubt import advice, enough, estimate_draws

if TYPE_CHECKING:
    from .doubt import DrawEstimates
    from .results import Comparison

HEADLINE: Final = "proven_reoffending_rate"
FIRST: Final = 64
"""States of the first look."""
MOST: Final = 1024
"""States of the last, where nothing else is asked for."""


def compare_until(
    compare_in: Callable[[int], Comparison], *, until: object, draws: int | None
) -> Comparison:
    """Return a comparison in as many states as it takes, and say in its origin what was asked.

    compare_in: returns the comparison in so many states. until: how near the mean of the headline
    difference of every option is to be to what is expected, 95% sure. draws: at most; None: MOST.
    Warns where that many are not enough. Raises InputError.
    """
    precision = check_until(until)
    seconds, looks = 0.0, list(sizes(draws))
    for number in looks:
        result = compare_in(number)
        seconds += float(result.provenance["elapsed_seconds"])
        found = _estimates(result)
        reached = enough(found, precision)
        if reached:
            break
    if not reached:
        warn_caller(_too_few(found, precision))
    said = {"outcome": HEADLINE, "precision": precision, "reached": reached}
    return _with_origin(result, until=said, elapsed_seconds=round(seconds, 3))


def check_until(until: object) -> float:
    """Return a precision of the headline difference. Raises InputError."""
    number = plain_number(until)
    if number is None or not 0.0 < number < 1.0:
        allowed = "above 0 and below 1, such as 0.002, which is 0.2 percentage points"
        raise InputError(Problem("is no precision", key="until", found=until, allowed=allowed))
    return number


def sizes(draws: int | None) -> Iterator[int]:
    """Yield the numbers of states at which it is looked: doubling, the last as many as are allowed.

    Raises InputError.
    """
    most = whole(MOST if draws is None else draws, key="draws", least=FIRST, most=MOST_DRAWS)
    number = FIRST
    while number < most:
        yield number
        number *= 2
    yield most


def _estimates(result: Comparison) -> DrawEstimates:
    draws = int(result.provenance["draws"])
    parts = [option.everybody[HEADLINE].reshape(draws, -1) for option in result.options]
    return estimate_draws(np.stack(parts, axis=2))


def _too_few(found: DrawEstimates, precision: float) -> str:
    row = int(np.argmax(np.nan_to_num(found.se, nan=np.inf)))
    return (
        f"until: {found.draws[row]:,.0f} states of the world do not bring the headline difference "
        f"within {precision:g}; its standard error is {found.se[row]:.2g}. {advice(found, row=row)}"
    )


def _with_origin(result: Comparison, **more: Any) -> Comparison:
    provenance = {**result.provenance, **more}
    return replace(result, baseline=replace(result.baseline, provenance=provenance))
