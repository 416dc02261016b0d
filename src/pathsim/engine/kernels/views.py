"""What kernels hand to each other: one pointer for all the arrays of a tuple.

numba passes an array as seven numbers or more, and a tuple of arrays as all of theirs: a
call of a helper with a model and a workspace has well over a hundred arguments to write and to
compile, and to move where LLVM does not inline it. `struct_pointer` puts addresses and lengths in
one place on the kernel's stack and returns a pointer to it, which reads like the tuple:

    w = struct_pointer(work)
    w.state[i].legal, m.services[r, s].ratio, w.pools.shape[0]

Arrays are in C order. An index is never negative: -1 is before the first item, not the
last one, and nothing is spent on asking which. There are no slices.

LLVM is told what a compiler of C knows of structs: that to write one field changes no other, that
arrays do not overlap, that the model and the addresses never change (`memory.py`). Without
that it reads everything again after each thing written.

Made of numba's extension API (its manual, "Low-level extension API").
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeVar

from llvmlite import ir
from numba.core import cgutils, errors, types
from numba.core.typing import signature
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
)
from numba.np.arrayobj import make_array

from .memory import Item, Place, load, load_address, place_of, store

_Tuple = TypeVar("_Tuple")

_WORD: Final = ir.IntType(64)
_BYTES: Final = ir.IntType(8).as_pointer()
_DATA, _SHAPE = 0, 1


class StructPointer(types.Type):
    """A pointer to the rows of each array of a named tuple."""

    def __init__(self, arrays: Any, fixed: bool) -> None:
        self.arrays = arrays
        self.fixed = fixed
        self._key = f"{arrays.name} {fixed}"
        super().__init__(name=f"StructPointer{arrays.instance_class.__name__}")

    @property
    def key(self) -> str:
        """Return what tells two such types apart: one string, as numba asks for its hash often.

        The name is short, as it is part of symbols.
        """
        return self._key


class Rows(types.Type):
    """A pointer to the address and the shape of an array."""

    def __init__(self, array: Any, place: Place) -> None:
        self.array = array
        self.place = place
        record = isinstance(array.dtype, types.Record)
        self.dtype = Item(array.dtype, place) if record else array.dtype
        self._key = f"{array.name} {place}"
        super().__init__(name="Rows")

    @property
    def key(self) -> str:
        """Return what tells two such types apart."""
        return self._key


def _rows_struct(array: Any) -> Any:
    return ir.LiteralStructType([_BYTES, ir.ArrayType(_WORD, array.ndim)])


def _struct_of(arrays: Any) -> Any:
    return ir.LiteralStructType([_rows_struct(array) for array in arrays.types])


def _same(kind: Any) -> Any:
    return ir.FunctionType(kind, [kind])


@register_model(StructPointer)
class _StructPointerModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: StructPointer) -> None:
        super().__init__(manager, kind, _struct_of(kind.arrays).as_pointer())


@register_model(Rows)
class _RowsModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Rows) -> None:
        super().__init__(manager, kind, _rows_struct(kind.array).as_pointer())


def _point_as(arrays: Any, fixed: bool) -> Any:
    if any(array.layout != "C" for array in arrays.types):
        raise errors.TypingError("only arrays in C order have such a pointer")

    def keep(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        pointer = cgutils.alloca_once(builder, _struct_of(arrays))
        for k, kind in enumerate(arrays.types):
            array = make_array(kind)(context, builder, builder.extract_value(args[0], k))
            rows = cgutils.gep_inbounds(builder, pointer, 0, k)
            data = builder.bitcast(array.data, _BYTES)
            builder.store(data, cgutils.gep_inbounds(builder, rows, 0, _DATA))
            builder.store(array.shape, cgutils.gep_inbounds(builder, rows, 0, _SHAPE))
        # What was stored here is loaded as what never changes: not before it is stored, though.
        return builder.asm(_same(pointer.type), "", "=r,0,~{memory}", [pointer], True)

    return signature(StructPointer(arrays, fixed), arrays), keep


@intrinsic
def _struct_pointer(_context: Any, arrays: Any) -> Any:
    return _point_as(arrays, False)


@intrinsic
def _constant_struct_pointer(_context: Any, arrays: Any) -> Any:
    return _point_as(arrays, True)


struct_pointer: Callable[[_Tuple], _Tuple] = _struct_pointer
"""Return a pointer to the arrays of a named tuple, for as long as the kernel runs."""
constant_struct_pointer: Callable[[_Tuple], _Tuple] = _constant_struct_pointer
"""The same for arrays that nobody writes to as long as the kernel runs."""


@infer_getattr
class _StructPointerAttributes(AttributeTemplate):
    key = StructPointer

    def generic_resolve(self, pointer: StructPointer, name: str) -> Rows:
        place = place_of(f"{pointer.arrays.instance_class.__name__}.{name}", fixed=pointer.fixed)
        return Rows(pointer.arrays[pointer.arrays.fields.index(name)], place)


@lower_getattr_generic(StructPointer)
def _rows_of(_context: Any, builder: Any, pointer: StructPointer, value: Any, name: str) -> Any:
    return cgutils.gep_inbounds(builder, value, 0, pointer.arrays.fields.index(name))


@infer_getattr
class _RowsAttributes(AttributeTemplate):
    key = Rows

    def resolve_shape(self, rows: Rows) -> Any:
        return types.UniTuple(types.intp, rows.array.ndim)


@lower_getattr(Rows, "shape")
def _shape_of(_context: Any, builder: Any, _rows: Rows, value: Any) -> Any:
    return load_address(builder, cgutils.gep_inbounds(builder, value, 0, _SHAPE))


def address(context: Any, builder: Any, rows: Rows, value: Any, kind: Any, index: Any) -> Any:
    """Return a pointer to the item at `index`, an integer or a tuple of them (of type `kind`)."""
    kinds, indices = [kind], [index]
    if isinstance(kind, types.BaseTuple):
        kinds, indices = list(kind.types), cgutils.unpack_tuple(builder, index)
    offset = None
    for axis, (one, number) in enumerate(zip(kinds, indices, strict=True)):
        at = context.cast(builder, number, one, types.intp)
        if offset is not None:
            length = load_address(builder, cgutils.gep_inbounds(builder, value, 0, _SHAPE, axis))
            at = builder.add(builder.mul(offset, length), at)
        offset = at
    data = load_address(builder, cgutils.gep_inbounds(builder, value, 0, _DATA))
    items = builder.bitcast(data, context.get_data_type(rows.array.dtype).as_pointer())
    return builder.gep(items, [offset], inbounds=True)


@type_callable(operator.getitem)
def _type_of_item(_context: Any) -> Any:
    def item(rows: Any, index: Any) -> Any:
        return rows.dtype if isinstance(rows, Rows) and _fits(rows, index) else None

    return item


def _fits(rows: Rows, index: Any) -> bool:
    kinds = index.types if isinstance(index, types.BaseTuple) else (index,)
    return len(kinds) == rows.array.ndim and all(isinstance(kind, types.Integer) for kind in kinds)


@lower_builtin(operator.getitem, Rows, types.Any)
def _item(context: Any, builder: Any, call: Any, args: Any) -> Any:
    rows, kind = call.args
    at = address(context, builder, rows, args[0], kind, args[1])
    if isinstance(rows.dtype, Item):
        return builder.bitcast(at, _BYTES)
    return load(context, builder, rows.dtype, at, rows.place)


@type_callable(operator.setitem)
def _type_of_setting(_context: Any) -> Any:
    def setting(rows: Any, index: Any, _value: Any) -> Any:
        if isinstance(rows, Rows) and _fits(rows, index) and not isinstance(rows.dtype, Item):
            return signature(types.none, rows, index, rows.dtype)
        return None

    return setting


@lower_builtin(operator.setitem, Rows, types.Any, types.Any)
def _set_item(context: Any, builder: Any, call: Any, args: Any) -> Any:
    rows, kind, given = call.args
    at = address(context, builder, rows, args[0], kind, args[1])
    value = context.cast(builder, args[2], given, rows.dtype)
    store(context, builder, rows.dtype, value, at, rows.place)
    return context.get_dummy_value()
