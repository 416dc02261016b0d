"""The one door to numba: every flag is chosen here, once, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba

from .cache import folder

_Function = TypeVar("_Function", bound=Callable[..., Any])


_FLAGS: dict[str, Any] = {
    # Compiled once a machine, not once a process.
    "cache": True,
    # Replications run on threads.
    "nogil": True,
    # No branch for division by zero in the event loop.
    "error_model": "numpy",
    # No reference counts: kernels allocate nothing, and counting costs half the time.
    "_nrt": False,
    # fastmath stays off: it reorders sums, and the twins must agree.
}


_FOLDER = folder()
_config: Any = numba.config


def _compiled(function: _Function, **flags: Any) -> _Function:
    # numba asks for its folder when a function is decorated; others keep theirs.
    others = _config.CACHE_DIR
    _config.CACHE_DIR = _FOLDER
    try:
        compiled: _Function = numba.njit(**_FLAGS, **flags)(function)
    finally:
        _config.CACHE_DIR = others
    return compiled


def kernel(function: _Function) -> _Function:
    """Compile `function`; call it from Python or from other kernels."""
    return _compiled(function)


def inlined(function: _Function) -> _Function:
    """Compile `function` for use inside other kernels, into which LLVM puts its code."""
    return _compiled(function, forceinline=True)
