"""Margins of a sampled cohort: joint counts scaled until published cells, crossed too, are met.

Iterative proportional fitting: each margin in its turn scales the cells of the joint counts so that
it holds, until all do. What no margin tells apart keeps the odds ratios that it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.elementary.arrays import Floats
from pathsim.elementary.ordered import total
from pathsim.errors import InputError, Problem

from .count_table import Cell, read_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SWEEPS: Final = 2000
_NEAR: Final = 1e-9
"""Of all people, by which a margin may be missed."""
_AGE: Final = 0
"""The axis of age groups, each of which is sampled by itself."""


class Margin(NamedTuple):
    """Counts over some axes of the joint counts."""

    axes: tuple[int, ...]
    """In order."""
    people: Floats
    """[levels of each axis]"""


def fitted(
    joint: Floats,
    file: str | Path,
    *,
    axes: Mapping[str, tuple[str, ...]],
    sizes: Sequence[float],
) -> Floats:
    """Return joint counts with the margins in a CSV file, and so many people of each age group.

    file: a column for each attribute and `count`; an empty level is any. Lines that name the same
    attributes are one margin, of which lines that are left out count nobody. Raises InputError for
    people of a kind that `joint` does not have, and for margins that no counts can have together.
    """
    table = read_counts(file, axes, any_level="")
    ages = Margin((_AGE,), np.array(sizes, np.float64))
    found = np.where(np.array(sizes).reshape(-1, *[1] * (joint.ndim - 1)) > 0, joint, 0.0)
    margins = []
    for named, cells in _by_attributes(table.cells, table.attributes).items():
        margin = _margin(named, cells, table.attributes, axes)
        there = _sums(found, margin.axes)
        places = {cell: _place(cell, table.attributes, axes) for cell in cells}
        odd = [cell for cell in cells if cell.people and not there[places[cell]]]
        _refuse_nobody(odd, margin, table.file)
        margins.append(_of_size(margin, sizes))
    for _ in range(_SWEEPS):
        for each in (*margins, ages):
            found = _scaled(found, each)
        if all(_missed(found, each) < _NEAR for each in margins):
            return found
    worst = max(margins, key=lambda each: _missed(found, each))
    names = [list(axes)[axis] for axis in worst.axes]
    message = f"no counts have all of these margins: that of {' by '.join(names)} is missed"
    raise InputError(Problem(message, key="cohort.margins", file=table.file))


def _by_attributes(
    cells: Iterable[Cell], attributes: tuple[str, ...]
) -> dict[tuple[str, ...], list[Cell]]:
    found: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        named = tuple(a for a, level in zip(attributes, cell.levels, strict=True) if level)
        found.setdefault(named, []).append(cell)
    return found


def _place(
    cell: Cell, attributes: tuple[str, ...], axes: Mapping[str, tuple[str, ...]]
) -> tuple[int, ...]:
    said = dict(zip(attributes, cell.levels, strict=True))
    return tuple(levels.index(said[a]) for a, levels in axes.items() if said.get(a))


def _margin(
    named: tuple[str, ...],
    cells: Iterable[Cell],
    attributes: tuple[str, ...],
    axes: Mapping[str, tuple[str, ...]],
) -> Margin:
    chosen = tuple(place for place, name in enumerate(axes) if name in named)
    people = np.zeros([len(axes[name]) for name in axes if name in named])
    for cell in cells:
        people[_place(cell, attributes, axes)] += cell.people
    return Margin(chosen, people)


def _refuse_nobody(odd: Iterable[Cell], margin: Margin, file: Path) -> None:
    """Refuse cells of which there is nobody, and a margin without anybody."""
    allowed = "0, or a kind of people that the counts, and the scenario's sizes, have"
    problems = [
        Problem(
            "there is nobody of this kind to take more of",
            found=", ".join(filter(None, cell.levels)),
            allowed=allowed,
            line=cell.line,
            file=file,
        )
        for cell in odd
    ]
    if not problems and not margin.people.any():
        problems = [Problem("a margin counts nobody", key="cohort.margins", file=file)]
    if problems:
        raise InputError(*problems)


def _of_size(margin: Margin, sizes: Sequence[float]) -> Margin:
    """Return a margin of as many people as there are, by age group if it tells them apart."""
    people = margin.people
    if _AGE not in margin.axes:
        return margin._replace(people=people * (sum(sizes) / total(people.reshape(-1))))
    of_age = total(people.reshape(len(people), -1))
    scale = np.divide(np.array(sizes, np.float64), of_age, where=of_age > 0, out=of_age * 0.0)
    return margin._replace(people=people * scale.reshape(-1, *[1] * (people.ndim - 1)))


def _sums(joint: Floats, axes: tuple[int, ...]) -> Floats:
    """Return the sums of the cells around some axes, [levels of each]."""
    others = [axis for axis in range(joint.ndim) if axis not in axes]
    moved = joint.transpose(*axes, *others)
    shape = moved.shape[: len(axes)]
    return total(np.ascontiguousarray(moved).reshape(*shape, -1))


def _scaled(joint: Floats, margin: Margin) -> Floats:
    now = _sums(joint, margin.axes)
    scale = np.divide(margin.people, now, where=now > 0, out=np.zeros_like(now))
    others = tuple(axis for axis in range(joint.ndim) if axis not in margin.axes)
    found: Floats = joint * np.expand_dims(scale, others)
    return found


def _missed(joint: Floats, margin: Margin) -> float:
    off = np.abs(_sums(joint, margin.axes) - margin.people)
    return float(off.max() / total(margin.people.ravel()))
