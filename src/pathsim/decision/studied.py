"""What a study of so many people would be worth before options are chosen, and its best size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.arguments import plain_number, whole
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.outcomes.values import EVERYBODY

from .compared import CLOSEST, deflated, with_baseline
from .designs import Design, design_of, has_design, input_at
from .doubted import Input, as_table, screened
from .information.partial import evppi
from .information.perfect import evpi
from .information.sample import LEAST_DRAWS, TOO_FEW, evsi, prepare_sample, sample_value
from .information.study import Best, Cost, best_size, reach, study_net_benefit

if TYPE_CHECKING:
    from .compared import Compared

_RATE: Final = "proven_reoffending_rate"
_MOST_PEOPLE: Final = 100_000
"""In a study, for its best size."""
_NOTHING_SEEN: Final = "nothing that a study of people measures is seen to matter to the choice"


class Asked(NamedTuple):
    """What is asked of studies."""

    sizes: tuple[int, ...]
    of: str | None = None
    """Key of the quantity studied; None: the one most worth knowing."""
    control: float | None = None
    """Share of the untreated who reoffend; None: the baseline's proven reoffending rate."""
    reducible: float = 1.0
    """Share of the doubt that a study here could take away."""
    waits: int = 1
    """Years until the study reports, which are lost to it."""
    cost: Cost | None = None


@dataclass(frozen=True, eq=False)
class Studies:
    """Studies of one quantity; pounds over the years of the appraisal."""

    measured: Input | None
    """None: nothing is worth a study of people."""
    design: Design | None
    table: pd.DataFrame
    """A row a size: `size`, `evsi` (for all years), `se`, `said` (why there is no value, or none
    but 0; else empty), `worth` (of the years that are left when the study reports), `cost` and
    `net_benefit`; nan where they are not known."""
    best: Best | None
    """None: too few draws, or the cost is not told."""
    asked: Asked
    known: float
    """What it would be worth to know the quantity for sure (EVPPI); nan: too few draws."""
    said: str
    """Why there is no value at all; empty: there is."""


def asked_of(sizes: object, *, years: int, **more: Any) -> Asked | None:
    """Return what is asked of studies, checked before anything runs; None: nothing.

    sizes: a number of people, or several; more: fields of `Asked`. Raises InputError.
    """
    if sizes is None:
        for key, found in more.items():
            if found != Asked._field_defaults[key]:
                message, allowed = "is of no study", "with a number of people in a study"
                name = "study_cost" if key == "cost" else key
                raise InputError(Problem(message, key=name, found=found, allowed=allowed))
        return None
    alone = isinstance(sizes, str)
    many = list(sizes) if isinstance(sizes, Iterable) and not alone else [sizes]
    if not many:
        raise InputError(Problem("needs a number of people", key="study", allowed="1 or more"))
    people = tuple(whole(size, key="study", least=1, most=10**9) for size in many)
    asked = Asked(people, **more | {"cost": _cost(more.get("cost"))})
    _check(asked, years=years)
    return asked


def _check(asked: Asked, *, years: int) -> None:
    if asked.of is not None and not isinstance(asked.of, str):
        raise wrong_type("of", asked.of, "the key of a quantity")
    whole(asked.waits, key="waits", least=0, most=years)
    for key, value, open_above in (
        ("control", asked.control, True),
        ("reducible", asked.reducible, False),
    ):
        number = plain_number(0.5 if value is None else value)
        if number is None or not (0.0 < number < 1.0 or (number == 1.0 and not open_above)):
            allowed = "between 0 and 1" if open_above else "above 0, up to 1"
            raise InputError(Problem("is out of range", key=key, found=value, allowed=allowed))


def _cost(found: object) -> Cost | None:
    """Return what a study costs: at the start, and for each person. Raises InputError."""
    if found is None:
        return None
    parts = list(found) if isinstance(found, Iterable) and not isinstance(found, str) else [found]
    numbers = [plain_number(each) for each in parts]
    pounds = [each for each in numbers if each is not None and 0.0 <= each < np.inf]
    if len(numbers) != 2 or len(pounds) != 2:
        allowed = "two amounts of pounds, 0 or more: at the start, and for each person"
        raise InputError(Problem("is no cost", key="study_cost", found=found, allowed=allowed))
    return Cost(*pounds)


def worth_of_studies(ready: Compared, asked: Asked) -> Studies:
    """Return what studies would be worth before choosing among all options and the baseline.

    Raises InputError for a quantity that no study measures.
    """
    certain = with_baseline(deflated(ready.worth))
    most = evpi(certain, seed=ready.seed).evpi
    means = with_baseline(ready.worth.mean(axis=1))
    measured = input_at(ready, asked.of) if asked.of else _most_worth_knowing(ready, means, most)
    if measured is None:
        return _none(asked, ready.draws)
    control = _control(ready) if asked.control is None else asked.control
    design = design_of(measured, control=control)
    inputs = as_table([measured])
    table = evsi(
        *(means, inputs),
        of=measured.name,
        sizes=asked.sizes,
        prior_size=design.prior_size,
        reducible=asked.reducible,
        evpi=most,
        seed=ready.seed,
    )
    years = ready.terms.years
    scale = reach(years=years, waits=asked.waits) / reach(years=years)
    known, best = np.nan, None
    if ready.draws >= LEAST_DRAWS:
        known = float(evppi(means, inputs, evpi=most, seed=ready.seed)["evppi"][0])
        best = _best(ready, means, measured, design, asked, most=most, scale=scale)
    return Studies(measured, design, _costed(table, asked, scale), best, asked, known, "")


def _most_worth_knowing(ready: Compared, means: Floats, most: float) -> Input | None:
    """Return what a study can measure that is most worth knowing; None: nothing is seen."""
    found: dict[str, Input] = {}
    for option in means.T[1:]:
        closest = screened(option, ready.inputs, most=CLOSEST, seed=ready.seed)
        found |= {each.name: each for each in closest if has_design(each)}
    if not found:
        return None
    table = evppi(means, as_table(found.values()), evpi=most, seed=ready.seed)
    place = int(np.argmax(table["evppi"].to_numpy()))
    return list(found.values())[place]


def _control(ready: Compared) -> float:
    run = ready.comparison.baseline
    return float(run.estimates.mean[run.rows.index((_RATE, EVERYBODY))])


def _best(  # noqa: PLR0913 what one estimate rests on
    ready: Compared,
    means: Floats,
    measured: Input,
    design: Design,
    asked: Asked,
    *,
    most: float,
    scale: float,
) -> Best | None:
    if asked.cost is None:
        return None
    prepared = prepare_sample(
        means[:, 1:] - means[:, :1],
        measured.column,
        prior_size=design.prior_size,
        reducible=asked.reducible,
        most=most,
        seed=ready.seed,
    )
    return best_size(
        lambda size: sample_value(prepared, size=size),
        cost=asked.cost,
        scale=scale,
        most=_MOST_PEOPLE,
    )


def _costed(table: pd.DataFrame, asked: Asked, scale: float) -> pd.DataFrame:
    """Return the table with what each study is worth, costs and leaves."""
    cost = asked.cost or Cost(np.nan, np.nan)
    values: Sequence[float] = table["evsi"].tolist()
    more = study_net_benefit(values, sizes=table["size"].tolist(), cost=cost, scale=scale)
    return table.join(more[["worth", "cost", "net_benefit"]])


def _none(asked: Asked, draws: int) -> Studies:
    columns = ["size", "evsi", "se", "said", "worth", "cost", "net_benefit"]
    said = _NOTHING_SEEN
    if draws < LEAST_DRAWS:
        said += f", in {TOO_FEW} to be sure of that: ask for {LEAST_DRAWS} or more"
    empty = pd.DataFrame(columns=columns)
    return Studies(None, None, empty, None, asked, np.nan, said)
