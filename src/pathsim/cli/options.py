"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Engine(StrEnum):
    """The two engines of one model."""

    KERNEL = "kernel"
    TWIN = "twin"


Replications = Annotated[int, typer.Option(help="How many times to simulate each scenario.")]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers, 0 to 2^64 - 1.")]
Workers = Annotated[
    int | None,
    typer.Option(help="Threads; left out, one a processor. They change no result."),
]
EngineChoice = Annotated[
    Engine, typer.Option(help="The compiled kernel, or its slow, readable twin.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for summary.csv, results.json and, with the extra 'report', report.html."
    ),
]
PosteriorFile = Annotated[
    Path | None,
    typer.Option(
        help="Posterior sample (.csv, or a shipped one: dorset, england-and-wales) from which "
        "every replication draws anew."
    ),
]
CohortFile = Annotated[
    Path | None,
    typer.Option(help="Table of people (.csv, .xlsx) to follow in place of the scenario's own."),
]
ScaleBy = Annotated[
    float | None,
    typer.Option("--scale", help="Factor of all places and their fixed costs."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
