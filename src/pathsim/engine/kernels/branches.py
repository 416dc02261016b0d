"""What is rare is said so: the compiler puts its code apart from what nearly always runs."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic
def rarely(_context: Any, _condition: Any) -> Any:
    """Return a condition as it is; it nearly never holds ("llvm.expect")."""

    def expect(_: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        truth = ir.IntType(1)
        kind = ir.FunctionType(truth, [truth, truth])
        told = cgutils.get_or_insert_function(builder.module, kind, "llvm.expect.i1")
        return builder.call(told, [arguments[0], ir.Constant(truth, 0)])

    return types.boolean(types.boolean), expect
