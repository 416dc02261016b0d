"""`pathsim backcast`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.files import table_in
from pathsim.cli.frames import print_frame, records
from pathsim.cli.options import FitSeed, Json, OldTargets, ScenarioFile, Targets, chosen_targets
from pathsim.cli.printing import print_json

_MOST = 100_000


def backcast(  # noqa: PLR0913 one for each option of the command
    scenario: ScenarioFile,
    posterior: Annotated[
        Path, typer.Argument(help="Posterior sample, .csv, or the name of a shipped one.")
    ],
    *,
    targets: Targets = None,
    old_targets: OldTargets = None,
    draws: Annotated[
        int, typer.Option(help="Draws of the posterior to run.", min=2, max=_MOST)
    ] = 40,
    replications: Annotated[
        int, typer.Option(help="Replications of each draw.", min=1, max=_MOST)
    ] = 10,
    seed: FitSeed = 1,
    out: Annotated[Path | None, typer.Option(help="File for the table, .csv.")] = None,
    page: Annotated[
        Path | None,
        typer.Option(help="Page whose table of this name to renew, between its marks, .md."),
    ] = None,
    misses_page: Annotated[
        Path | None,
        typer.Option(
            "--misses",
            help="Page whose table of misses of this name to renew, likewise: every figure, the "
            "one missed most first.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare the model with every published figure, fitted or left out, misses included."""
    from pathsim.present.progress import shown_progress
    from pathsim.scenario.load import load
    from pathsim.spreadsheet import for_spreadsheets
    from pathsim.study.calibration import read_posterior
    from pathsim.study.calibration.backcast import backcast as compare_with
    from pathsim.study.calibration.backcast import in_words, markdown, misses
    from pathsim.study.calibration.pages import around, page_marks, replace_between
    from pathsim.study.calibration.targets import read_targets, targets_of

    read = load(scenario)
    sample = read_posterior(posterior)
    named = chosen_targets(targets, old_targets)
    chosen = named or targets_of(read)
    # The scenario's own are called as their folder is.
    name = Path(named).stem if named else Path(chosen).resolve().parent.name
    pages = [(page, page_marks(f"back-cast {name}"), markdown)]
    pages += [(misses_page, page_marks(f"misses {name}"), misses)]
    for each, marks, _ in pages:
        if each:
            around(each, marks)  # before the work: they may not be there
    with ExitStack() as stack:
        outbox = stack.enter_context(table_in(out)) if out else None
        with shown_progress() as progress:
            table = compare_with(
                read,
                sample,
                read_targets(chosen),
                n_draws=draws,
                replications=replications,
                seed=seed,
                progress=progress,
            )
        if out and outbox:
            text = for_spreadsheets(table).to_csv(index=False, lineterminator="\n")
            outbox.write(out.name, text)
    for each, marks, written in pages:
        if each:
            replace_between(each, marks, written(table))
    if as_json:
        print_json(records(table))
    else:
        print_frame(in_words(table), title="Back-cast: published figures and the calibrated model")
