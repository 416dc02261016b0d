"""The notebook answers its question in a fresh kernel, as a reader would run it."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "01-first-answer.ipynb"
PATIENCE_SECONDS = 300
"""The first run on a machine compiles the engine."""


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_the_notebook_is_kept_without_outputs(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


def test_the_notebook_runs_in_a_fresh_kernel_and_shows_tables_and_pictures(notebook):
    for cell in notebook.cells:
        # Fewer states than a reader would want: here only the steps are tried.
        cell.source = cell.source.replace("draws = 32", "draws = 3")
    client = NotebookClient(
        notebook,
        timeout=PATIENCE_SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOK.parent)}},
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output["data"] for output in outputs if "data" in output]
    assert not [output for output in outputs if output["output_type"] in ("stream", "error")]
    assert sum("image/png" in data for data in shown) == 2
    assert any("Twice the GPS tags" in data.get("text/html", "") for data in shown)
    assert any("Cohort of" in data.get("text/html", "") for data in shown)
