"""The same verbs from the shell.

Exit codes: 0 ok, 2 bad input, 130 interrupted; 1 output that cannot be written, too little
memory, internal error.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from typing import Annotated

import typer

from pathsim.cli import cohort, docs, store
from pathsim.cli.backcast import backcast
from pathsim.cli.calibrate import calibrate
from pathsim.cli.compare import compare
from pathsim.cli.crate import crate
from pathsim.cli.decide import decide
from pathsim.cli.doctor import doctor
from pathsim.cli.evidence import evidence
from pathsim.cli.explain import explain
from pathsim.cli.guard import BAD_INPUT, DEBUG, OK, OUTPUT_LOST, guarded, refuse_empty
from pathsim.cli.init import init
from pathsim.cli.logged import shown_log
from pathsim.cli.portfolio import portfolio
from pathsim.cli.printing import say
from pathsim.cli.process import forget_what_was
from pathsim.cli.rerun import rerun
from pathsim.cli.run import run
from pathsim.cli.scenarios import scenarios
from pathsim.cli.schema import schema
from pathsim.cli.sensitivity import sensitivity
from pathsim.cli.serve import app as app_command
from pathsim.cli.streams import OutputError, ReaderGone
from pathsim.cli.sweep import sweep
from pathsim.cli.typed import running
from pathsim.cli.validate import validate
from pathsim.cli.value import value
from pathsim.cli.warmup import warmup
from pathsim.errors import InputError, InputWarning

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulate offenders' pathways and compare options on reoffending and cost.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pathsim {version('offender-pathsim')}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help=f"Show tracebacks (or set {DEBUG}).")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    if debug:
        os.environ[DEBUG] = "1"


for _command in (
    compare,
    decide,
    value,
    sensitivity,
    sweep,
    explain,
    portfolio,
    run,
    validate,
    scenarios,
    init,
    evidence,
    schema,
    calibrate,
    backcast,
    rerun,
    crate,
    doctor,
    warmup,
):
    app.command()(guarded(_command))
app.command("app")(guarded(app_command))
app.add_typer(cohort.app, name="cohort")
app.add_typer(docs.app, name="docs")
app.add_typer(store.app, name="store")


def run_command_line(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    _speak_plainly()
    forget_what_was()
    with warnings.catch_warnings(), shown_log(), running(arguments):
        warnings.simplefilter("always", InputWarning)
        warnings.showwarning = _once()
        try:
            code = _run(arguments)
            if sys.stdout is not None:
                sys.stdout.flush()
        except ReaderGone:
            return OK
        except OutputError as error:
            say(f"error: {error}")
            return OUTPUT_LOST
    return code


def _run(arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    try:
        refuse_empty(given)
        app(given, prog_name="pathsim")
    except InputError as error:
        say(f"error: {error}")
        return BAD_INPUT
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else OK
    return OK


def _speak_plainly() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _once() -> Callable[..., None]:
    """Return what shows a warning, and the same one only once."""
    shown: set[str] = set()

    def show(message: Warning | str, category: type[Warning], *_: object) -> None:
        word = "warning" if issubclass(category, InputWarning) else f"warning ({category.__name__})"
        line = f"{word}: {message}"
        if line not in shown:
            shown.add(line)
            say(line)

    return show
