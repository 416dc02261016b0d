"""Python on the pages runs, page by page, with fewer states of the world."""

from __future__ import annotations

import ast
import inspect
import re
import shutil

import pandas as pd
import pytest

import pathsim as ps
from page_blocks import PAGES, ROOT, blocks
from pathsim.outcomes import asked

LONG = {"docs/portfolio.md", "docs/python.md"}
"""The one searches mixes for minutes: tests/test_portfolio.py runs it on a small town. The other
has tests of its own: tests/test_docs_python.py."""
EVERY = {
    path.relative_to(ROOT).as_posix(): [b.text for b in blocks(path) if b.language == "python"]
    for path in PAGES
}
WITH_PYTHON = sorted(name for name, found in EVERY.items() if found)


def calls(text: str) -> list[ast.Call]:
    found = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)]
    return [each for each in found if re.fullmatch(r"ps(\.\w+)+", ast.unparse(each.func))]


@pytest.mark.parametrize("name", WITH_PYTHON)
def test_what_a_page_calls_has_these_arguments(name):
    for call in [each for text in EVERY[name] for each in calls(text)]:
        target = ps
        for part in ast.unparse(call.func).split(".")[1:]:
            target = getattr(target, part)
        named = {each.arg: None for each in call.keywords}
        inspect.signature(target).bind(*call.args, **named)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where a page's files are; a study that says no draws has eight states."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(asked, "DRAWS", 8)
    monkeypatch.setattr(asked, "REPLICATIONS_PER_DRAW", 2)
    return tmp_path


def bring_people(folder):
    cohort = ps.Cohort.from_scenario(ps.load("dorset/baseline"))
    table = cohort.synthesise(seed=7).table.head(600)
    table.to_csv(folder / "people.csv", index=False)
    happened = [
        {"id": each, "reoffended": "no" if row % 3 else "yes"}
        for row, each in enumerate(table["id"])
    ]
    pd.DataFrame(happened).to_csv(folder / "happened.csv", index=False)


# Made-up people draw warnings; those that matter are tried by name.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
@pytest.mark.parametrize("name", [each for each in WITH_PYTHON if each not in LONG])
def test_the_python_of_a_page_runs(name, folder):
    bring_people(folder)
    scope = {"ps": ps}
    for text in EVERY[name]:
        exec(compile(text, name, "exec"), scope)
