"""The one door to numba: every flag is chosen here, once, with its reason."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Final, TypeVar, cast

import llvmlite
import numba
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from pathsim.errors import InputError, Problem

from .cache import say
from .helpers import Helper
from .kept import Kept

_Function = TypeVar("_Function", bound=Callable[..., Any])

_TESTED: Final = [(0, minor) for minor in range(61, 69)]
"""Where `linking.py` and `kept.py` were tested: both use what numba does not document."""
_KERNEL: Final[dict[str, Any]] = {
    # Replications run on threads.
    "nogil": True,
    # No branch for division by zero in the event loop.
    "error_model": "numpy",
    # No reference counts: kernels allocate nothing, and counting costs half the time.
    "_nrt": False,
    # fastmath stays off: it reorders sums, and the two engines must agree.
}
_HELPER: Final = _KERNEL | {
    # Nobody calls a helper but kernels, and the wrappers were half of all code.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_VERSIONS: Final = (sys.version, numba.__version__, llvmlite.__version__)

if numba.config.DISABLE_JIT:
    raise InputError(
        Problem("NUMBA_DISABLE_JIT is set, but both engines need compiled code: unset it")
    )
TESTED: Final = numba.version_info.short in _TESTED
if TESTED:
    from . import linking
else:
    say(
        f"numba {numba.__version__} was not tested: the engine is compiled in each process",
        warning=True,
    )


def kernel(function: _Function) -> _Function:
    """Compile `function`; call it from Python or from other kernels."""
    if not TESTED:
        return numba.njit(**_KERNEL)(function)
    compiled = numba.njit(**_KERNEL, pipeline_class=linking.KernelPipeline)(function)
    compiled._cache = Kept(function, _VERSIONS, dump=dumps, rebuild=CompileResult._rebuild)
    return compiled


def inline_helper(function: _Function) -> _Function:
    """Compile `function` for use inside kernels, into which LLVM puts its code."""
    return _helper(function, forceinline=True)


def helper(function: _Function) -> _Function:
    """Compile `function` for use inside kernels, where LLVM calls it if it is long.

    For what is called from so many places that copies of it crowd out other code. The call stands
    in a function of its own that is put into the caller: numba clears the room for what a call
    returns where the function begins in which the call is written, even if it is never reached.
    """
    called = _helper(function, forceinline=False)

    def here(*arguments: Any) -> Any:
        return called(*arguments)

    made: Any = update_wrapper(here, function)
    del made.__wrapped__  # numba would take its arguments for those of `here`
    return cast("_Function", _helper(made, forceinline=True))


def _helper(function: _Function, *, forceinline: bool) -> _Function:
    flags: dict[str, Any] = {"forceinline": forceinline}
    if not TESTED:
        return numba.njit(**_KERNEL, **flags)(function)
    flags["pipeline_class"] = linking.HelperPipeline
    made: Any = Helper(numba.njit(**_HELPER, **flags)(function), lambda: kernel(function))
    return made
