"""Results written into files that people keep: a page's table, a scenario's values.

Only what stands between two marks is replaced, so that the words around it stay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from pathsim.bounded import PAGE_BYTES, read_text
from pathsim.errors import InputError, Problem
from pathsim.files import write_whole
from pathsim.text import in_toml

if TYPE_CHECKING:
    import pandas as pd

    from .posterior import Posterior

SCENARIO_MARKS = ("# calibrated values: begin", "# calibrated values: end")
ENTRY_MARKS = ("# solved entry shares: begin", "# solved entry shares: end")


def page_marks(name: str) -> tuple[str, str]:
    """Return the marks around the table `name` of a Markdown page."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def replace_between(path: Path, marks: tuple[str, str], text: str) -> None:
    """Put `text` between two marks of a file, each of which stands on a line of its own.

    Raises InputError where they are not both there, once and in order.
    """
    before, after = around(path, marks)
    write_whole(path, "".join([*before, text, *after]))


def around(path: Path, marks: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Return the lines up to the first mark and from the second one on. Raises InputError."""
    lines = read_text(path, most=PAGE_BYTES, allowed="a text").splitlines(keepends=True)
    places = [[k for k, line in enumerate(lines) if line.strip() == mark] for mark in marks]
    if [len(each) for each in places] != [1, 1] or places[0] > places[1]:
        message = f"needs a line '{marks[0]}' and after it a line '{marks[1]}'"
        raise InputError(Problem(message, file=path))
    (begin,), (end,) = places
    return lines[: begin + 1], lines[end:]


def scenario_values(posterior: Posterior, *, source: str) -> str:
    """Return the centre of a posterior as TOML tables for a scenario file."""
    blocks = []
    for key, parts in posterior.centre(source=source).items():
        *tables, last = key.split(".")
        header = ".".join([*tables, _name(last)])
        lines = [f"{name} = {_value(value)}" for name, value in parts.items()]
        blocks.append("\n".join([f"[{header}]", *lines]))
    return "\n" + "\n\n".join(blocks) + "\n\n"


def entry_values(shares: pd.DataFrame, *, source: str) -> str:
    """Return entry shares, a row a stratum, as TOML tables for a scenario file."""
    blocks = []
    for age, strata in shares.groupby("age_group", sort=False):
        lines = [f"[cohort.entry_shares.{_name(str(age))}]"]
        for row in strata.itertuples():
            parts = {"value": row.value, "low": row.low, "high": row.high}
            parts |= {"source": source, "grade": "calibrated"}
            said = ", ".join(f"{name} = {_value(value)}" for name, value in parts.items())
            lines.append(f'"{row.previous_offences}" = {{ {said} }}')
        blocks.append("\n".join(lines))
    return "\n" + "\n\n".join(blocks) + "\n\n"


def _name(key: str) -> str:
    return key if key.replace("_", "").isalnum() else f'"{key}"'


def _value(value: Any) -> str:
    if isinstance(value, str):
        written = tomli_w.dumps({"value": value}, multiline_strings=False)
        return in_toml(written.partition(" = ")[2].rstrip("\n"))
    return f"{value:g}"
