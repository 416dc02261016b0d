"""A table as a template shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    Cell = str | Markup


class Table(NamedTuple):
    """Heads of columns, and rows whose first cell heads the row."""

    id: str
    """Of its caption, unlike any other on the page."""
    caption: str
    heads: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    numbers: bool = True
    """Whether all columns but the first are figures, and so set to the right."""
