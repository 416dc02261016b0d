"""Sums over a row of columns in one step: the compiler does not find them by itself.

A row is a pointer to float64 cells; how many are meant is a constant of the code.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .views import address

Row = Any
"""A row, as compiled code knows it; static types do not."""

_CELLS = types.CPointer(types.float64)
_DOUBLE = ir.DoubleType()


@intrinsic
def row_of(_context: Any, rows: Any, index: Any) -> Any:
    """Return the row that begins at `rows[index]`; the last index is that of its first cell."""

    def point(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, at = signature.args
        return address(context, builder, kind, arguments[0], at, arguments[1])

    return _CELLS(rows, index), point


@intrinsic(prefer_literal=True)
def field_of(_context: Any, record: Any, name: Any, first: Any) -> Any:
    """Return the row in the record's field `name`, from cell `first` on."""

    def point(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        offset = signature.args[0].offset(name.literal_value)
        start = cgutils.get_record_member(
            builder, arguments[0], offset, context.get_value_type(types.float64)
        )
        return builder.gep(start, [context.cast(builder, arguments[2], first, types.intp)])

    return _CELLS(record, name, first), point


def _vector(builder: Any, pointer: Any, count: int) -> Any:
    return builder.bitcast(pointer, ir.VectorType(_DOUBLE, count).as_pointer())


@intrinsic(prefer_literal=True)
def add_row(_context: Any, target: Any, source: Any, count: Any) -> Any:
    """Add the first `count` cells of `source` to those of `target`."""
    cells = count.literal_value

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, amounts = (_vector(builder, each, cells) for each in arguments[:2])
        total = builder.fadd(builder.load(sums, align=8), builder.load(amounts, align=8))
        builder.store(total, sums, align=8)
        return context.get_dummy_value()

    return types.void(target, source, count), add


@intrinsic(prefer_literal=True)
def add_scaled(_context: Any, target: Any, _factor: Any, source: Any, count: Any) -> Any:
    """Add `factor` times the first `count` cells of `source` to those of `target`."""
    cells = count.literal_value

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        target_cells, times, source_cells, _ = arguments
        sums = _vector(builder, target_cells, cells)
        prices = builder.load(_vector(builder, source_cells, cells), align=8)
        factors = ir.Constant(prices.type, ir.Undefined)
        for k in range(cells):
            factors = builder.insert_element(factors, times, ir.Constant(ir.IntType(32), k))
        # Two roundings, as in any other code: never fused.
        total = builder.fadd(builder.load(sums, align=8), builder.fmul(factors, prices))
        builder.store(total, sums, align=8)
        return context.get_dummy_value()

    return types.void(target, types.float64, source, count), add


@intrinsic
def add_values(_context: Any, target: Any, values: Any) -> Any:
    """Add a tuple of numbers to the first cells of `target`."""

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        amounts = cgutils.unpack_tuple(builder, arguments[1])
        sums = _vector(builder, arguments[0], len(amounts))
        added = ir.Constant(ir.VectorType(_DOUBLE, len(amounts)), ir.Undefined)
        for k, amount in enumerate(amounts):
            added = builder.insert_element(added, amount, ir.Constant(ir.IntType(32), k))
        builder.store(builder.fadd(builder.load(sums, align=8), added), sums, align=8)
        return context.get_dummy_value()

    return types.void(target, types.UniTuple(types.float64, len(values))), add
