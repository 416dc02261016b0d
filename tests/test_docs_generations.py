"""The page of generations shows what this version finds; `make generations` renews it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pathsim as ps
from pathsim.engine.lowering import lower
from pathsim.people.cohort import Cohort

SCRIPT = Path(__file__).parents[1] / "docs" / "generations.py"
BEFORE = 6


def test_the_loads_on_the_page_are_what_this_version_finds():
    spec = importlib.util.spec_from_file_location("docs_generations", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    scenario = ps.load(script.DORSET / "baseline.toml")
    assert scenario.follow_up.generations_before == BEFORE
    scenario = script.with_generations(scenario, BEFORE, 0)
    model = lower(scenario, Cohort.from_scenario(scenario))
    found = script.loads(model)
    page = script.PAGE.read_text(encoding="utf-8")
    rows = {
        cells[1].strip(" `*"): cells
        for cells in (e.split("|") for e in page.splitlines() if e[:1] == "|")
    }
    column = 2 + script.BEFORE.index(BEFORE)
    shown = [number for number, service in enumerate(model.services) if service in rows]
    assert len(shown) > 40
    for number in shown:
        cell = rows[model.services[number]][column].strip()
        assert cell == script.pair(*found.halves[number]), model.services[number]
    custody = rows["custody, first and last day"][column].strip()
    assert custody == script.pair(found.first, found.last)
    assert re.search(r"^\| 6 \| 6 \|", page, flags=re.M)
