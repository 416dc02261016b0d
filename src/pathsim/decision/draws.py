"""What a caller gives: net benefit of draws and options, the draws' inputs, groups of inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, nearest

LEAST_DRAWS: Final = 32
"""Of a regression: with fewer a curve is a guess."""

Groups = dict[str, tuple[str, ...]]
"""Inputs by the name of their group."""


def numbers(values: ArrayLike, *, key: str, axes: Sequence[str]) -> Floats:
    """Return an array with these axes, all of it finite. Raises InputError."""
    allowed = f"finite numbers, [{', '.join(axes)}]"
    try:
        found = np.array(values, np.float64)
    except (TypeError, ValueError, OverflowError):
        kind = type(values).__name__
        raise InputError(
            Problem("has the wrong type", key=key, found=kind, allowed=allowed)
        ) from None
    if found.ndim != len(axes):
        shape = list(found.shape)
        raise InputError(Problem("has the wrong shape", key=key, found=shape, allowed=allowed))
    if not np.isfinite(found).all():
        raise InputError(Problem("has values that are no numbers", key=key, allowed=allowed))
    return found


def options_of(net_benefit: ArrayLike, *, key: str = "net_benefit", least: int = 2) -> Floats:
    """Return net benefit, [D, N], of `least` draws or more and two options or more.

    Raises InputError.
    """
    found = numbers(net_benefit, key=key, axes=("draws", "options"))
    allowed = f"{least} draws or more, 2 options or more"
    if found.shape[0] < least or found.shape[1] < 2:
        shape = list(found.shape)
        raise InputError(Problem("has too few", key=key, found=shape, allowed=allowed))
    return found


def differences_of(net_benefit: ArrayLike) -> Floats:
    """Return options less the baseline, the first, draw by draw: [D, N - 1]. Raises InputError."""
    found = options_of(net_benefit, least=LEAST_DRAWS)
    return found[:, 1:] - found[:, :1]


def one_outcome(outcome: ArrayLike, *, key: str) -> Floats:
    """Return one outcome of enough draws for a regression, as [D, 1]. Raises InputError."""
    found = numbers(outcome, key=key, axes=("draws",))
    if len(found) < LEAST_DRAWS:
        allowed = f"{LEAST_DRAWS} draws or more"
        raise InputError(Problem("has too few", key=key, found=len(found), allowed=allowed))
    return found[:, None]


def inputs_of(inputs: pd.DataFrame, *, draws: int) -> pd.DataFrame:
    """Return the inputs as a table of finite numbers, [D, P], each with a name of its own.

    Raises InputError.
    """
    if not isinstance(inputs, pd.DataFrame):
        kind = type(inputs).__name__
        allowed = "a table with a row a draw and a column an input"
        raise InputError(Problem("has the wrong type", key="inputs", found=kind, allowed=allowed))
    names = [str(name) for name in inputs.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(Problem("has two columns of one name", key="inputs", found=twice[0]))
    if len(inputs) != draws:
        problem = Problem(
            "has another number of draws", key="inputs", found=len(inputs), allowed=f"{draws}"
        )
        raise InputError(problem)
    found = numbers(inputs.to_numpy(), key="inputs", axes=("draws", "inputs"))
    return pd.DataFrame(found, columns=names)


def groups_of(groups: Mapping[str, Sequence[str]] | None, *, inputs: pd.DataFrame) -> Groups:
    """Return the groups by name, without repetition; None is each input alone.

    Raises InputError.
    """
    if groups is None:
        return {name: (name,) for name in inputs.columns}
    found: Groups = {}
    for name, members in groups.items():
        of = (members,) if isinstance(members, str) else tuple(dict.fromkeys(members))
        unknown = [each for each in of if each not in inputs.columns]
        if unknown:
            hint = nearest(str(unknown[0]), inputs.columns)
            problem = Problem("is no input", key=f"groups.{name}", found=unknown[0], allowed=hint)
            raise InputError(problem)
        found[str(name)] = of
    return found
