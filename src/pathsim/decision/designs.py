"""What one person in a study would tell of a quantity: the designs for which this is known.

An effect, a ratio of hazards, is measured by a trial of two equal arms that are followed for twelve
months. A share p is measured by asking n people; its log odds have variance 1 / (n p (1 - p)). Of
other quantities, such as prices, no count of people says how well they would be known.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.errors import InputError, Problem, nearest
from pathsim.scenario.doubt import Doubted, doubt
from pathsim.scenario.effect import Effect

from .information.sample import log_hazard_ratio_variance, prior_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.elementary.arrays import Floats
    from pathsim.scenario.model import Scenario

    from .compared import Compared
    from .doubted import Input

_TRIED: Final = ("hazard_ratio", "after_ratio")
"""Last words of the keys of effects that a trial of reoffending measures."""


class Design(NamedTuple):
    """How a study would measure a quantity."""

    said: str
    prior_size: float
    """As how many people what is known already counts."""


def input_at(ready: Compared, key: str) -> Input:
    """Return what was drawn for a quantity. Raises InputError, with the nearest that was drawn."""
    names = {each.key: each.name for each in ready.inputs}
    for regime in (each for scenario in ready.scenarios for each in scenario.regimes):
        names |= {each.key: each.id for each in ready.states.of(regime).alone}
    if key not in names:
        raise _not_in_doubt(key, names)
    return next(each for each in ready.inputs if each.name == names[key])


def refuse_key(key: str, scenarios: Iterable[Scenario]) -> None:
    """Raise InputError, before anything runs, for a quantity that no study would measure."""
    known: dict[str, Doubted] = {}
    for regime in (each for scenario in scenarios for each in scenario.regimes):
        for each in doubt(regime).drawn:
            known.setdefault(each.key, each)
    if key not in known:
        raise _not_in_doubt(key, known)
    if not _tells(known[key]):
        raise _without_design(key)


def _not_in_doubt(key: str, known: Iterable[str]) -> InputError:
    hint = nearest(key, list(known))
    message = "is not in doubt" + (f"; {hint}" if hint else "")
    allowed = "a quantity that pathsim evidence --doubt lists"
    return InputError(Problem(message, key="of", found=key, allowed=allowed))


def _without_design(key: str) -> InputError:
    message = "is measured by no study of people"
    allowed = "an effect, or a share of people; left out, the one that is most worth finding out"
    return InputError(Problem(message, key="of", found=key, allowed=allowed))


def has_design(measured: Input) -> bool:
    """Return whether a study of people is known that would measure it."""
    return measured.first is not None and _tells(measured.first)


def _tells(doubted: Doubted) -> bool:
    return _is_effect(doubted) or _is_share(doubted)


def design_of(measured: Input, *, control: float) -> Design:
    """Return how a study would measure a quantity.

    control: share of the untreated who reoffend, for a trial. Raises InputError.
    """
    values = np.array([measured.value(number) for number in measured.column.tolist()])
    first = measured.first
    if first is not None and _is_effect(first):
        ratio = float(np.median(values))
        told = log_hazard_ratio_variance(control=control, ratio=ratio)
        said = (
            f"a trial of two equal arms, followed for twelve months, in which {100 * control:.3g}% "
            f"of the untreated reoffend and a ratio of {ratio:.3g} is the truth"
        )
        return Design(said, _prior(told, np.log(values)))
    if first is not None and _is_share(first):
        share = float(np.median(values))
        said = f"so many people, of each of whom it is seen whether it holds, as of {share:.3g}"
        return Design(said, _prior(1.0 / (share * (1.0 - share)), np.log(values / (1.0 - values))))
    raise _without_design(measured.key)


def _prior(told: float, drawn: Floats) -> float:
    return prior_size(per_person=told, drawn=float(drawn.var(ddof=1)))


def _is_effect(doubted: Doubted) -> bool:
    tried = isinstance(doubted.quantity, Effect) and str(doubted.path[-1]) in _TRIED
    return tried and doubted.low > 0.0


def _is_share(doubted: Doubted) -> bool:
    if isinstance(doubted.quantity, Effect):
        return False
    bounds = doubted.bounds
    whole = bounds.low == 0.0 and math.isclose(bounds.high, 1.0)
    return whole and doubted.low > 0.0 and doubted.high < 1.0
