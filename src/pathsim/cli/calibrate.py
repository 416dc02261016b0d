"""Calibration from the shell: `pathsim calibrate` and `pathsim backcast`."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathsim.cli.files import table_in
from pathsim.cli.options import (
    Json,
    OldTargets,
    ScenarioFile,
    Targets,
    Workers,
    chosen_targets,
    renamed,
)
from pathsim.cli.printing import console, print_json, print_parts, say, tell
from pathsim.cli.process import goes_on_from
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, usable
from pathsim.text import visible

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.study.calibration import Posterior
    from pathsim.study.calibration.entries import Entries
    from pathsim.study.calibration.fit import Calibration

_SHOWN_DIGITS = 4
_PAGE = 120
"""Columns of a table where there is no terminal."""
_MOST = 100_000
FitSeed = Annotated[
    int, typer.Option(help="Seed of design, simulation and sampler.", min=0, max=2**32 - 1)
]


PriorFrom = Annotated[
    Path | None,
    typer.Option(
        "--prior-from",
        help="An earlier posterior: the prior of what the targets do not name.",
    ),
]
OldPriorFrom = Annotated[
    Path | None, typer.Option("--given", hidden=True, help="Old name of --prior-from.")
]


def _earlier(prior_from: Path | None, given: Path | None) -> Posterior | None:
    """Return the earlier posterior, also where it is given under the old name of the option."""
    from pathsim.study.calibration import read_posterior

    file = renamed("--prior-from", prior_from, old_name="--given", old=given)
    return read_posterior(file) if file else None


def calibrate(  # noqa: PLR0913 one for each option of the command
    scenario: ScenarioFile,
    *,
    out: Annotated[Path, typer.Option(help="File for the posterior sample, .csv.")],
    targets: Targets = None,
    old_targets: OldTargets = None,
    prior_from: PriorFrom = None,
    given: OldPriorFrom = None,
    draws: Annotated[
        int, typer.Option(help="Draws to keep of the posterior.", min=2, max=_MOST)
    ] = 200,
    runs: Annotated[
        int, typer.Option(help="Runs of the model, in three waves.", min=40, max=_MOST)
    ] = 640,
    replications: Annotated[
        int, typer.Option(help="Replications of each run.", min=2, max=_MOST)
    ] = 2,
    seed: FitSeed = 1,
    workers: Workers = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write the central values into the scenario file.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fit the free parameters to published rates; keep a posterior sample.

    Runs are kept beside the output as they are made: after an interrupt the same command
    goes on from there. Where clocks open by quarters, the entry shares of a sampled cohort are
    solved too: before the fit, and at its centre. With --write, effects that name studies are
    solved anew, in the scenario and in the options beside it.
    """
    from pathsim.present.extras import need
    from pathsim.present.progress import shown_progress
    from pathsim.scenario.load import load
    from pathsim.study.balance import has_entries
    from pathsim.study.calibration.entries import at_rates_in_balance, entries_at, in_balance
    from pathsim.study.calibration.pages import ENTRY_MARKS, around
    from pathsim.study.calibration.targets import read_targets, targets_of

    need("calibrate", "sklearn", "emcee", purpose="calibrate")
    if write:
        _refuse_no_place(scenario)
    from pathsim.study.calibration.fit import Sizes
    from pathsim.study.calibration.fit import calibrate as fit

    runs_file = out.parent / f"{out.stem}.runs.jsonl"
    read = load(scenario)
    of_entries = has_entries(read)
    if write and of_entries:
        around(scenario, ENTRY_MARKS)
    with table_in(out, beside=[runs_file]) as outbox:
        goes_on_from(runs_file)
        earlier = _earlier(prior_from, given)
        asked = read_targets(chosen_targets(targets, old_targets) or targets_of(read))
        if of_entries:
            say("entry shares at the scenario's own values ...")
            read = in_balance(read, asked, seed=seed)
        with shown_progress() as progress:
            result = fit(
                read,
                asked,
                prior_from=earlier,
                runs_file=runs_file,
                sizes=Sizes(
                    waves=_waves(runs),
                    replications=replications,
                    draws=draws,
                ),
                seed=seed,
                workers=workers,
                progress=progress,
            )
        entries = None
        if of_entries:
            say("entry shares at the posterior's centre and at some of its draws ...")
            met = at_rates_in_balance(read, asked, result.posterior, seed=seed)
            result = replace(result, posterior=met)
            entries = entries_at(read, asked, met, seed=seed, workers=workers)
        outbox.write(out.name, result.posterior.to_csv())
    if write:
        _write_values(result, entries, out, scenario)
        _renew_effects(scenario)
    _show(result, entries, as_json=as_json)
    say(f"written: {out}, and the runs in {runs_file}")


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
        print_json(_records(table))
    else:
        _print(in_words(table), title="Back-cast: published figures and the calibrated model")


def _refuse_no_place(scenario: Path) -> None:
    """Refuse --write, before the work, for what is no file or has no marks to write between."""
    from pathsim.study.calibration.pages import SCENARIO_MARKS, around
    from pathsim.study.effects.write import refuse_no_place

    if not exists(usable(scenario)):
        problem = "is no file, so --write has nothing to write into"
        raise InputError(Problem(problem, found=str(scenario), allowed="a scenario file"))
    around(scenario, SCENARIO_MARKS)
    refuse_no_place(scenario)


def _write_values(result: Calibration, entries: Entries | None, out: Path, scenario: Path) -> None:
    from pathsim.study.calibration.pages import (
        ENTRY_MARKS,
        SCENARIO_MARKS,
        entry_values,
        replace_between,
        scenario_values,
    )

    fit = result.posterior.origin[0]
    source = f"{fit}; 95% posterior interval, draws in {out.name}"
    replace_between(scenario, SCENARIO_MARKS, scenario_values(result.posterior, source=source))
    if entries is not None:
        source = f"Solved: disposals of a year are the published ones. {fit}, draws in {out.name}"
        replace_between(scenario, ENTRY_MARKS, entry_values(entries.shares, source=source))


def _renew_effects(scenario: Path) -> None:
    """Solve the effects that rest on studies anew, in the population that is now calibrated."""
    from pathsim.study.effects.write import renew_with_options

    for file, found in renew_with_options(scenario).items():
        say(f"effects solved anew from their studies: {len(found)} in {file}")


def _show(result: Calibration, entries: Entries | None, *, as_json: bool) -> None:
    summary = result.posterior.summary().reset_index()
    if as_json:
        data = {
            "origin": list(result.posterior.origin),
            "parameters": _records(summary),
            "check": _records(result.check),
            "converged": result.chain.converged,
        }
        if entries is not None:
            data["entries"] = {
                "shares": _records(entries.shares),
                "margins": _records(entries.balance.margins),
                "rates": _records(entries.balance.rates),
            }
        print_json(data)
        return
    _print(summary, title="Posterior: centre and 95% interval")
    _print(result.check, title="The model run again at draws of the posterior")
    if entries is not None:
        _print(entries.shares, title="Entry shares at the centre and 95% interval")
        _print(entries.balance.margins, title="Occasions of a year, published and disposed of")
        _print(entries.balance.rates, title="Proven reoffending by clocks at the centre")
    for line in result.posterior.origin:
        tell(line)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows for JSON, which has no nan."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _print(table: pd.DataFrame, *, title: str) -> None:
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left")
    for name in table.columns:
        shown.add_column(Text(visible(str(name).replace("_", " "))))
    for row in table.itertuples(index=False):
        shown.add_row(*(Text(visible(_cell(value))) for value in row))
    print_parts(console(width=_PAGE), [shown])


def _cell(value: Any) -> str:
    return f"{value:.{_SHOWN_DIGITS}g}" if isinstance(value, float) else str(value)


def _waves(runs: int) -> tuple[int, int, int]:
    """Return a quarter, three tenths and the rest of `runs`."""
    first, second = runs // 4, 3 * runs // 10
    return first, second, runs - first - second
