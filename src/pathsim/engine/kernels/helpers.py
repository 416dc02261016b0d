"""How helpers get into kernels: kept as numba lowers them, linked and optimised there, once.

Left alone, numba optimises every helper, makes machine code of it and of two wrappers around
it, and does so once more for each constant it is called with. LLVM then puts the helper's code
into the callers, and all that is never used. It is four fifths of a first use. Here

- a helper's library holds its own code as text; a kernel links, once each, all that it reaches;
- integers count as 64 bits, whatever their width or value, so a helper has one signature;
- steps of numba that helpers have no use for are left out.

`linking.py` has what of this is numba's, and this file the rest. A compiler of one's own, types
of one's own and `typeof_impl` are documented parts of numba ("Customizing the compiler",
"Low-level extension API"); its code libraries are not. `jit.py` uses both files with versions of
numba on which they were tested, and plain numba else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, update_wrapper
from typing import Any, Final

NEEDLESS: Final = frozenset(
    {
        # Helpers have no closures, no `with`, no `raise` and no parallel loops,
        "inline_closure_likes",
        "make_function_op_code_to_jit_function",
        "with_lifting",
        "Rewrite dynamic raises",
        "dump_parfor_diagnostics",
        # ask for no types,
        "find_literally",
        "literal_unroll",
        "LiteralPropagation",
        # and have no arithmetic of whole arrays. LLVM puts in what they call, and drops what
        # is never reached.
        "inline_inlinables",
        "inline_overloads",
        "nopython_rewrites",
        "rewrite_semantic_constants",
        "dead_branch_prune",
    }
)
"""Names of those of numba's steps that change nothing in what helpers do."""


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


def all_called(libraries: Iterable[Any]) -> list[Any]:
    """Return libraries and all that helpers among them call, and theirs, each once."""
    reached = dict.fromkeys(libraries)
    waiting = list(reached)
    while waiting:
        for each in getattr(waiting.pop(), "called", ()):
            if each not in reached:
                reached[each] = None
                waiting.append(each)
    return list(reached)


def in_one(modules: list[Any]) -> list[Any]:
    """Return one module of several, in a list; none of none.

    They are linked in pairs, as LLVM reads all of a module again for each that is linked into it.
    """
    while len(modules) > 1:
        for first, second in zip(modules[::2], modules[1::2], strict=False):
            first.link_in(second)
        modules = modules[::2]
    for whole in modules:
        for function in whole.functions:
            if not function.is_declaration:
                function.linkage = "linkonce_odr"  # left out where all callers have taken it in
    return modules
