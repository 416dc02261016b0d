"""A chunk as a Parquet file: a row a replication, a column an array."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

Arrays = Mapping[str, NDArray[Any]]
ROW: Final = "number"
"""Of the replication, or the pilot."""
_COMPRESSION: Final = "zstd"


class UnreadableError(Exception):
    """A file holds no chunk of the shape that is asked for."""


def need_pyarrow() -> None:
    """Refuse where there is nothing to read and write Parquet with. Raises InputError."""
    try:
        import pyarrow.parquet  # noqa: F401 only whether it is there
    except ImportError:
        message = "needs pyarrow, which is not installed"
        allowed = "pip install 'offender-pathsim[parquet]'"
        raise InputError(Problem(message, key="store", allowed=allowed)) from None


def written(arrays: Arrays, rows: Sequence[int]) -> bytes:
    """Return the file of arrays whose first axis is the rows, such as replications."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = {ROW: pa.array(np.array(rows, np.int64))}
    for name, values in arrays.items():
        flat = values.reshape(len(rows), -1)
        if flat.shape[1]:
            numbers = pa.array(np.ascontiguousarray(flat).ravel())
            columns[name] = pa.FixedSizeListArray.from_arrays(numbers, flat.shape[1])
    stream = io.BytesIO()
    pq.write_table(
        pa.table(columns),
        stream,
        compression=_COMPRESSION,
        use_dictionary=False,
        write_statistics=False,
    )
    return stream.getvalue()


def read(content: bytes, *, like: Arrays, rows: Sequence[int]) -> Arrays:
    """Return the arrays in a file. like: arrays of their shapes. Raises UnreadableError."""
    import pyarrow.parquet as pq

    try:
        return _arrays(pq.read_table(io.BytesIO(content)), like=like, rows=rows)
    except UnreadableError:
        raise
    except Exception as error:
        # What a damaged part raises is of no one kind.
        raise UnreadableError(f"it cannot be read ({type(error).__name__})") from error


def _arrays(table: Any, *, like: Arrays, rows: Sequence[int]) -> Arrays:
    expected = {name for name, each in like.items() if each.size}
    if set(table.column_names) != {ROW, *expected} or table[ROW].to_pylist() != list(rows):
        raise UnreadableError("it holds something else")
    return {
        name: _array(table[name], like=each) if name in expected else each
        for name, each in like.items()
    }


def _array(column: Any, *, like: NDArray[Any]) -> NDArray[Any]:
    flat = column.combine_chunks().flatten().to_numpy(zero_copy_only=False)
    if flat.dtype != like.dtype or flat.size != like.size:
        raise UnreadableError("it has another shape")
    found: NDArray[Any] = flat.reshape(like.shape)
    return found
