"""`pathsim schema`."""

from __future__ import annotations

from pathsim.cli.printing import print_json


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from pathsim.scenario.schema import json_schema

    print_json(json_schema())
