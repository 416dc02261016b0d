"""Records and their fields as kernels read them, and what LLVM is told of the memory they are in.

A place is an array or a field of its records. Reading and writing carry its name as metadata of
LLVM ("tbaa", in its language reference): what is in places of different names never
overlaps, and what is in a fixed place never changes.
"""

from __future__ import annotations

import operator
from typing import Any, Final, NamedTuple

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing import signature
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    lower_builtin,
    lower_getattr,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    type_callable,
)

_WORD: Final = ir.IntType(64)
_BYTES: Final = ir.IntType(8).as_pointer()
_ROOT: Final = "pathsim"


class Place(NamedTuple):
    """Memory that overlaps with no other place."""

    name: str
    fixed: bool  # never written to while the kernel runs
    aligned: bool

    def field(self, name: str) -> Place:
        """Return the place of a field of the records here."""
        return self._replace(name=f"{self.name}.{name}")


def place_of(name: str, *, fixed: bool) -> Place:
    """Return the place of an array."""
    return Place(name, fixed, True)


def tag(builder: Any, access: Any, place: Place) -> Any:
    """Say of a load or a store in which place it is; return it."""
    module = builder.module
    zero = ir.Constant(_WORD, 0)
    root = module.add_metadata([_ROOT])
    kind = module.add_metadata([place.name, root, zero])
    fixed = [ir.Constant(_WORD, 1)] if place.fixed else []
    access.set_metadata("tbaa", module.add_metadata([kind, kind, zero, *fixed]))
    return access


def load_address(builder: Any, pointer: Any) -> Any:
    """Load an address or a length, which never changes."""
    loaded = builder.load(pointer)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def load(context: Any, builder: Any, kind: Any, pointer: Any, place: Place) -> Any:
    """Load a number."""
    loaded = builder.load(pointer, align=None if place.aligned else 1)
    return context.data_model_manager[kind].from_data(builder, tag(builder, loaded, place))


def store(context: Any, builder: Any, kind: Any, value: Any, pointer: Any, place: Place) -> None:
    """Store a number."""
    data = context.data_model_manager[kind].as_data(builder, value)
    tag(builder, builder.store(data, pointer, align=None if place.aligned else 1), place)


class Item(types.Type):
    """A pointer to a record."""

    def __init__(self, record: Any, place: Place) -> None:
        self.record = record
        self.place = place._replace(aligned=record.aligned)
        self._key = f"{record.name} {place}"
        super().__init__(name="Item")

    @property
    def key(self) -> str:
        """Return what tells two such types apart."""
        return self._key


class Cells(types.Type):
    """A pointer to a field of a record that has several cells, or to a part of it."""

    def __init__(self, dtype: Any, shape: tuple[int, ...], place: Place) -> None:
        self.dtype = dtype
        self.shape = shape
        self.place = place
        self._key = f"{dtype.name} {shape} {place}"
        super().__init__(name="Cells")

    @property
    def key(self) -> str:
        """Return what tells two such types apart."""
        return self._key


@register_model(Item)
@register_model(Cells)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _BYTES)


@infer_getattr
class _ItemAttributes(AttributeTemplate):
    key = Item

    def generic_resolve(self, item: Item, name: str) -> Any:
        kind = item.record.typeof(name)
        if isinstance(kind, types.NestedArray):
            return Cells(kind.dtype, tuple(kind.shape), item.place.field(name))
        return kind


def member(builder: Any, value: Any, offset: int, kind: Any) -> Any:
    """Return a pointer of LLVM type `kind` to what is `offset` bytes behind `value`."""
    at = builder.gep(value, [ir.Constant(_WORD, offset)], inbounds=True)
    return builder.bitcast(at, kind.as_pointer())


@lower_getattr_generic(Item)
def _get_field(context: Any, builder: Any, item: Item, value: Any, name: str) -> Any:
    kind = item.record.typeof(name)
    offset = item.record.offset(name)
    if isinstance(kind, types.NestedArray):
        return member(builder, value, offset, ir.IntType(8))
    at = member(builder, value, offset, context.get_data_type(kind))
    return load(context, builder, kind, at, item.place.field(name))


@lower_setattr_generic(Item)
def _set_field(context: Any, builder: Any, call: Any, args: Any, name: str) -> Any:
    item, given = call.args
    kind = item.record.typeof(name)
    at = member(builder, args[0], item.record.offset(name), context.get_data_type(kind))
    value = context.cast(builder, args[1], given, kind)
    store(context, builder, kind, value, at, item.place.field(name))


@infer_getattr
class _CellsAttributes(AttributeTemplate):
    key = Cells

    def resolve_shape(self, cells: Cells) -> Any:
        return types.UniTuple(types.intp, len(cells.shape))


@lower_getattr(Cells, "shape")
def _shape_of(context: Any, builder: Any, cells: Cells, _value: Any) -> Any:
    lengths = [context.get_constant(types.intp, length) for length in cells.shape]
    return cgutils.pack_array(builder, lengths)


def _left(cells: Cells, index: Any) -> tuple[int, ...] | None:
    """Return the shape of what an index of type `index` leaves, None where it does not fit."""
    kinds = index.types if isinstance(index, types.BaseTuple) else (index,)
    if len(kinds) > len(cells.shape) or not all(isinstance(each, types.Integer) for each in kinds):
        return None
    return cells.shape[len(kinds) :]


def _cell(context: Any, builder: Any, cells: Cells, value: Any, kind: Any, index: Any) -> Any:
    """Return a pointer to the cell at an index, or to the first of those that it leaves."""
    kinds, indices = [kind], [index]
    if isinstance(kind, types.BaseTuple):
        kinds, indices = list(kind.types), cgutils.unpack_tuple(builder, index)
    offset = ir.Constant(_WORD, 0)
    for axis, length in enumerate(cells.shape):
        offset = builder.mul(offset, ir.Constant(_WORD, length))
        if axis < len(kinds):
            at = context.cast(builder, indices[axis], kinds[axis], types.intp)
            offset = builder.add(offset, at)
    items = builder.bitcast(value, context.get_data_type(cells.dtype).as_pointer())
    return builder.gep(items, [offset], inbounds=True)


@type_callable(operator.getitem)
def _type_of_cell(_context: Any) -> Any:
    def cell(cells: Any, index: Any) -> Any:
        left = _left(cells, index) if isinstance(cells, Cells) else None
        if left is None:
            return None
        return Cells(cells.dtype, left, cells.place) if left else cells.dtype

    return cell


@lower_builtin(operator.getitem, Cells, types.Any)
def _get_cell(context: Any, builder: Any, call: Any, args: Any) -> Any:
    cells, kind = call.args
    at = _cell(context, builder, cells, args[0], kind, args[1])
    if isinstance(call.return_type, Cells):
        return builder.bitcast(at, _BYTES)
    return load(context, builder, cells.dtype, at, cells.place)


@type_callable(operator.setitem)
def _type_of_setting(_context: Any) -> Any:
    def setting(cells: Any, index: Any, _value: Any) -> Any:
        if isinstance(cells, Cells) and _left(cells, index) == ():
            return signature(types.none, cells, index, cells.dtype)
        return None

    return setting


@lower_builtin(operator.setitem, Cells, types.Any, types.Any)
def _set_cell(context: Any, builder: Any, call: Any, args: Any) -> Any:
    cells, kind, given = call.args
    at = _cell(context, builder, cells, args[0], kind, args[1])
    value = context.cast(builder, args[2], given, cells.dtype)
    store(context, builder, cells.dtype, value, at, cells.place)
    return context.get_dummy_value()
