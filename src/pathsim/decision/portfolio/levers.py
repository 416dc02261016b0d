"""Levers as a user gives them, and a mix of their levels as one scenario."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pathsim.arguments import plain_number
from pathsim.decision.sweep import FIGURES, own_level, plain_level
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario

from .merging import Changes, changes_of, refuse_unlike, together

if TYPE_CHECKING:
    from pathlib import Path

    from .space import Mix

MOST_LEVERS: Final = 12
_SECTIONS: Final = ("services", "pools", "sentencing", "custody", "courts")
"""Of a scenario, in which there is something to choose."""
MOST_LEVELS: Final = 12
AS_IT_IS: Final = "as it is"
"""The mix that changes nothing, by name."""
_LEVELS: Final = "numbers, such as [18, 36, 54]"
_LEVERS: Final = "a mapping of keys to levels, such as {'services.gps_tag.capacity': [18, 36, 54]}"


@dataclass(frozen=True)
class Lever:
    """Something to choose: a number by key, or an option that is taken or left."""

    name: str
    """The key, or the title of the option."""
    levels: tuple[float, ...]
    """The baseline's own first; of an option 0 and 1."""
    changes: tuple[Changes | None, ...]
    """By level; None: the baseline is left as it is."""

    @property
    def is_option(self) -> bool:
        """Return whether it is an option that is taken or left."""
        return self.changes[-1] is not None and self.changes[-1].said_by != self.name

    @property
    def short(self) -> str:
        """Return the name without what all keys of services begin with."""
        return self.name.removeprefix("services.").removesuffix(".capacity")

    def said(self, level: int) -> str:
        """Return a level in words."""
        return self.name if self.is_option else f"{self.short} {self.levels[level]:{FIGURES}}"


def levers_of(
    baseline: Scenario,
    levers: object,
    options: object,
) -> tuple[Lever, ...]:
    """Return all levers. Raises InputError for what cannot be one, or not beside the others."""
    if not isinstance(levers, Mapping):
        raise wrong_type("levers", levers, _LEVERS)
    made = [_lever(baseline, str(key), levels) for key, levels in levers.items()]
    made += [_option(baseline, each) for each in listed(options)]
    if not 1 <= len(made) <= MOST_LEVERS:
        allowed = f"1 to {MOST_LEVERS} levers and options"
        problem = Problem("are too few or too many", key="levers", found=len(made), allowed=allowed)
        raise InputError(problem)
    names = [each.name for each in made]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InputError(Problem("is given twice", key="levers", found=twice[0]))
    refuse_unlike([each.changes[-1] for each in made if each.changes[-1] is not None])
    return tuple(made)


def _lever(baseline: Scenario, key: str, levels: object) -> Lever:
    own = own_level(baseline, key)
    if key.partition(".")[0] not in _SECTIONS:
        message = "is no lever: it says who people are, how they are counted, or what is so"
        allowed = f"a key of {', '.join(_SECTIONS)}"
        raise InputError(Problem(message, key=f"levers.{key}", found=own, allowed=allowed))
    if isinstance(levels, str | bytes | Mapping) or not isinstance(levels, Iterable):
        raise wrong_type(f"levers.{key}", levels, _LEVELS)
    found: list[float] = []
    for each in levels:
        number = plain_number(each)
        if number is None or not math.isfinite(number):
            raise InputError(
                Problem("has what is no level", key=f"levers.{key}", found=each, allowed=_LEVELS)
            )
        found.append(number)
    others = sorted(set(found) - {own})
    if not 1 <= len(others) < MOST_LEVELS:
        message = "has too few or too many levels beside the baseline's own"
        allowed = f"1 to {MOST_LEVELS - 1} others than {own:{FIGURES}}"
        raise InputError(Problem(message, key=f"levers.{key}", found=len(others), allowed=allowed))
    return Lever(
        name=key,
        levels=(own, *others),
        changes=(None, *(Changes(key, {key: plain_level(level)}) for level in others)),
    )


def listed(options: object) -> Sequence[Any]:
    """Return options in a list, of one or of several. Raises InputError."""
    allowed = "scenario files, names of shipped ones, or scenarios, in a list"
    if isinstance(options, Scenario | str | os.PathLike):
        return [options]
    if isinstance(options, Mapping | bytes) or not isinstance(options, Iterable):
        raise wrong_type("options", options, allowed)
    found = list(options)
    for each in found:
        if not isinstance(each, Scenario | str | os.PathLike):
            raise wrong_type("options", each, allowed)
    return found


def _option(baseline: Scenario, source: Scenario | str | Path) -> Lever:
    option = source if isinstance(source, Scenario) else load(source)
    file = f"the option {option.title}" if isinstance(source, Scenario) else os.fspath(source)
    changes = changes_of(baseline, option, said_by=file)
    if not changes.overrides:
        message = "changes nothing of the baseline"
        raise InputError(Problem(message, key="options", found=file, allowed="an option of it"))
    return Lever(name=option.title, levels=(0.0, 1.0), changes=(None, changes))


def changes_in(levers: Sequence[Lever], mix: Mix) -> list[Changes]:
    """Return what a mix changes, lever by lever."""
    taken = (lever.changes[k] for lever, k in zip(levers, mix, strict=True))
    return [each for each in taken if each is not None]


def named(levers: Sequence[Lever], mix: Mix) -> str:
    """Return a mix in words: what it changes."""
    parts = [lever.said(k) for lever, k in zip(levers, mix, strict=True) if k]
    return " + ".join(parts) or AS_IT_IS


def scenario_of(baseline: Scenario, levers: Sequence[Lever], mix: Mix) -> Scenario:
    """Return a mix as one scenario: all its changes at once."""
    return together(baseline, named(levers, mix), changes_in(levers, mix))
