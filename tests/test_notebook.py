"""Each notebook answers its question in a fresh kernel, as a reader would run it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
PATIENCE_SECONDS = 600
"""The first run on a machine compiles the engine."""


class Told(NamedTuple):
    """What a notebook shows."""

    pictures: int
    words: tuple[str, ...]
    """In its tables."""
    fewer: tuple[str, str] = ("", "")
    """Fewer states than a reader would want: in tests only the steps are tried."""


NOTEBOOKS = {
    "01-first-answer": Told(2, ("Twice the GPS tags", "Cohort of"), ("draws = 32", "draws = 3")),
    "02-write-your-own-option": Told(
        1,
        ("Women&#x27;s centre, 20 places", "services.womens_centre.after_ratio"),
        ("draws = 16", "draws = 2"),
    ),
    "03-bring-your-own-people": Told(
        0, ("Cohort of 600 people", "office=Poole", "columns.offence_group"), ("=32", "=2")
    ),
    "04-common-random-numbers": Told(2, ("variance_ratio", "unpaired"), ("= 40", "= 4")),
    "05-doubt-and-decision": Told(5, ("npsv_chance", "Open a women"), ("= 64", "= 30")),
    "06-portfolio": Told(1, ("public_year_1",)),
    "07-calibrate-and-check": Told(0, ("hazard.adult_level", "left out", "held_out_rms")),
    "08-add-a-service": Told(3, ("Open a hostel", "Open a larger hostel"), ("=16", "=2")),
    "09-another-police-area": Told(1, ("Northshire 2023", "area=coast"), ("=32", "=2")),
}


def read(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def test_every_notebook_is_tried():
    assert sorted(NOTEBOOKS) == sorted(each.stem for each in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_kept_without_outputs(name):
    cells = [cell for cell in read(name).cells if cell.cell_type == "code"]
    assert cells
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_in_a_fresh_kernel_and_shows_tables_and_pictures(name):
    notebook, told = read(name), NOTEBOOKS[name]
    many, few = told.fewer
    assert not many or sum(cell.source.count(many) for cell in notebook.cells) == 1
    for cell in notebook.cells:
        cell.source = cell.source.replace(many, few) if many else cell.source
    client = NotebookClient(
        notebook,
        timeout=PATIENCE_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output["data"] for output in outputs if "data" in output]
    assert not [output for output in outputs if output["output_type"] in ("stream", "error")]
    assert sum("image/png" in data for data in shown) == told.pictures
    tables = " ".join(data.get("text/html", "") for data in shown)
    assert [each for each in told.words if each not in tables] == []
    lines = [data.get("text/plain", "") for data in shown]
    assert not [each for each in lines if each.startswith("simulating")], "a line of progress stays"


def test_the_files_of_another_area_are_those_of_its_page():
    page = (FOLDER.parent / "docs" / "another-area.md").read_text(encoding="utf-8")
    files = re.findall(r"```(?:toml|csv)\n(.*?)```", page, re.DOTALL)
    written = "\n".join(cell.source for cell in read("09-another-police-area").cells)
    assert len(files) == 5
    assert [each for each in files if each not in written] == []
