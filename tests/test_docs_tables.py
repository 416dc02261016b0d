"""What pages and scenarios hold of others is what `make tables` writes; tests only compare."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.tables import tables

from pathsim.cli import main

PAGES = Path(__file__).parents[1] / "docs"
SMALL = Path(__file__).parent / "data" / "scenarios" / "baseline.toml"


@pytest.mark.parametrize("written", tables(), ids=lambda written: written.file.stem)
def test_a_table_is_what_the_command_writes(written):
    lines = written.file.read_text(encoding="utf-8").splitlines(keepends=True)
    begin, end = (lines.index(f"{mark}\n") for mark in written.marks)
    assert "".join(lines[begin + 1 : end]) == written.text(), "run: make tables"


@pytest.mark.parametrize("what", ["services", "values"])
def test_the_tables_of_any_scenario_are_printed_by_a_command(what, capsys):
    assert main(["docs", what, "dorset/baseline"]) == 0
    page = "services.md" if what == "services" else "dorset.md"
    printed = capsys.readouterr().out
    assert printed in (PAGES / page).read_text(encoding="utf-8")
    assert len(printed.splitlines()) > 50
    assert main(["docs", what, str(SMALL)]) == 0
    assert ("GPS tag" if what == "services" else "`services.gps_tag.capacity` | 18") in (
        capsys.readouterr().out
    )
    assert main(["docs", what, "nowhere.toml"]) == 2
