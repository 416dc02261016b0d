"""Sums over a row of cells in one step: the compiler does not find them by itself."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from pathsim.elementary.fixed import ROUNDER, ROUNDER_WORD
from pathsim.engine.contract import PERSON_UNITS

from .memory import WORD, Place, load, store
from .views import Cells, address


@intrinsic
def add_scaled(_context: Any, target: Any, _first: Any, _factor: Any, source: Any) -> Any:
    """Add a factor times the cells of `source` to those of `target` from a first one on."""

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, first, factor, amounts = arguments
        given = _load_row(builder, source, amounts)
        factors = ir.Constant(given.type, ir.Undefined)
        for k in range(given.type.count):
            factors = builder.insert_element(factors, factor, ir.Constant(ir.IntType(32), k))
        # Two roundings, as in any other code: never fused.
        scaled = builder.fmul(factors, given)
        _change(builder, target, address(context, builder, target, sums, [first]), "fadd", scaled)
        return context.get_dummy_value()

    return types.void(target, types.intp, types.float64, source), add


@intrinsic
def add_whole(_context: Any, target: Any, _row: Any, seen: Any, source: Any) -> Any:
    """Add the cells of `source`, a person's columns, in whole units to a row of `target`.

    seen: words that keep every bit that an amount has had, by which those out of range show.
    """

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, row, words, amounts = arguments
        given = _load_row(builder, source, amounts)
        units = ir.Constant(given.type, [float(unit) for unit in PERSON_UNITS])
        rounder = ir.Constant(given.type, [ROUNDER] * given.type.count)
        # Two roundings, of which the first changes nothing: units are powers of two.
        rounded = builder.fadd(builder.fmul(given, units), rounder)
        word = builder.bitcast(rounded, ir.VectorType(WORD, given.type.count))
        _change(builder, seen, address(context, builder, seen, words, []), "or_", word)
        whole = builder.sub(word, ir.Constant(word.type, [ROUNDER_WORD] * word.type.count))
        _change(builder, target, address(context, builder, target, sums, [row]), "add", whole)
        return context.get_dummy_value()

    return types.void(target, types.intp, seen, source), add


def _load_row(builder: Any, source: Cells, pointer: Any) -> Any:
    row = ir.VectorType(ir.DoubleType(), source.shape[0])
    return load(builder, builder.bitcast(pointer, row.as_pointer()), _unaligned(source))


def _change(builder: Any, target: Cells, pointer: Any, how: str, row: Any) -> None:
    at = builder.bitcast(pointer, row.type.as_pointer())
    changed = getattr(builder, how)(load(builder, at, _unaligned(target)), row)
    store(builder, changed, at, _unaligned(target))


def _unaligned(cells: Cells) -> Place:
    return cells.place._replace(aligned=False)  # a vector lies where its first cell does
