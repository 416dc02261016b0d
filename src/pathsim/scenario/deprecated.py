"""Old keys of a scenario: what a file says by them is taken, with a warning, as the new ones."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import replace

from pathsim.errors import InputError, InputWarning

from .read import Document

_OLD, _NEW = "warm_up", "generations_before"


def with_new_keys(document: Document, *, stacklevel: int) -> Document:
    """Return what a document says, by the keys of today. Raises InputError."""
    table = document.raw.get("follow_up")
    if not isinstance(table, Mapping) or _OLD not in table:
        return document
    old, new = ("follow_up", _OLD), ("follow_up", _NEW)
    value = table[_OLD]
    if _NEW in table:
        message = f"is the old word for {_NEW}, which is given as well"
        raise InputError(document.problem(message, old, found=value, allowed=f"{_NEW} alone"))
    if not isinstance(value, bool):
        message = "has the wrong type"
        raise InputError(document.problem(message, old, found=value, allowed="true or false"))
    number = int(value)
    message = f"is deprecated; write {_NEW} = {number}"
    warnings.warn(str(document.problem(message, old)), InputWarning, stacklevel=stacklevel + 1)
    kept = {(_NEW if key == _OLD else key): each for key, each in table.items()}
    lines = document.lines
    if old in lines:
        lines = {**lines, new: lines[old]}
    raw = {**document.raw, "follow_up": kept | {_NEW: number}}
    return replace(document, raw=raw, lines=lines)
