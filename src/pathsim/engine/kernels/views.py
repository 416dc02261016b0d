"""One pointer for a tuple of arrays: what kernels hand to each other."""

from __future__ import annotations

import operator

from llvmlite import ir
from numba.core import cgutils, types
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
from numba.np.numpy_support import as_dtype


class Held(types.Type):
    def __init__(self, of):
        self.of = of
        super().__init__(name=f"Held{of.instance_class.__name__}")

    @property
    def key(self):
        return self.of


class Rows(types.Type):
    def __init__(self, array):
        self.array = array
        self.dtype = array.dtype
        self.ndim = array.ndim
        super().__init__(name="Rows")

    @property
    def key(self):
        return self.array


_WORD = ir.IntType(64)
_BYTES = ir.IntType(8).as_pointer()


def _row_struct(ndim):
    return ir.LiteralStructType([_BYTES, ir.ArrayType(_WORD, ndim)])


def _held_struct(of):
    return ir.LiteralStructType([_row_struct(a.ndim) for a in of.types])


@register_model(Held)
class _HeldModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, _held_struct(fe_type.of).as_pointer())


@register_model(Rows)
class _RowsModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, _row_struct(fe_type.ndim).as_pointer())


@intrinsic
def hold(typingctx, tup):
    held = Held(tup)

    def codegen(context, builder, sig, args):
        from numba.np.arrayobj import make_array

        struct = cgutils.alloca_once(builder, _held_struct(tup))
        for k, ty in enumerate(tup.types):
            array = make_array(ty)(context, builder, builder.extract_value(args[0], k))
            row = cgutils.gep_inbounds(builder, struct, 0, k)
            data = builder.bitcast(array.data, _BYTES)
            builder.store(data, cgutils.gep_inbounds(builder, row, 0, 0))
            builder.store(array.shape, cgutils.gep_inbounds(builder, row, 0, 1))
        return struct

    return signature(held, tup), codegen


@infer_getattr
class _HeldAttributes(AttributeTemplate):
    key = Held

    def generic_resolve(self, held, attr):
        return Rows(held.of[held.of.fields.index(attr)])


@lower_getattr_generic(Held)
def _held_attribute(context, builder, typ, value, attr):
    return cgutils.gep_inbounds(builder, value, 0, typ.of.fields.index(attr))


@infer_getattr
class _RowsAttributes(AttributeTemplate):
    key = Rows

    def resolve_shape(self, rows):
        return types.UniTuple(types.intp, rows.ndim)


@lower_getattr(Rows, "shape")
def _rows_shape(context, builder, typ, value):
    return builder.load(cgutils.gep_inbounds(builder, value, 0, 1))


@type_callable(operator.getitem)
def _type_getitem(context):
    def typer(rows, index):
        if isinstance(rows, Rows):
            return rows.dtype
        return None

    return typer


def address(context, builder, rows, value, index_type, index):
    if isinstance(index_type, types.BaseTuple):
        indices = cgutils.unpack_tuple(builder, index)
        kinds = index_type.types
    else:
        indices, kinds = [index], [index_type]
    offset = None
    for k, (at, kind) in enumerate(zip(indices, kinds)):
        at = context.cast(builder, at, kind, types.intp)
        if offset is None:
            offset = at
        else:
            size = builder.load(cgutils.gep_inbounds(builder, value, 0, 1, k))
            offset = builder.add(builder.mul(offset, size), at)
    data = builder.load(cgutils.gep_inbounds(builder, value, 0, 0))
    item = context.get_data_type(rows.dtype)
    return builder.gep(builder.bitcast(data, item.as_pointer()), [offset], inbounds=True)


@lower_builtin(operator.getitem, Rows, types.Any)
def _getitem(context, builder, sig, args):
    rows, index_type = sig.args
    at = address(context, builder, rows, args[0], index_type, args[1])
    return context.unpack_value(builder, rows.dtype, at)


@type_callable(operator.setitem)
def _type_setitem(context):
    def typer(rows, index, value):
        if isinstance(rows, Rows):
            return signature(types.none, rows, index, rows.dtype)
        return None

    return typer


@lower_builtin(operator.setitem, Rows, types.Any, types.Any)
def _setitem(context, builder, sig, args):
    rows, index_type, value_type = sig.args
    at = address(context, builder, rows, args[0], index_type, args[1])
    value = context.cast(builder, args[2], value_type, rows.dtype)
    context.pack_value(builder, rows.dtype, value, at)
    return context.get_dummy_value()
