"""Sums over a row of cells in one step: the compiler does not find them by itself."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from pathsim.elementary.fixed import ROUNDER, ROUNDER_WORD
from pathsim.engine.contract import N_OUTCOME_COLUMNS, N_RARE_COLUMNS, PERSON_UNITS

from .memory import WORD, Place, load, store
from .views import Cells, address


@intrinsic
def add_scaled(_context: Any, target: Any, _first: Any, _factor: Any, source: Any) -> Any:
    """Add a factor times the cells of `source` to those of `target` from a first one on."""

    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, first, factor, amounts = arguments
        given = _load_row(builder, source, amounts, source.shape[0])
        factors = ir.Constant(given.type, ir.Undefined)
        for k in range(given.type.count):
            factors = builder.insert_element(factors, factor, ir.Constant(ir.IntType(32), k))
        # Two roundings, as in any other code: never fused.
        scaled = builder.fmul(factors, given)
        _change(builder, target, address(context, builder, target, sums, [first]), "fadd", scaled)
        return context.get_dummy_value()

    return types.void(target, types.intp, types.float64, source), add


@intrinsic
def add_common(_context: Any, target: Any, _row: Any, seen: Any, source: Any) -> Any:
    """Add a person's columns but the rare ones, in whole units, to a row of `target`.

    seen: words that keep every bit that an amount has had, by which those out of range show.
    """
    return _add_whole(target, seen, source, range(N_RARE_COLUMNS, N_OUTCOME_COLUMNS))


@intrinsic
def add_rare(_context: Any, target: Any, _row: Any, seen: Any, source: Any) -> Any:
    """Add a person's rare columns, in whole units, to a row of `target`."""
    return _add_whole(target, seen, source, range(N_RARE_COLUMNS))


def _add_whole(target: Any, seen: Any, source: Any, columns: range) -> Any:
    def add(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        sums, row, words, amounts = arguments
        first = ir.Constant(WORD, columns.start)
        start = address(context, builder, source, amounts, [first])
        given = _load_row(builder, source, start, len(columns))
        units = [float(unit) for unit in PERSON_UNITS[columns.start : columns.stop]]
        rounder = ir.Constant(given.type, [ROUNDER] * given.type.count)
        # Two roundings, of which the first changes nothing: units are powers of two.
        scaled = builder.fmul(given, ir.Constant(given.type, units))
        word = builder.bitcast(builder.fadd(scaled, rounder), ir.VectorType(WORD, given.type.count))
        _change(builder, seen, address(context, builder, seen, words, [first]), "or_", word)
        whole = builder.sub(word, ir.Constant(word.type, [ROUNDER_WORD] * word.type.count))
        _change(
            builder, target, address(context, builder, target, sums, [row, first]), "add", whole
        )
        return context.get_dummy_value()

    return types.void(target, types.intp, seen, source), add


def _load_row(builder: Any, source: Cells, pointer: Any, count: int) -> Any:
    row = ir.VectorType(ir.DoubleType(), count)
    return load(builder, builder.bitcast(pointer, row.as_pointer()), _unaligned(source))


def _change(builder: Any, target: Cells, pointer: Any, how: str, row: Any) -> None:
    at = builder.bitcast(pointer, row.type.as_pointer())
    changed = getattr(builder, how)(load(builder, at, _unaligned(target)), row)
    store(builder, changed, at, _unaligned(target))


def _unaligned(cells: Cells) -> Place:
    return cells.place._replace(aligned=False)  # a vector lies where its first cell does
