"""The people's areas: a table names them in its own words, the scenario says which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathsim.errors import InputError, Problem, nearest
from pathsim.scenario.areas import rest_of

from .assumptions import ASSUMED
from .cells import categorical
from .problems import FEWEST_ALIKE
from .words import word_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from pathsim.scenario.areas import Area

    from .origin import AreaNamed, Origin


def placed(
    column: pd.Series[str], origin: Origin, areas: Mapping[str, Area]
) -> pd.Categorical[str]:
    """Return the people's areas as those of the scenario; all missing where it has none.

    Whoever has no area lives in the one without a share. Raises InputError, with file and
    line, for a name that means none of the areas.
    """
    codes = column.cat.codes.to_numpy()
    levels = tuple(areas)
    if not areas:
        return categorical(np.full(len(codes), -1, np.int8), levels)
    meant = _meant(areas)
    names = [str(name) for name in column.cat.categories]
    used = np.unique(codes[codes >= 0])
    unknown = [names[code] for code in used.tolist() if names[code] not in meant]
    if unknown:
        raise InputError(*(_no_such(name, origin, areas, meant) for name in unknown))
    place = [levels.index(meant[name]) if name in meant else -1 for name in names]
    return categorical(np.array([*place, levels.index(rest_of(areas))])[codes], levels)


def read_as(origin: Origin, areas: Mapping[str, Area]) -> Iterator[str]:
    """Yield what is to be said of how the areas in a table were read."""
    if not areas:
        if origin.areas:
            yield f"{origin.name}: area is not used: the scenario has no [areas]"
        return
    if "area" in dict(origin.assumed):
        yield f"{origin.name}: {ASSUMED}: {origin.assumed_as('area', rest_of(areas))}"
    meant = _meant(areas)
    read = [f"{each.text!r} as {meant[each.name]}" for each in origin.areas if _other(each, meant)]
    if read:
        yield f"{origin.name}: read with care: area: {', '.join(read)}"


def _other(named: AreaNamed, meant: Mapping[str, str]) -> bool:
    return named.name in meant and named.text != meant[named.name]


def _meant(areas: Mapping[str, Area]) -> dict[str, str]:
    """Return the area that each name means: ids, titles, and what else they are called."""
    titles = {word_of(area.title): name for name, area in areas.items()}
    words = {word_of(word): name for name, area in areas.items() for word in area.words}
    return titles | words | {name: name for name in areas}


def _no_such(
    name: str, origin: Origin, areas: Mapping[str, Area], meant: Mapping[str, str]
) -> Problem:
    where = next((each for each in origin.areas if each.name == name), None)
    hint = nearest(name, meant)
    message = "is none of the scenario's areas" + (f"; {hint}" if hint else "")
    allowed = ", ".join(areas)
    if where is None:
        return Problem(message, key="area", found=name, allowed=allowed)
    if where.people > 1:
        message += f" ({where.people:,} people, first here)"
    if where.line is None:
        message += f" (row {where.row})"
    # What few rows of a file have may say who they are.
    rare = where.line is not None and where.people < FEWEST_ALIKE
    return Problem(
        message,
        key="area",
        found=None if rare else where.text,
        allowed=allowed,
        line=where.line,
        file=origin.path,
    )
