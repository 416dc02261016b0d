"""How helpers get into kernels: lowered each on its own, optimised once, together.

Left alone, numba optimises every helper, makes machine code of it and of two wrappers
around it, and once more for each constant it is called with; then LLVM puts its code
into the callers and all that is never used. That was nine tenths of a first use. Here

- a helper's library holds its code as lowered, and a kernel's takes in all it reaches;
- before that, LLVM does three cheap passes on it. numba's own choice thread jumps,
  which repeats calls: the event loop stood in the kernel twice;
- integers count as 64 bits, whatever their width or value, so a helper has one signature.

A compiler of one's own is a documented part of numba ("Customizing the compiler", in its
developer manual); its code libraries are not. `jit.py` does without this file when
numba lacks something named here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from llvmlite.binding import create_new_function_pass_manager
from llvmlite.binding.newpassmanagers import FunctionPassManager
from numba.core import types
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.dispatcher import Dispatcher
from numba.core.typed_passes import NativeLowering

from pathsim.errors import EngineError

_Function = TypeVar("_Function", bound=Callable[..., Any])

HELPER_FLAGS: Final = {
    "cache": False,
    # Nobody calls a helper but kernels, and the wrappers were half of all code.
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}

_PASSES: Final = (
    FunctionPassManager.add_sroa_pass,
    FunctionPassManager.add_instruction_combine_pass,
    FunctionPassManager.add_simplify_cfg_pass,
)
_REPLACED: Final = (
    CPUCodeLibrary.finalize,
    CPUCodeLibrary._optimize_functions,
    CPUCodeLibrary._verify_declare_only_symbols,
    Dispatcher.add_overload,
)
"""What is overridden below: named here so that a numba without it is noticed on import."""
_WORD: Final = 64
_MANGLED: Final = "_ZN"
"""How the name of every compiled Python function begins."""


class _Library(JITCodeLibrary):
    """The code of one function."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout
        builder = self._codegen._pass_builder()
        for function in module.functions:
            if not function.is_declaration:
                passes = create_new_function_pass_manager()
                for add in _PASSES:
                    add(passes)
                passes.run(function, builder)


class _HelperLibrary(_Library):
    """Code that is only linked into others, never optimised or run for itself."""

    def finalize(self) -> None:
        self._finalized = True


class _ApartLibrary(_HelperLibrary):
    """Code that is linked into others and called there, never put into its callers."""

    def _optimize_functions(self, module: Any) -> None:
        super()._optimize_functions(module)
        for function in module.functions:
            if not function.is_declaration:
                function.add_function_attribute("noinline")


class _KernelLibrary(_Library):
    """Code that runs, with all the helpers it reaches."""

    def finalize(self) -> None:
        reached: dict[Any, None] = {}
        _reach(self, reached)
        self._linking_libraries = list(reached)
        super().finalize()

    def _verify_declare_only_symbols(self) -> None:
        super()._verify_declare_only_symbols()
        for function in self._final_module.functions:
            # To call what was not linked would end the process.
            if function.is_declaration and function.name.startswith(_MANGLED):
                raise EngineError(f"{function.name} is missing from {self.name}")


def _reach(library: Any, reached: dict[Any, None]) -> None:
    """Add what `library` links, and what its helpers link, in order and once."""
    for linked in library._linking_libraries:
        if linked not in reached:
            reached[linked] = None
            if isinstance(linked, _HelperLibrary):
                _reach(linked, reached)


class _Entry:
    """What kernels find a helper's code by, and what Python calls in its stead."""

    def __init__(self, function: Any) -> None:
        self._function = function

    def __call__(self, *args: Any) -> Any:
        return _from_python[self._function](*args)


_from_python: Final[dict[Any, Callable[..., Any]]] = {}


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerKernel(NativeLowering):
    _name = "pathsim_lower_kernel"

    def run_pass(self, state: Any) -> bool:
        codegen = state.targetctx.codegen()
        library = _KernelLibrary(codegen, state.func_id.func_qualname)
        library.enable_object_caching()
        state["library"] = library
        return super().run_pass(state)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerHelper(NativeLowering):
    _name = "pathsim_lower_helper"
    _kind: Any = _HelperLibrary

    def run_pass(self, state: Any) -> bool:
        codegen = state.targetctx.codegen()
        library = self._kind(codegen, state.func_id.func_qualname)
        state["library"] = library
        state.flags.no_compile = True
        super().run_pass(state)
        entry = _Entry(state.func_id.func)
        state["cr"] = state["cr"]._replace(cfunc=entry)
        state.targetctx.insert_user_function(entry, state["cr"].fndesc, [library])
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerApart(_LowerHelper):
    _name = "pathsim_lower_apart"
    _kind = _ApartLibrary


class _Pipeline(CompilerBase):
    """numba's own, but for the lowering and without the steps that have nothing to do."""

    _lowering: Any

    def define_pipelines(self) -> list[Any]:
        usual = DefaultPassBuilder.define_nopython_pipeline(self.state)
        manager = PassManager("pathsim")
        for step, reason in usual.passes:
            manager.add_pass(self._lowering if step is NativeLowering else step, reason)
        manager.finalize()
        return [manager]


class KernelPipeline(_Pipeline):
    """For what Python calls."""

    _lowering = _LowerKernel


class HelperPipeline(_Pipeline):
    """For what only kernels call."""

    _lowering = _LowerHelper


class ApartPipeline(_Pipeline):
    """For what only kernels call, from so many places that copies of it crowd out other code."""

    _lowering = _LowerApart


def with_wide_integers(dispatcher: _Function) -> _Function:
    """Let kernels call `dispatcher` with 64-bit integers, whatever they have."""
    compiler = dispatcher._compiler  # type: ignore[attr-defined] # a dispatcher, typed as its function
    fold = compiler.fold_argument_types

    def folded(args: Any, kws: Any) -> tuple[Any, tuple[Any, ...]]:
        signature, kinds = fold(args, kws)
        return signature, tuple(_wide(kind) for kind in kinds)

    compiler.fold_argument_types = folded
    return dispatcher


def _wide(kind: Any) -> Any:
    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer) and kind.bitwidth < _WORD:
        return types.int64
    return kind


def with_python_entry(helper: _Function, as_kernel: Callable[[], _Function]) -> _Function:
    """Let Python call `helper`: on the first call, it is compiled as a kernel."""
    dispatcher: Any = helper
    made: list[Any] = []
    known: set[Any] = set()

    def enter(*args: Any) -> Any:
        if not made:
            made.append(as_kernel())
        result = made[0](*args)
        for kinds, compiled in made[0].overloads.items():
            if kinds not in known:
                # From now on the dispatcher calls the kernel without coming here.
                known.add(kinds)
                dispatcher._insert([kind._code for kind in kinds], compiled.entry_point)
        return result

    def add_overload(compiled: Any) -> None:
        # Without the entry for Python, which a helper does not have.
        dispatcher.overloads[tuple(compiled.signature.args)] = compiled

    dispatcher.add_overload = add_overload
    _from_python[dispatcher.py_func] = enter
    return helper
