"""The one door to numba: every flag is chosen here, once, with its reason."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import numba

from .cache import folder

try:
    from . import linking
except (ImportError, AttributeError):
    # Another numba may lack what linking.py is made of. Then helpers are compiled for their
    # own sake too: the same results, and a first use that takes twice as long.
    linking = None  # type: ignore[assignment] # a module, or none

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
_turn = Lock()


def _compiled(function: _Function, **flags: Any) -> _Function:
    # numba asks for its folder when a function is decorated; others keep theirs.
    with _turn:
        others = _config.CACHE_DIR
        _config.CACHE_DIR = _FOLDER
        try:
            compiled: _Function = numba.njit(**(_FLAGS | flags))(function)
        finally:
            _config.CACHE_DIR = others
    return compiled


def kernel(function: _Function) -> _Function:
    """Compile `function`; call it from Python or from other kernels."""
    if linking is None:
        return _compiled(function)
    return linking.with_wide_integers(_compiled(function, pipeline_class=linking.KernelPipeline))


def inlined(function: _Function) -> _Function:
    """Compile `function` for use inside other kernels, into which LLVM puts its code.

    Called from Python, as the twin and the tests do, it is compiled as a kernel.
    """
    if linking is None:
        return _compiled(function, forceinline=True)
    return _helper(function, forceinline=True, pipeline_class=linking.HelperPipeline)


def apart(function: _Function) -> _Function:
    """Compile `function` for use inside other kernels, once: LLVM leaves calls to it as they are.

    For what is long and called from many places; else as `inlined`.
    """
    if linking is None:
        return _compiled(function)
    return _helper(function, forceinline=False, pipeline_class=linking.ApartPipeline)


def _helper(function: _Function, **flags: Any) -> _Function:
    helper = _compiled(function, **flags, **linking.HELPER_FLAGS)
    return linking.with_python_entry(linking.with_wide_integers(helper), lambda: kernel(function))
