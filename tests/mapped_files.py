"""Files of people in the shapes in which analysts bring them, and mappings of them."""

from __future__ import annotations

import re
from pathlib import Path

from pathsim.people import Cohort

ANSWERS = {
    "if_unknown": '"draw"',
    "includes_present": "true",
    "first_day": "2021-04-01",
    "unit": '"months"',
    "within_days": "1096",
}
"""What a question is answered with, by key, where a test says nothing else."""


def write(folder: Path, text: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def answered(text: str, answers: dict[str, str]) -> str:
    """Return a draft with each question answered: one edit of the file.

    answers: by key, or by table and key; one with an = takes the place of the whole line.
    """
    lines, table = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            table = line.partition("]")[0].strip("[")
        lines.append(_answered(line, table, answers))
    return "\n".join(lines)


def _answered(line: str, table: str, answers: dict[str, str]) -> str:
    key = line.split(" = ", maxsplit=1)[0].strip('" ')
    if not re.match(r'[^#]+ = "\?"', line):
        return line
    answer = answers.get(f"{table}.{key}") or answers[key]
    return answer if " = " in answer else line.replace('"?"', answer, 1)


def drafted(
    folder: Path, file: Path, answers: dict[str, str] | None = None, **where: object
) -> Path:
    """Return the mapping that a draft and one edit make."""
    draft = Cohort.draft(file, **where)
    text = answered(draft.text, {**ANSWERS, **(answers or {})})
    return write(folder, text, "mapping.toml")
