"""What nobody knows, drawn from a scenario's own people.

Each person has one donor, of the same sex and of adults or youths where that is known, and takes
from them all that is to be drawn: so what is drawn goes together as it does in the scenario. The
donor follows from the person's id alone: the order of the rows, and who else is in the table,
change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.decimals import decimals
from pathsim.elementary.words import Draws
from pathsim.people.cells import number_of, truths
from pathsim.people.words import level_of
from pathsim.vocabulary import SEXES

from .columns import each_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pathsim.elementary.arrays import Floats, Places

    from .making import Making

DRAWN_LATER: Final = ("start_day", "sentence_days")
"""What is drawn in each replication where it is left empty."""
_ADULT: Final = 18
_NOT_KNOWN: Final = -1


def fill(
    making: Making,
    columns: dict[str, pd.Series[Any]],
    wanted: list[str],
    *,
    keys: Places,
    donors: Callable[[], pd.DataFrame] | None,
) -> None:
    """Fill the empty cells of the columns `wanted` from a scenario's people."""
    empty = {name: truths(columns[name] == "") for name in wanted}
    needed = [name for name in wanted if empty[name].any() and name not in DRAWN_LATER]
    if not needed:
        return
    if donors is None:
        words = "is drawn from the people of a scenario, and none is given"
        allowed = "--scenario FILE, or scenario= in Python"
        keys_of_all = dict.fromkeys(
            ("columns", name) if name in making.columns else ("needs", "if_unknown")
            for name in needed
        )
        for key in keys_of_all:
            making.refuse(words, key, allowed=allowed)
        return
    lenders = donors().reset_index(drop=True)
    place = _places(columns, lenders, keys)
    for name in needed:
        lent = _texts(lenders[name])[place]
        columns[name] = columns[name].where(~empty[name], pd.Series(lent, dtype="str"))
        making.drawn[name] = number_of(empty[name])
        making.say(name, f"{making.drawn[name]:,} drawn from the scenario's people, by id")


def _texts(column: pd.Series[Any]) -> Any:
    if column.dtype == np.bool_:
        return np.where(column, "yes", "no").astype(object)
    return column.astype(object).map(lambda cell: "" if pd.isna(cell) else str(cell)).to_numpy()


def _places(columns: dict[str, pd.Series[Any]], lenders: pd.DataFrame, keys: Places) -> Places:
    """Return the place of each person's donor."""
    chance = Draws(0, "mapping").uniform("donor", keys)
    theirs = _kinds(lenders["age"].to_numpy(np.float64), lenders["sex"].cat.codes.to_numpy())
    ages = decimals(columns["age"])
    sexes = each_text(columns["sex"], _sex_code)
    ours = _kinds(ages, decimals(sexes.where(sexes != "", str(_NOT_KNOWN))))
    place = np.zeros(len(keys), np.intp)
    for kind in np.unique(ours, axis=0):
        known = kind != _NOT_KNOWN
        fits = np.flatnonzero((theirs[:, known] == kind[known]).all(axis=1))
        if len(fits) == 0:
            fits = np.arange(len(lenders))
        who = (ours == kind).all(axis=1)
        place[who] = fits[np.floor(chance[who] * len(fits)).astype(np.intp)]
    return place


def _kinds(ages: Floats, sexes: Any) -> Any:
    adult = np.where(np.isnan(ages), _NOT_KNOWN, (ages >= _ADULT).astype(np.int64))
    return np.stack([adult, np.asarray(sexes, np.int64)], axis=1)


def _sex_code(text: str) -> str:
    level = level_of("sex", text, SEXES)
    return str(SEXES.index(level)) if level else ""
