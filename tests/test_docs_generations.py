"""The page of generations shows what this version finds; `make generations` renews it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from docs import premises

import pathsim as ps
from pathsim.engine.contract import ServiceCount
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

SCRIPT = Path(__file__).parents[1] / "docs" / "generations.py"
BEFORE = 6
NOISE = 3.0
"""Standard errors."""


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
    loads = page.partition("## What a cohort uses")[0]
    rows = {
        cells[1].strip(" `*"): cells
        for cells in (e.split("|") for e in loads.splitlines() if e[:1] == "|")
    }
    column = 2 + script.tried_before(scenario).index(BEFORE)
    shown = [number for number, service in enumerate(model.services) if service in rows]
    assert len(shown) > 40
    for number in shown:
        cell = rows[model.services[number]][column].strip()
        assert cell == script.pair(*found.halves[number]), model.services[number]
    custody = rows["custody, first and last day"][column].strip()
    assert custody == script.pair(found.first, found.last)
    assert re.search(r"^\| 6 \| 6 \|", page, flags=re.M)


def test_what_a_cohort_uses_of_approved_premises_differs_by_the_stock_alone():
    scenario = ps.load("dorset/baseline")
    model = lower(scenario, Cohort.from_scenario(scenario))
    found = premises.use(model)
    page = (Path(__file__).parents[1] / "docs" / "generations.md").read_text(encoding="utf-8")
    assert premises.section(found, years=BEFORE + 1) in page, "make generations"
    apart = np.diff(found.early)[:, 0]
    error = apart.std(ddof=1) / np.sqrt(len(apart))
    assert abs(apart.mean()) <= NOISE * error <= 0.035
    apart = np.diff(found.late)[:, 0]
    assert apart.mean() <= -NOISE * apart.std(ddof=1) / np.sqrt(len(apart))
    taken = found.eligible.mean(axis=0) / found.releases.mean(axis=0)
    assert taken[0] > 1.5 * taken[1]


def test_what_is_tried_is_told_by_the_memory():
    spec = importlib.util.spec_from_file_location("docs_generations", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    dorset = ps.load(script.DORSET / "baseline.toml")
    assert script.tried_before(dorset) == (0, 1, 2, 3, 5, 6, 8)
    assert script.tried_after(dorset) == ((6, 0), (6, 1), (6, 3), (6, 6), (6, 9))
    short = {"follow_up.memory_days": 730, "follow_up.horizon_days": 365}
    shorter = dorset.change("Short", short)
    assert script.tried_before(shorter) == (0, 1, 2, 3, 4, 6)
    assert script.tried_after(shorter) == ((6, 0), (6, 1), (6, 2), (6, 4), (6, 6))


def test_the_days_on_the_page_are_those_that_the_engine_counts():
    scenario = ps.load("dorset/baseline")
    model = lower(scenario, Cohort.from_scenario(scenario))
    found = premises.use(model, logs=2)
    number = model.services.index(premises.SERVICE)
    for k, used in enumerate(found.early + found.late):
        counts, _ = simulate(model, seed=premises.SEED, replication=k)
        days = (counts.busy_days[number], counts.load[0, number, ServiceCount.PLACE_DAYS])
        assert used * model.capacity_days[number] == pytest.approx(days, rel=1e-9)
