"""What a command prints: lines, tables, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

COMFORTABLE = 100
"""Columns that a comparison needs; on less it leaves some out."""


def say(line: str) -> None:
    """Print a line on the standard error."""
    if sys.stderr is not None:
        typer.echo(line, err=True)


def print_json(data: Any) -> None:
    """Print JSON and nothing else."""
    # Escapes say in ASCII what the encoding of the output cannot.
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower() not in ("utf-8", "utf8")
    typer.echo(json.dumps(data, indent=2, ensure_ascii=plain, allow_nan=False))


def console() -> Console:
    """Return the terminal, or a page of a fixed width where there is none."""
    from rich.console import Console

    terminal = Console(highlight=False)
    # A file or a pipe has no width of its own.
    return terminal if terminal.is_terminal else Console(highlight=False, width=COMFORTABLE)


def print_parts(console: Console, parts: Iterable[Any]) -> None:
    """Print tables and lines, an empty line after each."""
    # Captured, because on a closed pipe rich would leave with a code of its own.
    with console.capture() as captured:
        for part in parts:
            console.print(part, "")
    typer.echo(captured.get(), nl=False, color=console.is_terminal)
