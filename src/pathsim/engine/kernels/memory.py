"""What LLVM is told of the memory that kernels read and write.

A place is an array or a field of its records. Reading and writing carry its name as metadata of
LLVM ("tbaa", in its language reference): what is in places of different names never
overlaps, and what is in a fixed place never changes.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from llvmlite import ir

WORD: Final = ir.IntType(64)
BYTES: Final = ir.IntType(8).as_pointer()
_ROOT: Final = "pathsim"


class Place(NamedTuple):
    """Memory that overlaps with no other place."""

    name: str
    fixed: bool  # never written to while the kernel runs
    aligned: bool = True

    def field(self, name: str) -> Place:
        """Return the place of a field of the records here."""
        return self._replace(name=f"{self.name}.{name}")


def _tag(builder: Any, access: Any, place: Place) -> Any:
    """Say of a load or a store in which place it is; return it."""
    module = builder.module
    zero = ir.Constant(WORD, 0)
    root = module.add_metadata([_ROOT])
    kind = module.add_metadata([place.name, root, zero])
    fixed = [ir.Constant(WORD, 1)] if place.fixed else []
    access.set_metadata("tbaa", module.add_metadata([kind, kind, zero, *fixed]))
    return access


def load(builder: Any, pointer: Any, place: Place) -> Any:
    """Load what `pointer` points to."""
    return _tag(builder, builder.load(pointer, align=None if place.aligned else 1), place)


def store(builder: Any, value: Any, pointer: Any, place: Place) -> None:
    """Store a value."""
    _tag(builder, builder.store(value, pointer, align=None if place.aligned else 1), place)


def load_address(builder: Any, pointer: Any) -> Any:
    """Load an address or a length, which never changes."""
    loaded = builder.load(pointer)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded
