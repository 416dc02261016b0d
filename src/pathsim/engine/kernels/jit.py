"""The one door to numba: experimental."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numba
from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass, PassManager
from numba.core.typed_passes import NativeLowering

from .cache import folder

_Function = TypeVar("_Function", bound=Callable[..., Any])
_FLAGS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
_FOLDER = folder()
_config: Any = numba.config
X = set(os.environ.get("X", "wide,defer").split(","))


import llvmlite.binding as _llvm
_FP = os.environ.get("FP", "sic")


def _light(self, ll_module):
    ll_module.data_layout = self._codegen._data_layout
    pb = self._codegen._pass_builder()
    for func in ll_module.functions:
        if func.is_declaration:
            continue
        fpm = _llvm.create_new_function_pass_manager()
        for c in _FP:
            {"s": fpm.add_sroa_pass, "c": fpm.add_simplify_cfg_pass, "i": fpm.add_instruction_combine_pass,
             "d": fpm.add_aggressive_dce_pass, "g": fpm.add_new_gvn_pass, "p": fpm.add_sccp_pass, "x": lambda: None}[c]()
        fpm.run(func, pb)


class _Light:
    if _FP:
        _optimize_functions = _light


class _Deferred(_Light, JITCodeLibrary):
    """A helper's code, kept for those that inline it; never optimised or run on its own."""

    def finalize(self):
        self._finalized = True


def _reach(library, seen):
    for lib in library._linking_libraries:
        if lib not in seen:
            seen[lib] = True
            if isinstance(lib, _Deferred):
                _reach(lib, seen)


class _Whole(_Light, JITCodeLibrary):
    def finalize(self):
        seen = {}
        _reach(self, seen)
        self._linking_libraries = list(seen)
        super().finalize()


@register_pass(mutates_CFG=True, analysis_only=False)
class _HelperLowering(NativeLowering):
    _name = "pathsim_helper_lowering"

    def run_pass(self, state):
        codegen = state.targetctx.codegen()
        state.library = _Deferred(codegen, state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state["cr"]
        entry = _entry(state.func_id.func)
        state["cr"] = lowered._replace(cfunc=entry)
        state.targetctx.insert_user_function(entry, lowered.fndesc, [state.library])
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _KernelLowering(NativeLowering):
    _name = "pathsim_kernel_lowering"

    def run_pass(self, state):
        codegen = state.targetctx.codegen()
        state.library = _Whole(codegen, state.func_id.func_qualname)
        state.library.enable_object_caching()
        return super().run_pass(state)


def _entry(function):
    def entry(*args):
        if function not in _REAL:
            _REAL[function] = _compiled(function)
        return _REAL[function](*args)
    return entry


_REAL = {}


def _pipeline(lowering):
    class Pipeline(CompilerBase):
        def define_pipelines(self):
            pm = DefaultPassBuilder.define_nopython_pipeline(self.state)
            passes = [(lowering if p is NativeLowering else p, m) for p, m in pm.passes]
            pm2 = PassManager("pathsim")
            pm2.passes = passes
            pm2.finalize()
            return [pm2]
    return Pipeline


_Helper = _pipeline(_HelperLowering)
_Kernel = _pipeline(_KernelLowering)


def _wide(dispatcher):
    fold = dispatcher._compiler.fold_argument_types
    def folded(args, kws):
        sig, args = fold(args, kws)
        return sig, tuple(_widened(a) for a in args)
    dispatcher._compiler.fold_argument_types = folded
    return dispatcher


def _widened(a):
    a = types.unliteral(a)
    if isinstance(a, types.Integer) and a.bitwidth < 64:
        return types.int64
    return a


def _compiled(function: _Function, **flags: Any) -> _Function:
    others = _config.CACHE_DIR
    _config.CACHE_DIR = _FOLDER
    try:
        compiled = numba.njit(**{**_FLAGS, **flags})(function)
    finally:
        _config.CACHE_DIR = others
    if "wide" in X:
        _wide(compiled)
    return compiled


def kernel(function: _Function) -> _Function:
    """Compile `function`; call it from Python or from other kernels."""
    flags = {}
    if "defer" in X:
        flags["pipeline_class"] = _Kernel
    return _compiled(function, **flags)


def inlined(function: _Function) -> _Function:
    """Compile `function` for use inside other kernels, into which LLVM puts its code."""
    flags = {"forceinline": True}
    if "nowrap" in X:
        flags.update(no_cpython_wrapper=True)
    if "nocfunc" in X:
        flags.update(no_cfunc_wrapper=True)
    if "nocache" in X:
        flags.update(cache=False)
    if "defer" in X:
        flags["pipeline_class"] = _Helper
        flags["cache"] = False
        flags.update(no_cpython_wrapper=True)
        flags.update(no_cfunc_wrapper=True)
    d = _compiled(function, **flags)
    if "defer" in X:
        def add_overload(cres):
            d.overloads[tuple(cres.signature.args)] = cres
        d.add_overload = add_overload
    return d
