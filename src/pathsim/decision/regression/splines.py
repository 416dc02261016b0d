"""Columns for smooth curves of each input, and for their products.

A curve is a cubic spline with knots at quantiles. What it costs is how much it bends: its
B-splines are turned into curves from the smoothest to the roughest (Demmler and Reinsch,
Numerische Mathematik 24 (1975), 375-382), each made as small as it is rough. The penalty on bends
is that of Eilers and Marx (Statistical Science 11 (1996), 89-121) for knots at unequal distances.
The straight line comes first and is hardly penalised. Products of such columns are the pairs.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
from scipy.linalg import eigh
from sklearn.preprocessing import SplineTransformer

from pathsim.elementary.arrays import Floats

_KNOTS: Final = 10
_DRAWS_A_KNOT: Final = 8
"""Of few draws a curve has fewer knots."""
_FEWEST_KNOTS: Final = 4
"""But where so many quantiles are not to be told apart."""
_LINE: Final = 30.0
"""Size of a line against the smoothest curve: its penalty is a nine-hundredth."""
_PAIR: Final = 100.0
"""What a product is divided by: that of two lines is then of the order of one curve."""
_PAIR_COLUMNS: Final = 150
"""In all, at most; and no more than half as many as there are draws."""
_FEWEST: Final = 2
"""Columns of an input, at least, however many inputs there are."""


def curves(points: Floats) -> list[Floats]:
    """Return the columns of each input, [D, columns], at points [D, q]; the line first."""
    draws, inputs = points.shape
    most = max(draws // (2 * max(inputs, 1)), _FEWEST)
    return [_curve(column)[:, :most] for column in points.T]


def pairs(single: list[Floats]) -> Floats:
    """Return products of the smoothest columns of any two inputs, [D, columns]; perhaps none."""
    draws = len(single[0])
    number = len(single) * (len(single) - 1) // 2
    most = int(np.sqrt(min(_PAIR_COLUMNS, draws / 2) / number)) if number else 0
    products = [
        (left[:, :most, None] * right[:, None, :most]).reshape(draws, -1) / _PAIR
        for left, right in combinations(single, 2)
    ]
    return np.hstack(products) if most else np.empty((draws, 0))


def _curve(column: Floats) -> Floats:
    """Return the columns of one input of mean 0 and spread 1."""
    wanted = int(np.clip(len(column) // _DRAWS_A_KNOT, _FEWEST_KNOTS, _KNOTS))
    knots = np.unique(np.quantile(column, np.linspace(0.0, 1.0, wanted)))
    return np.hstack([_LINE * column[:, None], _bends(column, knots)])


def _bends(column: Floats, knots: Floats) -> Floats:
    """Return curves that are no lines, from smooth to rough, each as small as it is rough."""
    spline = SplineTransformer(knots=knots[:, None]).fit(column[:, None])
    values = np.asarray(spline.transform(column[:, None]))
    rough = _roughness(np.asarray(spline.bsplines_[0].t), values.shape[1])
    size = values.T @ values / len(values)
    # A spline on which no draw lies must not be without size.
    size += 1e-9 * np.trace(size) * np.eye(len(size))
    bends, curve = eigh(rough, size)
    # Constants and lines, which do not bend, are the first two. The sign is a choice: fixed here.
    curve = curve[:, 2:] / np.sqrt(bends[2:])
    found = values @ (
        curve * np.sign(curve[np.argmax(np.abs(curve), axis=0), range(len(bends) - 2)])
    )
    return np.asarray(found - found.mean(axis=0))


def _roughness(knots: Floats, number: int) -> Floats:
    """Return the squared second derivative of cubic B-splines, about its integral, [K, K]."""
    centres = np.array([knots[k + 1 : k + 4].mean() for k in range(number)])
    slopes = np.diff(np.eye(number), axis=0) / np.diff(centres)[:, None]
    width = (centres[2:] - centres[:-2]) / 2.0
    second = np.diff(slopes, axis=0) / np.sqrt(width)[:, None]
    return np.asarray(second.T @ second)
