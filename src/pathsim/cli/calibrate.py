"""`pathsim calibrate`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pathsim.cli.files import table_in
from pathsim.cli.frames import print_frame, records
from pathsim.cli.happened import ObservedFile, WithinDays
from pathsim.cli.options import (
    FitSeed,
    Json,
    MappingFile,
    OldTargets,
    ScaleBy,
    ScenarioFile,
    Targets,
    Workers,
    chosen_targets,
    renamed,
)
from pathsim.cli.printing import print_json, say, tell
from pathsim.cli.process import goes_on_from
from pathsim.cli.to_own import asked_of_own, refuse_mixed
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, usable

if TYPE_CHECKING:
    from pathsim.study.calibration import Posterior
    from pathsim.study.calibration.entries import Entries
    from pathsim.study.calibration.fit import Calibration

_MOST = 100_000
_RUNS = 640
_RUNS_TO_OWN = 160
"""Two levels take fewer runs than the shape of the hazard."""

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
        int | None,
        typer.Option(
            help="Runs of the model, in three waves; left out, 640, and with --to 160.",
            min=40,
            max=_MOST,
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(help="Replications of each run.", min=2, max=_MOST)
    ] = 2,
    to: Annotated[
        Path | None,
        typer.Option(
            help="Table of people: fit the levels to what happened to them, in place of published "
            "rates."
        ),
    ] = None,
    mapping: MappingFile = None,
    observed: ObservedFile = None,
    within_days: WithinDays = None,
    scale: ScaleBy = None,
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
    refuse_mixed(
        to,
        of_own={
            "--observed": observed,
            "--mapping": mapping,
            "--within-days": within_days,
            "--scale": scale,
        },
        others={"--targets": chosen_targets(targets, old_targets), "--write": write or None},
    )
    if write:
        _refuse_no_place(scenario)
    from pathsim.study.calibration.fit import Sizes
    from pathsim.study.calibration.fit import calibrate as fit

    runs_file = out.parent / f"{out.stem}.runs.jsonl"
    read = load(scenario)
    of_entries = has_entries(read) and to is None
    if write and of_entries:
        around(scenario, ENTRY_MARKS)
    with table_in(out, beside=[runs_file]) as outbox:
        goes_on_from(runs_file)
        earlier = _earlier(prior_from, given)
        people = None
        if to is None:
            asked = read_targets(chosen_targets(targets, old_targets) or targets_of(read))
        else:
            read, people, asked = asked_of_own(
                read, to, observed, mapping=mapping, within_days=within_days, scale=scale
            )
        if of_entries:
            say("entry shares at the scenario's own values ...")
            read = in_balance(read, asked, seed=seed)
        with shown_progress() as progress:
            result = fit(
                read,
                asked,
                cohort=people,
                prior_from=earlier,
                runs_file=runs_file,
                sizes=Sizes(
                    waves=_waves(runs or (_RUNS if to is None else _RUNS_TO_OWN)),
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
        outbox.write(out.name, str(result.posterior.to_csv()))
    if write:
        _write_values(result, entries, out, scenario)
        _renew_effects(scenario)
    _show(result, entries, as_json=as_json)
    say(f"written: {out}, and the runs in {runs_file}")


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
            "parameters": records(summary),
            "check": records(result.check),
            "converged": result.chain.converged,
        }
        if entries is not None:
            data["entries"] = {
                "shares": records(entries.shares),
                "margins": records(entries.balance.margins),
                "rates": records(entries.balance.rates),
            }
        print_json(data)
        return
    print_frame(summary, title="Posterior: centre and 95% interval")
    print_frame(result.check, title="The model run again at draws of the posterior")
    if entries is not None:
        print_frame(entries.shares, title="Entry shares at the centre and 95% interval")
        print_frame(entries.balance.margins, title="Occasions of a year, published and disposed of")
        print_frame(entries.balance.rates, title="Proven reoffending by clocks at the centre")
    for line in result.posterior.origin:
        tell(line)


def _waves(runs: int) -> tuple[int, int, int]:
    """Return a quarter, three tenths and the rest of `runs`."""
    first, second = runs // 4, 3 * runs // 10
    return first, second, runs - first - second
