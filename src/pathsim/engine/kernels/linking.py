"""How numba comes to link helpers as `helpers.py` says, which also says what is documented."""

from __future__ import annotations

from typing import Any

from llvmlite.binding import parse_assembly
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.extending import models, register_model, typeof_impl
from numba.types import Dispatcher, Integer, int64, unliteral

from .helpers import NEEDLESS, Helper, all_called, in_one


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
    """Code of a helper, never optimised or run for itself, and what it calls."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.called: list[Any] = []

    def add_linking_library(self, library: Any) -> None:
        self.called.append(library)

    def add_ir_module(self, module: Any) -> None:
        self.text = normalize_ir_text(str(module))

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int:
        return 0  # as numba says of what it has no machine code of

    @property
    def codegen(self) -> _Library:
        return self

    def set_env(self, _name: str, _environment: Any) -> None:
        """Set nothing: there is no machine code that would read it."""


class _KernelLibrary(JITCodeLibrary):
    """Code of a kernel and of all helpers that it reaches."""

    def finalize(self) -> None:
        reached = all_called(self._linking_libraries)
        self._linking_libraries: list[Any] = [x for x in reached if not isinstance(x, _Library)]
        modules = [parse_assembly(each.text) for each in reached if isinstance(each, _Library)]
        for module in modules:
            self._optimize_functions(module)  # what is left is quicker to optimise as a whole
        for helpers in in_one(modules):
            self._final_module.link_in(helpers)
        super().finalize()


class KernelPipeline(CompilerBase):
    """numba's own steps, with another library."""

    _library: type[JITCodeLibrary] = _KernelLibrary
    _needless: frozenset[str] = frozenset()

    def define_pipelines(self) -> list[Any]:
        """Return the steps of the compiler."""
        state = self.state
        state["library"] = self._library(state.targetctx.codegen(), state.func_id.func_qualname)
        state["library"].enable_object_caching()
        steps = DefaultPassBuilder.define_nopython_pipeline(state)
        steps.passes = [step for step in steps.passes if step[0].name() not in self._needless]
        steps.finalize()
        return [steps]


class HelperPipeline(KernelPipeline):
    """The same for helpers, without the steps that they have no use for."""

    _library, _needless = _Library, NEEDLESS
