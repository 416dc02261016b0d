"""The same verbs from the shell. Exit codes: 0 well, 2 bad input, 130 interrupted, 1 our fault."""

from __future__ import annotations

import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer

from pathsim.cli_calibrate import backcast, calibrate
from pathsim.cli_warmup import warmup
from pathsim.errors import InputError, InputWarning, Problem

if TYPE_CHECKING:
    from rich.console import Console

    from pathsim.outcomes.results import Comparison, Run
    from pathsim.present.output import Outbox
    from pathsim.scenario.evidence.report import Report

WELL, OUR_FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
_DEBUG = "PATHSIM_DEBUG"
RESULTS = ("summary.csv", "results.json", "report.html")
COMFORTABLE = 100
"""Columns that a comparison needs; on less it leaves some out."""
Choices = ParamSpec("Choices")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulate offenders' pathways and compare options on reoffending and cost.",
)


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
    Path | None, typer.Option(help="Folder for summary.csv, results.json and report.html.")
]
PosteriorFile = Annotated[
    Path | None,
    typer.Option(help="Posterior sample (.csv) from which every replication draws anew."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def _guarded(command: Callable[Choices, None]) -> Callable[Choices, None]:
    """Turn whatever stops a command into one clear line and its exit code."""

    @wraps(command)
    def guarded(*args: Choices.args, **kwargs: Choices.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except InputError as error:
            for problem in error.problems:
                _say(f"error: {problem}")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            _say("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            return  # the reader, such as `head`, has seen enough
        except Exception as error:  # noqa: BLE001 the last net
            _confess(error)
            raise typer.Exit(OUR_FAULT) from None

    return guarded


def _confess(error: Exception) -> None:
    if os.environ.get(_DEBUG):
        traceback.print_exception(error)
    first = (str(error).splitlines() or [""])[0]
    _say(f"a fault of ours: {type(error).__name__}: {first}, please report (--debug shows where)")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pathsim {version('offender-pathsim')}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help=f"Show tracebacks (or set {_DEBUG}).")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    if debug:
        os.environ[_DEBUG] = "1"


@app.command()
@_guarded
def compare(  # noqa: PLR0913 one for each option of the command
    baseline: Annotated[Path, typer.Argument(help="Scenario file of the baseline.")],
    options: Annotated[list[Path], typer.Argument(metavar="OPTION...", help="Scenario files.")],
    *,
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = None,
    engine: EngineChoice = Engine.KERNEL,
    posterior: PosteriorFile = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Compare options with a baseline, on the same people and random numbers."""
    from pathsim.outcomes.verbs import compare as compare_scenarios
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import comparison_tables

    with ExitStack() as stack:
        outbox = stack.enter_context(_results_in(out)) if out else None
        with shown_progress() as progress:
            result = compare_scenarios(
                baseline,
                options,
                replications=replications,
                seed=seed,
                workers=workers,
                engine=engine.value,
                posterior=posterior,
                progress=progress,
            )
        if outbox:
            _write(outbox, result)
    if as_json:
        _print_json(result.to_dict())
    else:
        console = _console()
        _print(console, comparison_tables(result, narrow=console.width < COMFORTABLE))
    _tell_where(out)


@app.command()
@_guarded
def run(  # noqa: PLR0913 one for each option of the command
    scenario: Annotated[Path, typer.Argument(help="Scenario file.")],
    *,
    replications: Replications = 100,
    seed: Seed = 1,
    workers: Workers = None,
    engine: EngineChoice = Engine.KERNEL,
    posterior: PosteriorFile = None,
    out: Out = None,
    as_json: Json = False,
    log: Annotated[
        Path | None,
        typer.Option(help="File for the event log of replication 0, .csv or .parquet."),
    ] = None,
) -> None:
    """Run one scenario and show its outcomes."""
    from pathsim.outcomes.verbs import log as event_log
    from pathsim.outcomes.verbs import run as run_scenario
    from pathsim.present.output import write_log
    from pathsim.present.progress import shown_progress
    from pathsim.present.table import run_tables

    with ExitStack() as stack:
        outbox = stack.enter_context(_results_in(out)) if out else None
        log_place = stack.enter_context(_log_in(log)) if log else None
        with shown_progress() as progress:
            result = run_scenario(
                scenario,
                replications=replications,
                seed=seed,
                workers=workers,
                engine=engine.value,
                posterior=posterior,
                progress=progress,
            )
        if log and log_place:
            events = event_log(result.asked.scenario, seed=seed, engine=engine.value)
            write_log(events, log_place.path(log.name))
        if outbox:
            _write(outbox, result)
    if as_json:
        _print_json(result.to_dict())
    else:
        _print(_console(), run_tables(result))
    _tell_where(out, log)


@app.command()
@_guarded
def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
) -> None:
    """Check scenario files, and the cohort tables they name, without running them."""
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.load import load

    problems: list[Problem] = []
    for file in files:
        try:
            scenario = load(file)
            people = len(Cohort.from_scenario(scenario))
        except InputError as error:
            problems += error.problems
        else:
            typer.echo(f"{file}: well; '{scenario.title}', {people:,} people")
    if problems:
        raise InputError(*problems)


@app.command()
@_guarded
def evidence(
    scenario: Annotated[
        Path | None, typer.Argument(help="Scenario file; left out, the shipped evidence table.")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only check; exit code 2 when something is unsourced.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="CSV file for the register.")] = None,
    as_json: Json = False,
) -> None:
    """Show where every number of a scenario comes from, and check that it can be traced."""
    from pathsim.scenario.evidence.report import report

    found = report(scenario)
    if out:
        _write_register(out, found)
    if as_json:
        _print_json(found.as_dict())
    else:
        _print(_console(), found.grids(whole=not check))
    for line in found.caution_lines():
        _say(f"warning: {line}")
    _tell_where(None, out)
    if check and found.problems:
        raise InputError(*found.problems)


@app.command()
@_guarded
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from pathsim.scenario.schema import json_schema

    _print_json(json_schema())


app.command()(_guarded(calibrate))
app.command()(_guarded(backcast))
app.command()(_guarded(warmup))


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _speak_plainly()
    with warnings.catch_warnings():
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = _show_warning  # type: ignore[assignment] # narrower than the standard hook
        try:
            app(arguments, prog_name="pathsim")
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else WELL
    return WELL


def _speak_plainly() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _show_warning(message: Warning | str, category: type[Warning], *_: object) -> None:
    word = "warning" if issubclass(category, InputWarning) else f"warning ({category.__name__})"
    _say(f"{word}: {message}")


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _print_json(data: dict[str, Any]) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def _console() -> Console:
    from rich.console import Console

    console = Console(highlight=False)
    # A file or a pipe has no width of its own.
    return console if console.is_terminal else Console(highlight=False, width=COMFORTABLE)


def _print(console: Console, parts: Iterable[Any]) -> None:
    # Captured, because on a closed pipe rich would leave with a code of its own.
    with console.capture() as captured:
        for part in parts:
            console.print(part, "")
    typer.echo(captured.get(), nl=False, color=console.is_terminal)


def _results_in(folder: Path) -> Outbox:
    from pathsim.present.extras import need
    from pathsim.present.output import Outbox

    need("report", "matplotlib", "jinja2", purpose="--out")
    return Outbox(folder)


def _log_in(file: Path) -> Outbox:
    from pathsim.present.output import log_outbox

    return log_outbox(file)


def _write_register(file: Path, report: Report) -> None:
    from pathsim.present.output import Outbox
    from pathsim.scenario.evidence.register import as_csv

    if file.suffix != ".csv":
        problem = Problem("has no known suffix for a register", file=file, allowed=".csv")
        raise InputError(problem)
    with Outbox(file.parent) as outbox:
        outbox.write(file.name, as_csv(report.rows))


def _write(outbox: Outbox, result: Comparison | Run) -> None:
    from pathsim.present.report import report_html

    outbox.write("summary.csv", result.table().to_csv(index=False, lineterminator="\n"))
    text = json.dumps(result.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
    outbox.write("results.json", text + "\n")
    outbox.write("report.html", report_html(result))


def _tell_where(out: Path | None, log: Path | None = None) -> None:
    if out:
        _say(f"written: {', '.join(str(out / n) for n in RESULTS)}")
    if log:
        _say(f"written: {log}")


if __name__ == "__main__":
    sys.exit(main())
