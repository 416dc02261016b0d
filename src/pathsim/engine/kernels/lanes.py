"""The draws of a trigger, for eight services in one step.

The same numbers as `random.draw`, compared as whole numbers: with k the upper 52 bits of
a word, (k + 1/2) / 2^52 < share just when k < `below(share)`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from pathsim.elementary.words import GOLDEN, MIX_1, MIX_2

from .views import address

LANES: Final = 8
"""Services in one step; a power of two."""
_CELLS: Final = 2.0**52
_WORD = ir.IntType(64)
_WORDS = ir.VectorType(_WORD, LANES)


def below(share: Any) -> Any:
    """Return for each chance how many of the 2^52 cells of a uniform number lie under it."""
    return np.clip(np.ceil(np.asarray(share) * _CELLS - 0.5), 0.0, _CELLS).astype(np.int64)


def _all(builder: Any, word: Any) -> Any:
    """Return a vector of one word."""
    vector = ir.Constant(_WORDS, ir.Undefined)
    for lane in range(LANES):
        vector = builder.insert_element(vector, word, ir.Constant(ir.IntType(32), lane))
    return vector


def _constant(number: int) -> Any:
    return ir.Constant(_WORDS, [number] * LANES)


def _nth(builder: Any, state: Any, index: Any) -> Any:
    """Build `random.nth` for a vector of states and a vector of indices."""
    step = builder.mul(builder.add(index, _constant(1)), _constant(int(GOLDEN)))
    z = builder.add(state, step)
    z = builder.mul(builder.xor(z, builder.lshr(z, _constant(30))), _constant(int(MIX_1)))
    z = builder.mul(builder.xor(z, builder.lshr(z, _constant(27))), _constant(int(MIX_2)))
    return builder.xor(z, builder.lshr(z, _constant(31)))


@intrinsic
def drawn_below(
    _context: Any, keys: Any, limits: Any, at: Any, _person: Any, _occasion: Any
) -> Any:
    """Return in which of `LANES` services a person's draw lies under its limit, a bit each.

    keys: of the purposes, one a service; limits: `below` of their chances, by regime and
    service; at: (regime, first service).
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        key_rows, limit_rows, place, state, number = arguments
        first = builder.extract_value(place, 1)
        index = signature.args[2].types[1]

        def lanes(rows: Any, value: Any, kind: Any, where: Any) -> Any:
            pointer = address(context, builder, rows, value, kind, where)
            return builder.load(builder.bitcast(pointer, _WORDS.as_pointer()), align=8)

        purposes = lanes(signature.args[0], key_rows, index, first)
        bounds = lanes(signature.args[1], limit_rows, signature.args[2], place)
        states = builder.add(_all(builder, state), purposes)
        words = _nth(builder, states, _all(builder, number))
        cells = builder.lshr(words, _constant(12))
        bits = builder.bitcast(builder.icmp_unsigned("<", cells, bounds), ir.IntType(LANES))
        return builder.zext(bits, _WORD)

    return types.uint64(keys, limits, at, types.uint64, types.uint64), build
