"""The one door to numba: every flag is chosen here, once, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile `function`; call it from Python or from other kernels.

    cache: compiled once a machine. nogil: replications run on threads. error_model
    numpy: no branch for division by zero in the event loop. fastmath stays off: it
    reorders sums, and the twins must agree.
    """
    compiled: _Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def inlined(function: _Function) -> _Function:
    """Compile `function` for use inside other kernels, where it is inlined by LLVM."""
    compiled: _Function = numba.njit(
        cache=True, nogil=True, error_model="numpy", forceinline=True
    )(function)
    return compiled
