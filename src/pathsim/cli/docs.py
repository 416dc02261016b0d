"""`pathsim docs`: tables about a scenario, for a page of one's own."""

from __future__ import annotations

import typer

from pathsim.cli.guard import guarded
from pathsim.cli.options import ScenarioFile

app = typer.Typer(no_args_is_help=True, help="Print tables about a scenario, in Markdown.")


def services(scenario: ScenarioFile) -> None:
    """Print the services of a scenario: how each works, its effect, grade and source."""
    from pathsim.present.pages import services_table
    from pathsim.scenario.load import load

    typer.echo(services_table(load(scenario)), nl=False)


def values(scenario: ScenarioFile) -> None:
    """Print the values of a scenario: key, value, grade, source and note."""
    from pathsim.present.pages import values_table
    from pathsim.scenario.load import load

    typer.echo(values_table(load(scenario)), nl=False)


for _command in (services, values):
    app.command()(guarded(_command))
