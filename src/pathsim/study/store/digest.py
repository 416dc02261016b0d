"""One hash of arrays and plain data, the same on every machine and in every process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.errors import EngineError

if TYPE_CHECKING:
    from hashlib import _Hash


def digest(*values: object) -> str:
    """Return the SHA-256 of values: arrays, tables, records of them, plain data.

    Raises EngineError for a value of another kind: none is left out in silence.
    """
    found = sha256()
    for value in values:
        _add(found, value)
    return found.hexdigest()


def _add(found: _Hash, value: Any) -> None:
    """Add one value, with its kind and its length, so that no two lists of values look alike."""
    if value is None or isinstance(value, bool | int | str | bytes):
        said = value if isinstance(value, bytes) else str(value).encode()
        _say(found, type(value).__name__, len(said), said)
    elif isinstance(value, float):
        _say(found, "float", 1, value.hex().encode())
    elif isinstance(value, np.ndarray):
        _add_array(found, value)
    elif isinstance(value, np.generic):
        _add(found, value.item())
    elif isinstance(value, pd.DataFrame):
        _add_all(found, "table", [(str(name), each) for name, each in value.items()])
    elif isinstance(value, pd.Series):
        _add_column(found, value)
    elif is_dataclass(value):
        named = [(each.name, getattr(value, each.name)) for each in fields(value)]
        _add_all(found, type(value).__name__, named)
    elif isinstance(value, Mapping):
        in_order = sorted(value.items(), key=_by_name)
        _add_all(found, "mapping", in_order)
    elif isinstance(value, Sequence):
        _add_all(found, "sequence", value)
    else:
        raise EngineError(f"no hash is known of a {type(value).__name__}")


def _by_name(pair: tuple[object, object]) -> str:
    return str(pair[0])


def _add_all(found: _Hash, kind: str, values: Sequence[object]) -> None:
    _say(found, kind, len(values), b"")
    for each in values:
        _add(found, each)


def _add_column(found: _Hash, column: pd.Series[Any]) -> None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = [str(each) for each in column.cat.categories]
        _add_all(found, "levels", [*levels, column.cat.codes.to_numpy().astype(np.int64)])
    else:
        _add_array(found, column.to_numpy())


def _add_array(found: _Hash, array: NDArray[Any]) -> None:
    if array.dtype.names is not None:
        # Between the fields of a record stands what happened to be in memory.
        _add_all(found, "records", [(str(name), array[name]) for name in array.dtype.names])
    elif array.dtype.hasobject:
        _add_all(found, f"objects {array.shape}", [str(each) for each in array.ravel().tolist()])
    else:
        plain = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
        _say(found, f"{plain.dtype.str} {array.shape}", plain.nbytes, plain.tobytes())


def _say(found: _Hash, kind: str, length: int, content: bytes) -> None:
    found.update(f"{kind}\0{length}\0".encode())
    found.update(content)
