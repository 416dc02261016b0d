"""From all mixes that a budget covers to the last few, and the best of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from .design import design
from .emulator import Emulator, fit
from .search import best_mixes, prove
from .select import Selected, select

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathsim.elementary.arrays import Floats

    from .space import Evaluate, Mix, Space

FEW: Final = 50
"""Mixes, at most, that are all simulated."""
LAST: Final = 30
"""Mixes, at most, among which the best is selected."""
_ROUNDS: Final = 4
"""In which what the emulator holds best is simulated and the emulator fitted again, at most."""
_PROPOSED: Final = 8
"""Mixes of a round under the whole budget."""
_SHARES: Final = (0.25, 0.5, 0.75)
"""Of the budget: the best mix of each is proposed too, for the frontier."""
_A_DESIGN: Final = (1.25, 40, 200)
"""Mixes of the first design: for each effect of the emulator, at least, and at most."""
_SURELY_WORSE: Final = 3.0
"""Standard errors behind the best from which a mix is none of the last."""


class Effort(NamedTuple):
    """How long is looked, and for what difference."""

    draws: int
    """Of each mix, and of the last before any of them is dropped."""
    most_draws: int
    """Of the last."""
    delta: float
    """What a mix may be worth less than the best and still be taken."""
    sure: float
    """Chance of taking the best, or one within delta of it."""
    seed: int


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to."""

    space: Space
    seen: dict[Mix, Floats]
    """[D, r] worth of each mix that was simulated, and of the baseline, which is 0."""
    everything: bool
    """Whether these are all that the budget covers."""
    emulator: Emulator | None
    proved: bool
    """Whether HiGHS proved that no mix is better by the emulator."""
    last: tuple[Mix, ...]
    """The last few, in the order of `selected`."""
    selected: Selected
    final: dict[Mix, Floats]
    """[D, r] worth of each of the last few in the draws by which it was selected or dropped."""

    @property
    def pick(self) -> Mix:
        """The mix to take."""
        return self.last[self.selected.best]


def search_mixes(evaluate: Evaluate, space: Space, *, effort: Effort) -> Found:
    """Return the mix that is worth most under the budget, as far as the effort goes.

    Where the budget covers few mixes, all are simulated. Else an emulator is fitted to a design,
    what it holds best is simulated, and it is fitted again. The last few are then simulated in
    fresh states of the world: by those in which they were chosen they would look too good.
    """
    seen = {space.baseline: np.zeros((effort.draws, 1))}
    allowed = space.allowed(most=FEW + 1)
    emulator, proved = None, False
    if allowed is not None:
        _simulate(evaluate, allowed, seen, effort)
    else:
        emulator, proved = _by_emulator(evaluate, space, seen, effort)
    last = _last(seen, effort, most=len(seen) if allowed is not None else LAST)
    selected, final = _selected(evaluate, last, seen, effort, fresh=allowed is None)
    return Found(
        space=space,
        seen=seen,
        everything=allowed is not None,
        emulator=emulator,
        proved=proved,
        last=last,
        selected=selected,
        final=final,
    )


def _simulate(
    evaluate: Evaluate, mixes: Iterable[Mix], seen: dict[Mix, Floats], effort: Effort
) -> None:
    """Simulate the mixes that are not yet seen."""
    new = [mix for mix in dict.fromkeys(mixes) if mix not in seen]
    if new:
        worth = evaluate(new, effort.draws, False)
        seen |= {mix: worth[:, :, k] for k, mix in enumerate(new)}


def _by_emulator(
    evaluate: Evaluate, space: Space, seen: dict[Mix, Floats], effort: Effort
) -> tuple[Emulator, bool]:
    main = sum(space.sizes) - len(space.sizes)
    pairs = (main**2 - sum((levels - 1) ** 2 for levels in space.sizes)) // 2
    each, least, most = _A_DESIGN
    size = int(min(max(each * (main + pairs), least), most))
    _simulate(evaluate, design(space, size=size, seed=effort.seed), seen, effort)
    emulator = _fitted(seen, space)
    for _ in range(_ROUNDS):
        proposed = best_mixes(emulator, space, most=_PROPOSED)
        for share in _SHARES:
            proposed += best_mixes(emulator, space.within(share * space.budget), most=1)
        if all(mix in seen for mix in proposed):
            break
        _simulate(evaluate, proposed, seen, effort)
        emulator = _fitted(seen, space)
    proof = prove(emulator, space)
    best = best_mixes(emulator, space, most=1)
    proved = proof is not None and bool(
        np.isclose(proof.worth, emulator.worth(best)[0], rtol=1e-6, atol=0.0)
    )
    return emulator, proved


def _fitted(seen: dict[Mix, Floats], space: Space) -> Emulator:
    mixes = [mix for mix in seen if mix != space.baseline]
    worth = np.array([seen[mix].mean() for mix in mixes])
    return fit(mixes, worth, sizes=space.sizes)


def _last(seen: dict[Mix, Floats], effort: Effort, *, most: int) -> tuple[Mix, ...]:
    """Return the mixes that may be the best, the best first."""
    means = {mix: each.mean(axis=1) for mix, each in seen.items()}
    order = sorted(means, key=lambda mix: -float(means[mix].mean()))
    best = means[order[0]]
    return tuple(mix for mix in order[:most] if _may_be_best(best - means[mix], effort))


def _may_be_best(behind: Floats, effort: Effort) -> bool:
    error = float(behind.std(ddof=1)) / np.sqrt(len(behind))
    return bool(behind.mean() <= effort.delta + _SURELY_WORSE * error)


def _selected(
    evaluate: Evaluate,
    last: tuple[Mix, ...],
    seen: dict[Mix, Floats],
    effort: Effort,
    *,
    fresh: bool,
) -> tuple[Selected, dict[Mix, Floats]]:
    final = {} if fresh else {mix: seen[mix] for mix in last}

    def observe(which: Sequence[int], draws: int) -> Floats:
        mixes = [last[k] for k in which]
        needed = [mix for mix in mixes if len(final.get(mix, ())) < draws]
        simulated = [mix for mix in needed if any(mix)]
        worth = evaluate(simulated, draws, fresh) if simulated else np.zeros((draws, 1, 0))
        for mix in needed:
            zeros = np.zeros((draws, 1))
            final[mix] = worth[:, :, simulated.index(mix)] if any(mix) else zeros
        return np.stack([final[mix][:draws].mean(axis=1) for mix in mixes], axis=1)

    selected = select(
        observe,
        count=len(last),
        delta=effort.delta,
        sure=effort.sure,
        first=effort.draws,
        most=effort.most_draws,
    )
    if len(last) == 1:
        observe((0,), effort.draws)
    return selected, final
