"""`pathsim scenarios`."""

from __future__ import annotations

import typer

from pathsim.cli.options import Json
from pathsim.cli.printing import print_json


def scenarios(*, as_json: Json = False) -> None:
    """List the scenarios that come with the package; a name goes wherever a file does."""
    from pathsim.scenario.shipped import scenarios as shipped

    titles = shipped()
    if as_json:
        print_json(titles)
        return
    width = max(map(len, titles), default=0)
    for name, title in titles.items():
        typer.echo(f"{name:<{width}}  {title}")
