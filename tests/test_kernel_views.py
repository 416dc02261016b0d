"""`struct_pointer`: a pointer that reads and writes as the tuple of arrays does."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.errors import TypingError

from pathsim.engine.kernels.jit import inline_helper, kernel
from pathsim.engine.kernels.vectors import add_scaled
from pathsim.engine.kernels.views import struct_pointer

RECORD = np.dtype([("kind", np.int32), ("amount", np.float64), ("cells", np.float64, (3,))], True)


class Arrays(NamedTuple):
    """One array of each sort that the kernels use."""

    line: Any
    box: Any
    records: Any
    table: Any


def arrays() -> Arrays:
    records = np.zeros(4, RECORD)
    records["amount"] = [0.5, 1.5, 2.5, 3.5]
    table = np.zeros((2, 3), RECORD)
    table["kind"] = [[1, 2, 3], [4, 5, 6]]
    return Arrays(np.arange(5), np.arange(24.0).reshape(2, 3, 4), records, table)


@inline_helper
def read(a: Arrays, i: int) -> float:
    return a.line[i] + a.box[1, i, 3] + a.records[i].amount + a.table[1, i].kind


@kernel
def read_through_pointer(given: Arrays, i: int) -> float:
    return read(struct_pointer(given), i)


@kernel
def read_directly(given: Arrays, i: int) -> float:
    return read(given, i)


@kernel
def write_through_pointer(given: Arrays) -> None:
    a = struct_pointer(given)
    a.line[2] = -7
    a.line[3] += 1
    a.box[1, 2, 3] = 0.25
    a.records[1].amount = 9.0
    a.records[2].cells[1] = 8.0
    a.table[0, 2].kind = 77


@kernel
def shapes_through_pointer(given: Arrays) -> tuple[int, ...]:
    a = struct_pointer(given)
    return a.line.shape[0], a.box.shape[0], a.box.shape[2], a.records.shape[0], a.table.shape[1]


@kernel
def slice_through_pointer(given: Arrays) -> None:
    a = struct_pointer(given)
    a.line[:] = 0


@kernel
def index_too_few(given: Arrays) -> float:
    return struct_pointer(given).box[0, 0]


@pytest.mark.parametrize("i", [0, 1, 2])
def test_arrays_read_through_the_pointer_as_themselves(i):
    given = arrays()
    expected = (i, given.box[1, i, 3], given.records["amount"][i], given.table["kind"][1, i])
    assert read_through_pointer(given, i) == read_directly(given, i) == sum(expected)


def test_what_is_written_is_in_the_arrays():
    given, expected = arrays(), arrays()
    write_through_pointer(given)
    expected.line[2] = -7
    expected.line[3] += 1
    expected.box[1, 2, 3] = 0.25
    expected.records[1]["amount"] = 9.0
    expected.records[2]["cells"][1] = 8.0
    expected.table[0, 2]["kind"] = 77
    for found, wanted in zip(given, expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_lengths_are_those_of_the_arrays_of_each_call():
    assert shapes_through_pointer(arrays()) == (5, 2, 4, 4, 3)
    assert shapes_through_pointer(arrays()._replace(line=np.arange(9))) == (9, 2, 4, 4, 3)


@pytest.mark.parametrize("wrong", [slice_through_pointer, index_too_few])
def test_slices_and_missing_indices_are_refused(wrong):
    with pytest.raises(TypingError):
        wrong(arrays())


def test_an_array_in_another_order_is_refused():
    given = arrays()
    with pytest.raises(TypingError, match="C order"):
        shapes_through_pointer(given._replace(box=np.asfortranarray(given.box)))


GRID = np.dtype([("name", "S1"), ("cells", np.float64, (2, 3)), ("whole", np.int64, (3,))])
"""Without alignment: fields begin at odd bytes."""


class Grids(NamedTuple):
    """Records with fields of several axes."""

    grids: Any


def grids() -> Grids:
    made = np.zeros(2, GRID)
    made["cells"] = np.arange(12.0).reshape(2, 2, 3) + 0.5
    return Grids(made)


@inline_helper
def total(row: Any) -> float:
    found = 0.0
    for k in range(row.shape[0]):
        found += row[k]
    return found


@kernel
def total_of_a_row(given: Grids, i: int, j: int) -> float:
    return total(struct_pointer(given).grids[i].cells[j])


@kernel
def shapes_of_fields(given: Grids) -> tuple[int, ...]:
    cells = struct_pointer(given).grids[0].cells
    return cells.shape[0], cells.shape[1], cells[1].shape[0]


@kernel
def set_in_a_row(given: Grids, i: int, j: int, k: int) -> None:
    struct_pointer(given).grids[i].cells[j][k] = -1.0


@kernel
def set_a_row(given: Grids) -> None:
    struct_pointer(given).grids[0].cells[1] = 0.0


@kernel
def index_too_many(given: Grids) -> float:
    return struct_pointer(given).grids[0].cells[0, 1, 2]


@kernel
def add_a_row(given: Grids, i: int, j: int, factor: float) -> None:
    g = struct_pointer(given).grids
    add_scaled(g[0].cells[0], 0, factor, g[i].cells[j])


def test_fewer_indices_leave_a_row_of_the_field():
    given = grids()
    for i, j in np.ndindex(2, 2):
        assert total_of_a_row(given, i, j) == given.grids["cells"][i, j].sum()
    assert shapes_of_fields(given) == (2, 3, 3)


def test_a_cell_of_a_row_is_the_cell_of_the_field():
    given, expected = grids(), grids()
    set_in_a_row(given, 1, 0, 2)
    expected.grids["cells"][1, 0, 2] = -1.0
    np.testing.assert_array_equal(given.grids, expected.grids)


@pytest.mark.parametrize("wrong", [set_a_row, index_too_many])
def test_rows_are_not_set_and_too_many_indices_are_refused(wrong):
    with pytest.raises(TypingError):
        wrong(grids())


def test_a_row_is_added_in_one_step_with_two_roundings():
    given, expected = grids(), grids()
    given.grids["cells"][1, 1] = expected.grids["cells"][1, 1] = [0.1, 1e16, -0.3]
    add_a_row(given, 1, 1, 1.1)
    expected.grids["cells"][0, 0] += 1.1 * expected.grids["cells"][1, 1]
    np.testing.assert_array_equal(given.grids, expected.grids)
