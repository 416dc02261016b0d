"""A table of the shell under a title: words to the left, figures to the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pathsim.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable


def titled(title: str, heads: Iterable[str], *, words: int = 1) -> Table:
    """Return an empty table.

    words: so many columns, from the first, hold words; the others hold figures.
    """
    # Text, not str: a title is the user's and may look like markup.
    named = Text(visible(title), style="table.title")
    table = Table(title=named, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number < words else "right")
    return table
