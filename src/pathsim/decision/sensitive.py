"""What an answer hangs on: each option against the baseline, and any two against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.arguments import made_by
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, nearest, wrong_type
from pathsim.outcomes.again import compare_again
from pathsim.outcomes.names import meaning, outcome_names
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.outcomes.saving import Saved
from pathsim.study.designed import Designed

from .compared import CLOSEST, Compared, need_libraries, prepare
from .doubted import screened
from .plain_of import plain_of
from .sensitivity.told import ASKED, EMULATOR, Model, Moved, moved
from .told import Told, told
from .turning import Switch, switches

NET_BENEFIT: Final = "net benefit"
"""What everybody gains over the years of the appraisal: net present social value."""


class OptionSensitivity(NamedTuple):
    """What an option's difference from the baseline hangs on."""

    option: OptionResult
    difference: Told
    moved: Moved

    @property
    def title(self) -> str:
        """Return the option's title."""
        return self.option.request.title


class Between(NamedTuple):
    """What would have to be true for the other of two to be the better one."""

    better: str
    """Title of what is to be expected to be better."""
    other: str
    difference: Told
    """By how much the first is better, above 0 on the mean."""
    turns: tuple[Switch, ...]
    """By the quantity that goes with the difference the most; empty: none is seen to."""

    def sentence(self) -> str:
        """Return it in words."""
        said = f"'{self.better}' is to be expected to be better than '{self.other}'"
        if self.difference.mean == 0.0:
            return f"Nothing is to be expected between '{self.better}' and '{self.other}'."
        if not self.turns:
            return f"{said}; no one quantity is seen to turn that."
        inside = [each for each in self.turns if each.inside]
        first = inside[0] if inside else self.turns[0]
        side = "above" if first.fails_above else "below"
        held = f"{first.input.low:.3g} to {first.input.high:.3g}"
        where = "within" if first.inside else "but that is outside"
        return (
            f"{said}; for it to be the other way round {first.input.label} would have to be {side} "
            f"{first.value:.3g}, {where} its 95% interval ({held})."
        )


@made_by("pathsim.sensitivity(comparison), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Saved):
    """What options' differences hang on."""

    comparison: Comparison
    outcome: str
    years: int
    """Of the appraisal that net benefit is over."""
    options: tuple[OptionSensitivity, ...]
    between: tuple[Between, ...]
    """Of any two options, and of each and the baseline; empty: no direction is better."""

    def table(self) -> pd.DataFrame:
        """Return a row an option and quantity: by how much the difference moves with it.

        Columns: option, input, low and high (2.5% and 97.5% of the quantity), at_low and at_high
        (the difference to be expected there), swing, se (of the swing), turns (whether the
        difference has both signs in between).
        """
        parts = [each.moved.tornado.assign(option=each.title) for each in self.options]
        found = pd.concat(parts, ignore_index=True)
        return found[["option", *(name for name in found if name != "option")]]

    def _repr_html_(self) -> str:
        return str(self.table().to_html(index=False))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, as the shell gives it with `--json`."""
        return plain_of(self)

    def _table_to_write(self) -> pd.DataFrame:
        return self.table()

    def __repr__(self) -> str:
        return f"<Sensitivity of {self.outcome} in {self.comparison!r}>"


def sensitivity(  # noqa: PLR0913 keyword-only choices of one look
    comparison: Comparison,
    *,
    outcome: str = NET_BENEFIT,
    years: int = 10,
    morris: str = EMULATOR,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Return what the differences between options hang on, from the draws that there are.

    Needs the extra `decide`.

    Parameters
    ----------
    comparison
        In 32 states of the world or more, as `compare(..., draws=256)` returns.
    outcome
        An outcome of everybody, such as `proven_reoffending_rate`, or `net benefit`, over the years
        of the appraisal.
    years
        Of the appraisal.
    morris
        Whether Morris's screening asks the `emulator`, or simulates the `model` at each of its
        points, all other quantities at their centres.
    seed
        Of shuffles, resamples and designs.
    progress
        Of the model's screening, called with how many replications are done, and of how many.

    Returns
    -------
    Sensitivity
        By option the quantities that move its difference; of any two what would turn them round.

    Raises
    ------
    InputError
        When there are too few states of the world, or for an outcome that is not there.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("Twice the mentors", {"services.mentor.capacity": 24})
    >>> compared = ps.compare(town, more, draws=32, replications=2)
    >>> found = ps.sensitivity(compared, outcome="proven_reoffending_rate")
    >>> found.options[0].title
    'Twice the mentors'
    """
    need_libraries(SALib="SALib")
    if not isinstance(outcome, str):
        raise wrong_type("outcome", outcome, f"text, such as '{NET_BENEFIT}'")
    refuse_asked(morris)
    ready = prepare(comparison, years=years, seed=seed)
    values, better = _values(ready, outcome)
    options = tuple(
        OptionSensitivity(
            option,
            told(values[:, :, k]),
            moved(
                values[:, :, k],
                ready.inputs,
                better=better,
                seed=ready.seed,
                model=None if morris == EMULATOR else _model(ready, k, outcome, progress),
            ),
        )
        for k, option in enumerate(comparison.options)
    )
    between = tuple(_between(ready, better * values)) if better else ()
    return Sensitivity(comparison, outcome, ready.terms.years, options, between)


def refuse_asked(morris: object) -> None:
    """Refuse what Morris's screening cannot ask. Raises InputError."""
    if morris not in ASKED:
        hint = nearest(str(morris), ASKED)
        message = "is nothing to ask" + (f"; {hint}" if hint else "")
        raise InputError(Problem(message, key="morris", found=morris, allowed=" or ".join(ASKED)))


def _model(
    ready: Compared, place: int, outcome: str, progress: Callable[[int, int], None] | None
) -> Model:
    """Return what simulates an option and the baseline at points of a design."""
    option = ready.comparison.options[place]
    alone = replace(ready.comparison, options=(option,))
    sampled = {each.name for each in ready.inputs if each.first is None}

    def simulated(columns: Mapping[str, Floats]) -> Floats:
        draws = len(next(iter(columns.values())))
        at = {name: np.exp(each) if name in sampled else each for name, each in columns.items()}
        states = Designed(
            draws=draws, seed=ready.states.seed, posterior=ready.states.posterior, at=at
        )
        again = compare_again(alone, states, progress=progress)
        found = prepare(again, years=ready.terms.years, seed=ready.seed)
        return _values(found, outcome)[0][:, :, 0]

    return simulated


def refuse_outcome(outcome: str) -> None:
    """Refuse what can be no outcome, before anything runs. Raises InputError."""
    if outcome != NET_BENEFIT:
        try:
            meaning(outcome)
        except KeyError:
            plain = outcome_names(services=(), pools=())
            raise _no_outcome(outcome, plain) from None


def _values(ready: Compared, outcome: str) -> tuple[Floats, int]:
    """Return the options' differences, [D, r, N], and the sign of a better one."""
    if outcome == NET_BENEFIT:
        return ready.worth, 1
    options = ready.comparison.options
    known = set.intersection(*(set(option.everybody) for option in options))
    if outcome not in known:
        raise _no_outcome(outcome, sorted(known))
    parts = [option.everybody[outcome].reshape(ready.draws, -1) for option in options]
    found = np.stack(parts, axis=2)
    if np.isnan(found).any():
        message = "is not defined in every replication"
        raise InputError(Problem(message, key="outcome", found=outcome, allowed="one that is"))
    return found, meaning(outcome).better


def _no_outcome(outcome: str, known: list[str]) -> InputError:
    hint = nearest(outcome, [*known, NET_BENEFIT])
    message = "is no outcome of all options" + (f"; {hint}" if hint else "")
    allowed = f"'{NET_BENEFIT}', or an outcome of pathsim compare"
    return InputError(Problem(message, key="outcome", found=outcome, allowed=allowed))


def _between(ready: Compared, gains: Floats) -> Iterator[Between]:
    """Yield what would have to be true for any two; gains [D, r, N] are better above 0."""
    titles = [ready.comparison.baseline.request.title]
    titles += [option.request.title for option in ready.comparison.options]
    every = np.concatenate([np.zeros((*gains.shape[:2], 1)), gains], axis=2)
    for one, other in combinations(range(len(titles)), 2):
        difference = every[:, :, one] - every[:, :, other]
        if difference.mean() < 0.0:
            one, other, difference = other, one, -difference  # noqa: PLW2901 the better one first
        means = difference.mean(axis=1)
        closest = screened(means, ready.inputs, most=CLOSEST, seed=ready.seed)
        turns = tuple(switches(means, closest))
        yield Between(titles[one], titles[other], told(difference), turns)
