"""`pathsim app`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.options import KeptIn, Workers
from pathsim.cli.printing import say


def app(
    scenario: Annotated[
        str, typer.Argument(help="Scenario file of the baseline, or the name of a shipped one.")
    ] = "dorset/baseline",
    *,
    port: Annotated[
        int, typer.Option(help="Port of this machine; 0 picks one that is free.")
    ] = 8765,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Open no browser; the address is printed.")
    ] = False,
    workers: Workers = None,
    store: KeptIn = None,
) -> None:
    """Open a page on this machine: move levers and see what they change, with doubt."""
    from pathsim.app.serve import serve
    from pathsim.study.anywhere import using
    from pathsim.study.plan import count_workers

    count_workers(workers)
    with using(store=store):
        serve(
            scenario,
            port=port,
            browser=not no_browser,
            workers=workers,
            tell=lambda address: say(f"open {address} (Ctrl-C ends it)"),
        )
