"""What is to be known of a synthetic copy before it is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from .counted import FEWEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALIKE: Final = ("age", "sex", "ethnicity", "offence_group", "previous_offences", "disposal")
"""By these a person might be known."""

_TEXT: Final = """\
# A synthetic copy of {people} people

Nobody in it exists. Each row was drawn from counts of {fewest} people or more; none was copied.
Seed {seed}.

## Kept, but for chance

- age band, sex, band of previous convictions and disposal, together
- offence group by disposal; needs together, by disposal; domestic abuse by offence group
- risk band by band of previous convictions and age band, and risks within their bands
- the shares of ethnicity and of areas; lengths of custody; start days

## Not kept

- any other link, such as of ethnicity or area with anything, or of needs with risk
- levels of fewer than {fewest} people, which are dropped; combinations of levels of so few, whose
  people are spread over others as if independent
- the lowest and highest ages, numbers, risks and lengths: numbers lie between the means of
  {fewest} people each
- ids, and the ages at first sanction; one-year risks follow from the two-year ones

Do not estimate effects from it, and do not hold it against outcomes.

## Risk of disclosure

- It is not anonymous by any proof: it is neither k-anonymous nor differentially private. Counts of
  {fewest} people or more shape it, and who knows all of these people but one may learn of that one.
- A row may be like a real person's by chance. Of {alone} people whose values nobody else has
  ({alike}), {hit} have a double in the copy. People like them who are not in the table have
  doubles about as often, so a double hardly tells who is in it; that is a trial, and no proof.
- A whole group's shares are told: who is known to be in the group is known to have its risk.

Whether it may be shared is for your information governance to say, with the table it was made from.
"""


def statement(frame: pd.DataFrame, table: pd.DataFrame, *, seed: int) -> str:
    """Return what is kept, what is not, and what the risk is, in Markdown."""
    names = [name for name in ALIKE if name in table]
    alone = alone_in(frame, names)
    doubles = in_both(frame[alone], table, names)
    return _TEXT.format(
        people=f"{len(frame):,}",
        fewest=FEWEST,
        seed=seed,
        alike=", ".join(name.replace("_", " ") for name in names),
        alone=_told(int(np.count_nonzero(alone))),
        hit=_told(int(np.count_nonzero(doubles))),
    )


def alone_in(frame: pd.DataFrame, names: list[str]) -> NDArray[np.bool_]:
    """Return whose values nobody else has."""
    return ~np.asarray(_keys(frame, names).duplicated(keep=False), np.bool_)


def in_both(frame: pd.DataFrame, other: pd.DataFrame, names: list[str]) -> NDArray[np.bool_]:
    """Return whose values somebody in the other table has too."""
    return np.asarray(_keys(frame, names).isin(set(_keys(other, names))), np.bool_)


def _keys(frame: pd.DataFrame, names: list[str]) -> pd.Series[Any]:
    first, *others = (frame[name].astype(str) for name in names)
    return first.str.cat(pd.concat(others, axis=1), sep="|")


def _told(people: int) -> str:
    return f"fewer than {FEWEST}" if 0 < people < FEWEST else f"{people:,}"
