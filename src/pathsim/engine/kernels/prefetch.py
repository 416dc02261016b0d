"""A hint to the processor: fetch a record now that will be read soon."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .lines import LINE
from .views import address


@intrinsic
def prefetch(_context: Any, array: Any, _index: Any) -> Any:
    """Ask for all of `array[index]`, and wait for nothing."""

    def ask(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        size = context.get_abi_sizeof(context.get_data_type(kind.item))
        pointer = ir.IntType(8).as_pointer()
        first = address(context, builder, kind, arguments[0], [arguments[1]])
        start = builder.bitcast(first, pointer)
        flag = ir.IntType(32)
        request = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [pointer, flag, flag, flag]),
            "llvm.prefetch.p0i8",
        )
        # For reading, to be kept, of data.
        how = [ir.Constant(flag, value) for value in (0, 3, 1)]
        for offset in range(0, size, LINE):
            line = builder.gep(start, [ir.Constant(ir.IntType(64), offset)])
            builder.call(request, [line, *how])
        return context.get_dummy_value()

    return types.void(array, types.int64), ask
