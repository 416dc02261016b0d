"""Write docs/cli.md, what each command takes, from the commands themselves: `make tables`."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from pathsim.cli.app import app

PAGE = Path(__file__).with_name("cli.md")
HEAD = """\
# Commands and their options

Made by `make tables`; do not edit. The same is shown by `pathsim COMMAND --help`.

Exit codes: 0 ok, 2 bad input, 130 interrupted, 1 output that cannot be written, too little memory
or an internal error. Results go to standard output; warnings, errors and progress to standard
error.
"""


def page() -> str:
    """Return the page."""
    group = typer.main.get_command(app)
    return "\n".join([HEAD, *_options(group), *_commands(group, "pathsim")])


def _commands(group: Any, before: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _commands(command, f"{before} {name}")
        else:
            arguments = [_argument(each) for each in command.params if not _is_option(each)]
            yield f"## `{' '.join((before, name, *arguments))}`\n"
            yield f"{command.help.strip()}\n"
            yield from _options(command)


def _options(command: Any) -> Iterator[str]:
    rows = [_row(each) for each in command.params if not getattr(each, "hidden", False)]
    if rows:
        yield "| name | meaning | default |\n|---|---|---|"
        yield from rows
        yield ""


def _row(parameter: Any) -> str:
    names = parameter.opts if _is_option(parameter) else [_argument(parameter)]
    told = ", ".join(f"`{name}`" for name in names)
    return f"| {told} | {parameter.help} | {_default(parameter)} |"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    value = value.value if isinstance(value, Enum) else value
    is_number_or_word = isinstance(value, int | float | str) and not isinstance(value, bool)
    return f"`{value}`" if is_number_or_word else ""


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
