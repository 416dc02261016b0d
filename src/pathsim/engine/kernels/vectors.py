"""Sums over a row of columns in one step: the compiler does not find them by itself.

A row is a pointer to cells of 64 bits; how many are meant is a constant of the code.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

from pathsim.elementary.fixed import ROUNDER, ROUNDER_WORD
from pathsim.engine.contract import PERSON_UNITS

from .memory import Place, member, tag
from .views import address

Row = Any
"""A row, as compiled code knows it; static types do not."""

_DOUBLE = ir.DoubleType()
_WORD = ir.IntType(64)
_BYTES = ir.IntType(8).as_pointer()


class Cell(types.Type):
    """A pointer to the first cell of a row."""

    def __init__(self, place: Place) -> None:
        self.place = place
        super().__init__(name="Cell")

    @property
    def key(self) -> Any:
        """Return what tells two such types apart."""
        return self.place


@register_model(Cell)
class _CellModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _BYTES)


@intrinsic
def row_of(_context: Any, rows: Any, index: Any) -> Any:
    """Return the row that begins at `rows[index]`; the last index is that of its first cell."""

    def point(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind, at = signature.args
        cell = address(context, builder, kind, arguments[0], at, arguments[1])
        return builder.bitcast(cell, _BYTES)

    return Cell(rows.place)(rows, index), point


@intrinsic(prefer_literal=True)
def field_of(_context: Any, record: Any, name: Any, first: Any) -> Any:
    """Return the row in the record's field `name`, from cell `first` on."""

    def point(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        offset = signature.args[0].record.offset(name.literal_value)
        start = member(builder, arguments[0], offset, _DOUBLE)
        at = builder.gep(start, [context.cast(builder, arguments[2], first, types.intp)])
        return builder.bitcast(at, _BYTES)

    return Cell(record.place.field(name.literal_value))(record, name, first), point


def _load(builder: Any, kind: Cell, pointer: Any, count: int, cell: Any = _DOUBLE) -> Any:
    vector = builder.bitcast(pointer, ir.VectorType(cell, count).as_pointer())
    return tag(builder, builder.load(vector, align=8), kind.place)


def _store(builder: Any, kind: Cell, value: Any, pointer: Any) -> None:
    vector = builder.bitcast(pointer, value.type.as_pointer())
    tag(builder, builder.store(value, vector, align=8), kind.place)


@intrinsic(prefer_literal=True)
def add_row(_context: Any, target: Any, source: Any, count: Any) -> Any:
    """Add the first `count` cells of `source` to those of `target`."""
    cells = count.literal_value

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, amounts = arguments[:2]
        before = _load(builder, target, sums, cells)
        total = builder.fadd(before, _load(builder, source, amounts, cells))
        _store(builder, target, total, sums)
        return context.get_dummy_value()

    return types.void(target, source, count), add


@intrinsic(prefer_literal=True)
def add_scaled(_context: Any, target: Any, _factor: Any, source: Any, count: Any) -> Any:
    """Add `factor` times the first `count` cells of `source` to those of `target`."""
    cells = count.literal_value

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        target_cells, times, source_cells, _ = arguments
        prices = _load(builder, source, source_cells, cells)
        factors = ir.Constant(prices.type, ir.Undefined)
        for k in range(cells):
            factors = builder.insert_element(factors, times, ir.Constant(ir.IntType(32), k))
        # Two roundings, as in any other code: never fused.
        before = _load(builder, target, target_cells, cells)
        _store(builder, target, builder.fadd(before, builder.fmul(factors, prices)), target_cells)
        return context.get_dummy_value()

    return types.void(target, types.float64, source, count), add


@intrinsic(prefer_literal=True)
def add_whole(_context: Any, target: Any, seen: Any, source: Any, count: Any) -> Any:
    """Add the first `count` cells of `source`, a person's columns, in whole units to `target`.

    seen: words that keep every bit that an amount has had, by which those out of range show.
    """
    cells = count.literal_value

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, words, amounts, _ = arguments
        given = _load(builder, source, amounts, cells)
        units = ir.Constant(given.type, [float(unit) for unit in PERSON_UNITS[:cells]])
        rounder = ir.Constant(given.type, [ROUNDER] * cells)
        # Two roundings, of which the first changes nothing: units are powers of two.
        rounded = builder.fadd(builder.fmul(given, units), rounder)
        word = builder.bitcast(rounded, ir.VectorType(_WORD, cells))
        before = _load(builder, seen, words, cells, _WORD)
        _store(builder, seen, builder.or_(before, word), words)
        whole = builder.sub(word, ir.Constant(word.type, [ROUNDER_WORD] * cells))
        before = _load(builder, target, sums, cells, _WORD)
        _store(builder, target, builder.add(before, whole), sums)
        return context.get_dummy_value()

    return types.void(target, seen, source, count), add


@intrinsic
def add_values(_context: Any, target: Any, values: Any) -> Any:
    """Add a tuple of whole numbers to the first cells of `target`."""

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        amounts = cgutils.unpack_tuple(builder, arguments[1])
        added = ir.Constant(ir.VectorType(_WORD, len(amounts)), ir.Undefined)
        for k, amount in enumerate(amounts):
            added = builder.insert_element(added, amount, ir.Constant(ir.IntType(32), k))
        before = _load(builder, target, arguments[0], len(amounts), _WORD)
        _store(builder, target, builder.add(before, added), arguments[0])
        return context.get_dummy_value()

    return types.void(target, types.UniTuple(types.int64, len(values))), add
