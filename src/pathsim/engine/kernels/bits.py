"""What a processor says of the bits of a word in one instruction, and numba has no name for."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def lowest(_context: Any, _word: Any) -> Any:
    """Return the smallest number in a word that is not 0: one machine instruction."""

    def count_trailing_zeros(_: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        never_zero = ir.Constant(ir.IntType(1), 1)
        return builder.cttz(arguments[0], never_zero)

    return types.int64(types.uint64), count_trailing_zeros


@intrinsic
def size(_context: Any, _word: Any) -> Any:
    """Return how many numbers a word holds."""

    def count_ones(_: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), count_ones
