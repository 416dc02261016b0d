"""What kernels hand to each other: one pointer for all the arrays of a tuple.

numba passes an array as seven numbers or more, and a tuple of arrays as all of theirs: a
call of a helper with a model and a workspace has well over a hundred arguments to write and to
compile, and to move where LLVM does not inline it. `struct_pointer` puts addresses and lengths in
one place on the kernel's stack and returns a pointer to it, which reads like the tuple:

    w = struct_pointer(work)
    w.state[i].legal, m.services[r, s].ratio, w.pools.shape[0]

Arrays are in C order. An index is never negative: -1 is before the first item, not the
last one, and nothing is spent on asking which. There are no slices; fewer indices than axes
leave the rest of a record's field, as in `rules.conviction_cost[group]`.

LLVM is told what a compiler of C knows of structs: that to write one field changes no other, that
arrays do not overlap, that the model and the addresses never change (`memory.py`). Without
that it reads everything again after each thing written.

Made of numba's extension API (its manual, "Low-level extension API").
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, TypeVar

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
    lower_setattr_generic,
    models,
    register_model,
    type_callable,
)
from numba.np.arrayobj import make_array

from .memory import BYTES, WORD, Place, load, load_address, store

_Tuple = TypeVar("_Tuple")

_DATA, _SHAPE = 0, 1


class _Pointer(types.Type):
    """An address; what is there, the type knows."""

    def __init__(self, name: str, *parts: object) -> None:
        self._key = " ".join(map(str, parts))
        super().__init__(name)

    @property
    def key(self) -> str:
        """Return what tells two such types apart: one string, as numba asks for its hash often.

        The name is short, as it is part of symbols.
        """
        return self._key


class StructPointer(_Pointer):
    """A pointer to the address and the shape of each array of a named tuple."""

    def __init__(self, arrays: Any, fixed: bool) -> None:
        self.arrays = arrays
        self.fixed = fixed
        super().__init__(f"StructPointer{arrays.instance_class.__name__}", arrays.name, fixed)


class Cells(_Pointer):
    """A pointer to numbers or records in rows.

    shape: that of a record's field, or what an index has left of it. None: the pointer is to the
    address and the shape of an array.
    """

    def __init__(self, item: Any, ndim: int, place: Place, shape: tuple[int, ...] | None) -> None:
        self.item = item
        self.ndim = ndim
        self.place = place
        self.shape: Any = shape
        super().__init__("Cells", item.name, ndim, place, shape)

    def at(self, index: Any) -> Any:
        """Return the type of what is at an index of type `index`, None where it does not fit."""
        kinds = index.types if isinstance(index, types.BaseTuple) else (index,)
        if not all(isinstance(each, types.Integer) for each in kinds):
            return None
        if len(kinds) == self.ndim:
            record = isinstance(self.item, types.Record)
            return Item(self.item, self.place) if record else self.item
        left = self.shape[len(kinds) :] if self.shape else ()
        return Cells(self.item, len(left), self.place, left) if left else None


class Item(_Pointer):
    """A pointer to a record."""

    def __init__(self, record: Any, place: Place) -> None:
        self.record = record
        self.place = place._replace(aligned=record.aligned)
        super().__init__("Item", record.name, place)

    def at(self, name: str) -> Any:
        """Return the type of a field."""
        kind = self.record.typeof(name)
        if isinstance(kind, types.NestedArray):
            return Cells(kind.dtype, kind.ndim, self.place.field(name), tuple(kind.shape))
        return kind


@register_model(StructPointer)
@register_model(Cells)
@register_model(Item)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: _Pointer) -> None:
        super().__init__(manager, kind, BYTES)


def _array_struct(ndim: int) -> Any:
    return ir.LiteralStructType([BYTES, ir.ArrayType(WORD, ndim)])


def _struct_of(arrays: Any) -> Any:
    return ir.LiteralStructType([_array_struct(array.ndim) for array in arrays.types])


def _pointer_to_arrays(*, fixed: bool) -> Callable[[_Tuple], _Tuple]:
    def point(_context: Any, arrays: Any) -> Any:
        if any(array.layout != "C" for array in arrays.types):
            raise errors.TypingError("only arrays in C order have such a pointer")
        return signature(StructPointer(arrays, fixed), arrays), _keep

    made: Callable[[_Tuple], _Tuple] = intrinsic(point)
    return made


def _keep(context: Any, builder: Any, call: Any, args: Any) -> Any:
    arrays = call.args[0]
    pointer = cgutils.alloca_once(builder, _struct_of(arrays))
    for k, kind in enumerate(arrays.types):
        array = make_array(kind)(context, builder, builder.extract_value(args[0], k))
        rows = cgutils.gep_inbounds(builder, pointer, 0, k)
        data = builder.bitcast(array.data, BYTES)
        builder.store(data, cgutils.gep_inbounds(builder, rows, 0, _DATA))
        builder.store(array.shape, cgutils.gep_inbounds(builder, rows, 0, _SHAPE))
    # What was stored here is loaded as what never changes: not before it is stored, though.
    same = ir.FunctionType(BYTES, [BYTES])
    return builder.asm(same, "", "=r,0,~{memory}", [builder.bitcast(pointer, BYTES)], True)


struct_pointer = _pointer_to_arrays(fixed=False)
"""Return a pointer to the arrays of a named tuple, for as long as the kernel runs."""
constant_struct_pointer = _pointer_to_arrays(fixed=True)
"""The same for arrays that nobody writes to as long as the kernel runs."""


@infer_getattr
class _StructPointerAttributes(AttributeTemplate):
    key = StructPointer

    def generic_resolve(self, pointer: StructPointer, name: str) -> Cells:
        array = pointer.arrays[pointer.arrays.fields.index(name)]
        place = Place(f"{pointer.arrays.instance_class.__name__}.{name}", pointer.fixed)
        return Cells(array.dtype, array.ndim, place, None)


@lower_getattr_generic(StructPointer)
def _array_of(_context: Any, builder: Any, pointer: StructPointer, value: Any, name: str) -> Any:
    arrays = builder.bitcast(value, _struct_of(pointer.arrays).as_pointer())
    at = cgutils.gep_inbounds(builder, arrays, 0, pointer.arrays.fields.index(name))
    return builder.bitcast(at, BYTES)


@infer_getattr
class _ItemAttributes(AttributeTemplate):
    key = Item

    def generic_resolve(self, item: Item, name: str) -> Any:
        return item.at(name)


def _field(builder: Any, item: Item, value: Any, name: str) -> Any:
    offset = ir.Constant(WORD, item.record.offset(name))
    return builder.gep(value, [offset], inbounds=True)


@lower_getattr_generic(Item)
def _get_field(context: Any, builder: Any, item: Item, value: Any, name: str) -> Any:
    at = _field(builder, item, value, name)
    return _get(context, builder, item.at(name), at, item.place.field(name))


@lower_setattr_generic(Item)
def _set_field(context: Any, builder: Any, call: Any, args: Any, name: str) -> Any:
    item, given = call.args
    kind = item.at(name)
    value = context.cast(builder, args[1], given, kind)
    at = _field(builder, item, args[0], name)
    _set(context, builder, kind, value, at, item.place.field(name))


def _get(context: Any, builder: Any, kind: Any, pointer: Any, place: Place) -> Any:
    """Load a number; of what holds several, return the address."""
    if isinstance(kind, _Pointer):
        return builder.bitcast(pointer, BYTES)
    at = builder.bitcast(pointer, context.get_data_type(kind).as_pointer())
    return context.data_model_manager[kind].from_data(builder, load(builder, at, place))


def _set(context: Any, builder: Any, kind: Any, value: Any, pointer: Any, place: Place) -> None:
    """Store a number."""
    at = builder.bitcast(pointer, context.get_data_type(kind).as_pointer())
    store(builder, context.data_model_manager[kind].as_data(builder, value), at, place)


@infer_getattr
class _CellsAttributes(AttributeTemplate):
    key = Cells

    def resolve_shape(self, cells: Cells) -> Any:
        return types.UniTuple(types.intp, cells.ndim)


@lower_getattr(Cells, "shape")
def _shape_of(_context: Any, builder: Any, cells: Cells, value: Any) -> Any:
    lengths = [_length(builder, cells, value, axis) for axis in range(cells.ndim)]
    return cgutils.pack_array(builder, lengths)


def _part(builder: Any, cells: Cells, value: Any, *where: int) -> Any:
    """Load the address or a length of an array."""
    array = builder.bitcast(value, _array_struct(cells.ndim).as_pointer())
    return load_address(builder, cgutils.gep_inbounds(builder, array, 0, *where))


def _length(builder: Any, cells: Cells, value: Any, axis: int) -> Any:
    if cells.shape is not None:
        return ir.Constant(WORD, cells.shape[axis])
    return _part(builder, cells, value, _SHAPE, axis)


def address(context: Any, builder: Any, cells: Cells, value: Any, indices: list[Any]) -> Any:
    """Return a pointer to the item at `indices`, or to the first of those that they leave."""
    offset = ir.Constant(WORD, 0)
    for axis in range(cells.ndim):
        if axis > 0:
            offset = builder.mul(offset, _length(builder, cells, value, axis))
        if axis < len(indices):
            offset = builder.add(offset, indices[axis])
    start = _part(builder, cells, value, _DATA) if cells.shape is None else value
    first = builder.bitcast(start, context.get_data_type(cells.item).as_pointer())
    return builder.gep(first, [offset], inbounds=True)


def _at(context: Any, builder: Any, call: Any, args: Any) -> Any:
    """Return a pointer to the item at the index that is the second argument."""
    cells, kind = call.args[:2]
    several = isinstance(kind, types.BaseTuple)
    indices = cgutils.unpack_tuple(builder, args[1]) if several else [args[1]]
    kinds = kind.types if several else [kind]
    wide = [context.cast(builder, *each, types.intp) for each in zip(indices, kinds, strict=True)]
    return address(context, builder, cells, args[0], wide)


@type_callable(operator.getitem)
def _type_of_item(_context: Any) -> Any:
    def item(cells: Any, index: Any) -> Any:
        return cells.at(index) if isinstance(cells, Cells) else None

    return item


@lower_builtin(operator.getitem, Cells, types.Any)
def _get_item(context: Any, builder: Any, call: Any, args: Any) -> Any:
    at = _at(context, builder, call, args)
    return _get(context, builder, call.return_type, at, call.args[0].place)


@type_callable(operator.setitem)
def _type_of_setting(_context: Any) -> Any:
    def setting(cells: Any, index: Any, _value: Any) -> Any:
        number = isinstance(cells, Cells) and isinstance(cells.at(index), types.Number)
        return signature(types.none, cells, index, cells.item) if number else None

    return setting


@lower_builtin(operator.setitem, Cells, types.Any, types.Any)
def _set_item(context: Any, builder: Any, call: Any, args: Any) -> Any:
    cells, _, given = call.args
    value = context.cast(builder, args[2], given, cells.item)
    at = _at(context, builder, call, args)
    _set(context, builder, cells.item, value, at, cells.place)
    return context.get_dummy_value()
