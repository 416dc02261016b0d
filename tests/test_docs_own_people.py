"""The worked files of the page are drafted, answered as it says, and read."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path

import pytest

import pathsim as ps
from mapped_files import answered, write
from pathsim.people import Cohort
from pathsim.people.mapping import band_labels, lengths, names, offence_codes
from small_scenario import write_scenarios

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

PAGE = (Path(__file__).parents[1] / "docs" / "own-people.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n")[0]: part for part in PAGE.split("\n## ")[1:]}
FIGURES = {
    "Releases, with ages in bands": 4,
    "An assessment export, with dates and codes": 3,
    "People and their offences in two tables": 2,
}


def blocks(section: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", section, re.DOTALL)


@pytest.mark.parametrize("title", FIGURES)
def test_a_worked_file_runs_after_the_answers_of_the_page(tmp_path, title):
    tables = blocks(SECTIONS[title], "csv")
    said = tomllib.loads(blocks(SECTIONS[title], "toml")[0])
    file = write(tmp_path, tables[0])
    more = {"offences": write(tmp_path, tables[1], "offences.csv")} if tables[1:] else {}
    draft = Cohort.draft(file, **more)
    answers, replaced = answers_of(said)
    asked = {key.rpartition(".")[0] for key in draft.questions}
    assert asked == answers_by_table(said)
    mapping = write(tmp_path, answered(draft.text, answers | replaced), "mapping.toml")
    scenario = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    cohort = Cohort.from_file(file, mapping=mapping, scenario=scenario)
    assert len(cohort) == FIGURES[title]


def answers_by_table(said):
    others = {name for name in said if name != "columns"}
    return {*(f"columns.{name}" for name in said.get("columns", {})), *others}


def answers_of(said):
    answers = {"if_unknown": f'"{said["needs"]["if_unknown"]}"'}
    answers |= {key: str(value) for key, value in said.get("observed", {}).items()}
    replaced = {}
    for name, table in said["columns"].items() if "columns" in said else ():
        for key, value in table.items():
            text = str(value).lower() if isinstance(value, bool) else f'"{value}"'
            answers[f"columns.{name}.{key}"] = text
            if key == "if_unknown" and "from" not in table:
                replaced[f"columns.{name}.for_all"] = f"if_unknown = {text}"
    return answers, replaced


@pytest.mark.parametrize("module", [band_labels, lengths, names, offence_codes])
def test_examples_of_the_mapping_do_what_they_say(module):
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0
