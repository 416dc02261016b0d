"""What a command prints: lines, tables, JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from pathsim.text import as_json, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.segment import Segments

COMFORTABLE = 100
"""Columns that a comparison needs; on less it leaves some out."""


def say(line: str) -> None:
    """Print a line on the standard error; what would steer a terminal is shown, not obeyed."""
    if sys.stderr is not None:
        typer.echo(visible(line), err=True)


def tell(line: str) -> None:
    """Print a line on the standard output, as `say` does."""
    typer.echo(visible(line))


def print_page(text: str) -> None:
    """Print a text of several lines on the standard output, as `tell` does one."""
    typer.echo(visible(text, keep="\n"), nl=False)


def print_json(data: Any) -> None:
    """Print JSON and nothing else."""
    # Escapes say in ASCII what the encoding of the output cannot.
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower() not in ("utf-8", "utf8")
    typer.echo(as_json(data, ascii_only=plain))


def console(*, width: int = COMFORTABLE) -> Console:
    """Return the terminal, or a page of a fixed width where there is none."""
    from rich.console import Console

    # Text from files is data: no markup, no names of emoji.
    terminal = Console(highlight=False, markup=False, emoji=False)
    # A file or a pipe has no width of its own.
    if terminal.is_terminal:
        return terminal
    return Console(highlight=False, markup=False, emoji=False, width=width)


def _shown(console: Console, part: Any) -> Segments:
    """Return a part as it is laid out, without what only a terminal would see in its text."""
    from rich.segment import Segment, Segments

    return Segments(
        Segment(visible(text, keep="\n"), style, control)
        for text, style, control in console.render(part)
    )


def print_parts(console: Console, parts: Iterable[Any]) -> None:
    """Print tables and lines, an empty line after each."""
    # Captured, because on a closed pipe rich would leave with a code of its own.
    with console.capture() as captured:
        for part in parts:
            console.print(_shown(console, part), end="", crop=False)
            console.print()
    typer.echo(captured.get(), nl=False, color=console.is_terminal)
