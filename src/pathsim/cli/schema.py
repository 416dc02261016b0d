"""`pathsim schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from pathsim.cli.printing import print_json
from pathsim.errors import InputError, Problem, nearest

_SCENARIO = "scenario"


def schema(
    of: Annotated[
        str,
        typer.Argument(
            metavar="[scenario|cohort-validate|compare|decide|doctor|explain|manifest|portfolio|run|"
            "sensitivity|shapley|sweep|value]",
            help="Scenario files, the JSON that a command prints, or the manifest that it writes.",
        ),
    ] = _SCENARIO,
) -> None:
    """Print the JSON Schema of scenario files, for editors, or of what a command prints."""
    from pathsim.decision.shapes.schemas import SHAPES, output_schema
    from pathsim.scenario.schema import json_schema

    known = [_SCENARIO, *SHAPES]
    if of not in known:
        hint = nearest(of, known)
        message = "has no schema" + (f"; {hint}" if hint else "")
        raise InputError(Problem(message, key="schema", found=of, allowed=", ".join(known)))
    print_json(json_schema() if of == _SCENARIO else output_schema(of))
