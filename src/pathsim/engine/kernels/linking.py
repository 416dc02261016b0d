"""How helpers get into kernels: kept as numba lowers them, optimised inside the kernel, once.

Left alone, numba optimises every helper, makes machine code of it and of two wrappers around
it, and does so once more for each constant it is called with. LLVM then puts the helper's code
into the callers, and all that is never used. It is four fifths of a first use. Here

- a helper's library holds its code and that of the helpers it calls, for kernels to link;
- integers count as 64 bits, whatever their width or value, so a helper has one signature.

A compiler of one's own, types of one's own and `typeof_impl` are documented parts of numba
("Customizing the compiler", "Low-level extension API"); its code libraries are not. `jit.py`
uses this file with versions of numba on which it was tested, and plain numba else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, update_wrapper
from typing import Any, Final

from llvmlite.binding import parse_assembly
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.typed_passes import DumpParforDiagnostics, InlineOverloads, NopythonRewrites
from numba.core.untyped_passes import (
    DeadBranchPrune,
    FindLiterallyCalls,
    InlineClosureLikes,
    InlineInlinables,
    LiteralPropagationSubPipelinePass,
    LiteralUnroll,
    MakeFunctionToJitFunction,
    RewriteDynamicRaises,
    RewriteSemanticConstants,
    WithLifting,
)
from numba.extending import models, register_model, typeof_impl
from numba.types import Dispatcher, Integer, int64, unliteral

_NEEDLESS: Final = {
    # Helpers have no closures, no `with`, no `raise` and no parallel loops,
    InlineClosureLikes,
    MakeFunctionToJitFunction,
    WithLifting,
    RewriteDynamicRaises,
    DumpParforDiagnostics,
    # ask for no types,
    FindLiterallyCalls,
    LiteralUnroll,
    LiteralPropagationSubPipelinePass,
    # and no arithmetic of whole arrays. LLVM puts in what they call, and drops dead branches.
    InlineInlinables,
    InlineOverloads,
    NopythonRewrites,
    RewriteSemanticConstants,
    DeadBranchPrune,
}
"""Steps of numba that take a sixth of the time and change nothing in the code of a helper."""


class Helper:
    """A function that kernels call; from Python, it is called as a kernel of its own."""

    def __init__(self, lowered: Any, as_kernel: Callable[[], Callable[..., Any]]) -> None:
        update_wrapper(self, lowered.py_func)
        self.py_func = lowered.py_func
        self.lowered = lowered
        self._as_kernel = as_kernel

    @cached_property
    def _kernel(self) -> Callable[..., Any]:
        return self._as_kernel()

    def __call__(self, *args: Any) -> Any:
        """Call the function from Python."""
        return self._kernel(*args)


class _HelperType(Dispatcher):
    def get_call_type(self, context: Any, args: Any, kws: Any) -> Any:
        named = {name: _wide(kind) for name, kind in kws.items()}
        return super().get_call_type(context, [_wide(kind) for kind in args], named)


register_model(_HelperType)(models.OpaqueModel)


@typeof_impl.register(Helper)
def _type_of(helper: Helper, _context: Any) -> _HelperType:
    return _HelperType(helper.lowered)


def _wide(kind: Any) -> Any:
    kind = unliteral(kind)
    return int64 if isinstance(kind, Integer) and kind.bitwidth < int64.bitwidth else kind


class _Library(JITCodeLibrary):
    """Code for kernels to link, never optimised or run for itself: text, and what it calls."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.text = ""
        self.called: dict[Any, None] = {}

    def add_linking_library(self, library: Any) -> None:
        """Remember a library that this one calls."""
        self.called[library] = None

    def add_ir_module(self, module: Any) -> None:
        """Keep a module's text; several kernels may link it."""
        self.text = cgutils.normalize_ir_text(str(module))

    def finalize(self) -> None:
        """Add nothing more."""
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return 0  # as numba says of what it has no machine code of

    @property
    def codegen(self) -> _Library:
        return self

    def set_env(self, _name: str, _environment: Any) -> None:
        """Set nothing: there is no machine code that would read it."""


class _KernelLibrary(JITCodeLibrary):
    """Code of a kernel and, once each, of all helpers that it reaches."""

    def finalize(self) -> None:
        """Link, optimise and make machine code."""
        reached = _all_called(self._linking_libraries)
        self._linking_libraries = [each for each in reached if not isinstance(each, _Library)]
        helpers = [self._early(each.text) for each in reached if isinstance(each, _Library)]
        # In pairs: LLVM reads all of a module again for each that is linked into it.
        while len(helpers) > 1:
            for first, second in zip(helpers[::2], helpers[1::2], strict=False):
                first.link_in(second)
            helpers = helpers[::2]
        for all_helpers in helpers:
            for function in all_helpers.functions:
                if not function.is_declaration:
                    function.linkage = "linkonce_odr"  # may be left out once it is put in
            self._final_module.link_in(all_helpers)
        super().finalize()

    def _early(self, text: str) -> Any:
        """Return a module whose functions are simplified, each for itself."""
        module = parse_assembly(text)
        self._optimize_functions(module)
        return module


def _all_called(libraries: list[Any]) -> dict[Any, None]:
    """Return libraries and all that helpers among them call, and theirs, each once."""
    reached = dict.fromkeys(libraries)
    waiting = list(reached)
    while waiting:
        for each in getattr(waiting.pop(), "called", ()):
            if each not in reached:
                reached[each] = None
                waiting.append(each)
    return reached


class HelperPipeline(CompilerBase):
    """numba's own steps without those that helpers have no use for, and with another library."""

    def define_pipelines(self) -> list[Any]:
        """Return the steps of the compiler."""
        steps = _steps(self.state, _Library)
        steps.passes = [step for step in steps.passes if step[0] not in _NEEDLESS]
        steps.finalize()
        return [steps]


class KernelPipeline(CompilerBase):
    """numba's own steps, with a library that links helpers."""

    def define_pipelines(self) -> list[Any]:
        """Return the steps of the compiler."""
        steps = _steps(self.state, _KernelLibrary)
        self.state["library"].enable_object_caching()
        return [steps]


def _steps(state: Any, library: Any) -> Any:
    state["library"] = library(state.targetctx.codegen(), state.func_id.func_qualname)
    return DefaultPassBuilder.define_nopython_pipeline(state)
