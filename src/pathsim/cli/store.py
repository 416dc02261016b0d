"""`pathsim store`: what is kept of simulations, listed, checked and pruned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pathsim.cli.guard import guarded
from pathsim.cli.options import Json, KeptIn
from pathsim.cli.printing import console, print_json, print_parts
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.study.store import Store

DAMAGED: Final = 1
app = typer.Typer(
    no_args_is_help=True, help="What is kept of simulations: listed, checked, pruned."
)


def listed(*, store: KeptIn = None, as_json: Json = False) -> None:
    """List what is kept, by scenario and seed."""
    from rich.table import Table

    from pathsim.machine import in_words
    from pathsim.study.store.keeping import studies
    from pathsim.text import visible

    found = studies(_opened(store))
    if as_json:
        print_json(
            {"schema": "pathsim.store-list/1", "studies": [each._asdict() for each in found]}
        )
        return
    table = Table()
    for head in ("scenario", "seed", "engine", "replications", "chunks", "size", "used again"):
        table.add_column(head, justify="left" if head in {"scenario", "engine"} else "right")
    for each in found:
        table.add_row(
            visible(each.title),
            str(each.seed),
            each.engine,
            f"{each.replications:,}",
            f"{each.chunks:,}",
            in_words(each.size),
            "yes" if each.current else "no: another version made it",
        )
    print_parts(console(), [table])


def verify(*, store: KeptIn = None, as_json: Json = False) -> None:
    """Read every chunk and say which are not what was written; exit 1 if any."""
    from pathsim.study.store.keeping import damaged, names
    from pathsim.text import visible

    opened = _opened(store)
    found = damaged(opened)
    many = sum(1 for _ in names(opened))
    if as_json:
        rows = [{"file": str(each.path), "why": each.why} for each in found]
        print_json({"schema": "pathsim.store-verify/1", "chunks": many, "damaged": rows})
    else:
        for each in found:
            typer.echo(visible(f"{each.path}: {each.why}"))
        typer.echo(f"{many:,} chunks, {len(found):,} damaged")
    if found:
        raise typer.Exit(DAMAGED)


def prune(
    *,
    store: KeptIn = None,
    older_than_days: Annotated[
        float | None, typer.Option(min=0.0, help="Remove what was written so many days ago.")
    ] = None,
    other_versions: Annotated[
        bool, typer.Option("--other-versions", help="Remove what another version made.")
    ] = False,
    damaged: Annotated[bool, typer.Option("--damaged", help="Remove what is damaged.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")
    ] = False,
) -> None:
    """Remove what is old, damaged, or of other versions; it is simulated anew when it is needed."""
    from pathsim.machine import in_words
    from pathsim.study.store.keeping import prune as prune_store

    if older_than_days is None and not other_versions and not damaged:
        message = "says nothing to remove"
        allowed = "--older-than-days N, --other-versions or --damaged"
        raise InputError(Problem(message, key="prune", allowed=allowed))
    removed = prune_store(
        _opened(store),
        older_than_days=older_than_days,
        other_source=other_versions,
        broken=damaged,
        dry=dry_run,
    )
    word = "would be removed" if dry_run else "removed"
    typer.echo(f"{removed.chunks:,} chunks {word}, {in_words(removed.size)}")


def _opened(folder: KeptIn) -> Store:
    """Return the store in a folder that is there. Raises InputError."""
    from pathsim.study.store import Store
    from pathsim.study.store.folder import CHUNKS

    if folder is None:
        message, allowed = "is not given", "--store FOLDER, or PATHSIM_STORE in the environment"
        raise InputError(Problem(message, key="--store", allowed=allowed))
    if not (folder / CHUNKS).is_dir():
        allowed = "a folder that --store of another command made"
        raise InputError(Problem("is no store", key="--store", file=folder, allowed=allowed))
    return Store(folder)


app.command("list")(guarded(listed))
for _command in (verify, prune):
    app.command()(guarded(_command))
