"""The comparison of the two engines can fail: faults put into the kernel are caught.

Each fault is one that a kernel may well have. Most are made in the tables that
the kernel reads while the reference engine reads the true ones; three are made in a copy of
the kernel's source, which is compiled anew (`pytest -m slow`).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import test_engines_agree
from pathsim.engine.contract import EndingFlag, Legal, Route, Tables
from pathsim.engine.run import simulate

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "pathsim"
SEEDS = range(test_engines_agree.SCENARIOS)
"""A fault is to be caught by the scenarios on which the two engines are compared."""
SOUND = 20
"""Scenarios on which no fault is made, to see that none is caught."""
ROUNDING = 1e-7


def changed(array: np.ndarray, change: Callable[[np.ndarray], object]) -> np.ndarray:
    copy = array.copy()
    change(copy)
    return copy


def forget_homelessness(tables: Tables) -> Tables:
    return tables._replace(home_ratio=changed(tables.home_ratio, lambda a: a[:, 2].fill(1.0)))


def forget_licence(tables: Tables) -> Tables:
    legal = changed(tables.legal_ratio, lambda a: a[:, Legal.LICENCE].fill(1.0))
    return tables._replace(legal_ratio=legal)


def round_patience(tables: Tables) -> Tables:
    """Measure patience a little too long; only patience uses the new distributions."""
    longer = tables.distributions.copy()
    for name in ("a", "b", "c"):
        if name != "b":  # the second parameter is a shape in some kinds
            scaled = ~np.isin(longer["kind"], (1, 7))
            longer[name][scaled] *= 1.0 + ROUNDING
    services = tables.services.copy()
    services["patience"] += len(longer)
    both = np.concatenate([tables.distributions, longer])
    return tables._replace(distributions=both, services=services)


def stay_in_service_in_custody(tables: Tables) -> Tables:
    services = tables.services.copy()
    services["ends_on"] &= ~int(EndingFlag.CUSTODY)
    return tables._replace(services=services)


def drop_floor(tables: Tables) -> Tables:
    return tables._replace(rules=changed(tables.rules, lambda a: a["floor"].fill(0.0)))


def serve_first_come(tables: Tables) -> Tables:
    return tables._replace(pool_by_risk=np.zeros_like(tables.pool_by_risk))


def one_place_more(tables: Tables) -> Tables:
    return tables._replace(pool_capacity=tables.pool_capacity + 1)


def no_after_effect(tables: Tables) -> Tables:
    services = changed(tables.services, lambda a: a["after_ratio"].fill(1.0))
    return tables._replace(services=services)


def no_prerequisite(tables: Tables) -> Tables:
    return tables._replace(services=changed(tables.services, lambda a: a["requires"].fill(0)))


def free_completion(tables: Tables) -> Tables:
    return tables._replace(services=changed(tables.services, lambda a: a["per_completion"].fill(0)))


def bands_off_by_one(tables: Tables) -> Tables:
    return tables._replace(release_point=np.roll(tables.release_point, 1, axis=1))


def crown_as_magistrates(tables: Tables) -> Tables:
    delay = tables.delay.copy()
    delay[:, Route.CROWN] = delay[:, Route.MAGISTRATES]
    return tables._replace(delay=delay)


def presumption_excludes_its_limit(tables: Tables) -> Tables:
    def less(rules: np.ndarray) -> None:
        rules["presumption_max_days"] = np.nextafter(rules["presumption_max_days"], -1.0)

    return tables._replace(rules=changed(tables.rules, less))


def change_a_day_late(tables: Tables) -> Tables:
    def later(rules: np.ndarray) -> None:
        rules["since"] += 1.0

    return tables._replace(rules=changed(tables.rules, later))


def without_rule(name: str, value: float = 0.0) -> Callable[[Tables], Tables]:
    """Return a fault that forgets a mechanism: its rule is `value`."""

    def fault(tables: Tables) -> Tables:
        return tables._replace(rules=changed(tables.rules, lambda a: a[name].fill(value)))

    fault.__name__ = f"forget_{name}"
    return fault


def without_table(name: str) -> Callable[[Tables], Tables]:
    """Return a fault that forgets a mechanism: its table is all 0."""

    def fault(tables: Tables) -> Tables:
        return tables._replace(**{name: np.zeros_like(getattr(tables, name))})

    fault.__name__ = f"forget_{name}"
    return fault


def breach_orders_alike(tables: Tables) -> Tables:
    """Breach suspended sentences at the rate of community orders."""

    def alike(rate: np.ndarray) -> None:
        rate[:, Legal.SUSPENDED_SENTENCE] = rate[:, Legal.COMMUNITY_ORDER]

    return tables._replace(breach_rate=changed(tables.breach_rate, alike))


def send_to_custody_all_the_same(tables: Tables) -> Tables:
    services = changed(tables.services, lambda a: a["custody_ratio"].fill(1.0))
    return tables._replace(services=services)


def curfew_excludes_its_limit(tables: Tables) -> Tables:
    def less(rules: np.ndarray) -> None:
        rules["curfew_max"] = np.nextafter(rules["curfew_max"], -1.0)

    return tables._replace(rules=changed(tables.rules, less))


FAULTS = (
    forget_homelessness,
    forget_licence,
    round_patience,
    stay_in_service_in_custody,
    drop_floor,
    serve_first_come,
    one_place_more,
    no_after_effect,
    no_prerequisite,
    free_completion,
    bands_off_by_one,
    crown_as_magistrates,
    presumption_excludes_its_limit,
    change_a_day_late,
    breach_orders_alike,
    send_to_custody_all_the_same,
    curfew_excludes_its_limit,
    *map(without_rule, ("curfew_share", "pre_release_days", "supervision_days", "activation")),
    without_rule("supervision_below", np.inf),
    *map(without_table, ("pool_review", "remand_share", "severity", "breach_rate", "breach_cost")),
)


def caught_at(fault: Callable[[Tables], Tables], monkeypatch, seeds=SEEDS) -> int | None:
    """Return the first seed at which the comparison fails, if any."""

    def with_fault(lowered, *, engine="kernel", **address):
        if engine == "kernel":
            lowered = replace(lowered, tables=fault(lowered.tables))
        return simulate(lowered, engine=engine, **address)

    monkeypatch.setattr(test_engines_agree, "simulate", with_fault)
    for seed in seeds:
        try:
            test_engines_agree.assert_same_story(test_engines_agree.lowered(seed), seed=seed)
        except AssertionError:
            return seed
    return None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_kernel_is_caught(fault, monkeypatch):
    assert caught_at(fault, monkeypatch) is not None


def test_no_fault_is_caught_where_there_is_none(monkeypatch):
    assert caught_at(lambda tables: tables, monkeypatch, range(SOUND)) is None


LINES = {
    "the floor is left out": (
        "hazard.py",
        "rate *= max(person.services_ratio, m.rules[r].floor)",
        "rate *= person.services_ratio",
    ),
    "equal risk goes to the front": (
        "pools.py",
        "and w.spells[node].risk < risk",
        "and w.spells[node].risk <= risk",
    ),
    "budgets are drawn again": (
        "hazard.py",
        "person.left = max(person.left - spend(m, w, i, t), 0.0)\n    person.rate = rate",
        "person.left = person.left\n    person.rate = rate",
    ),
}
"""File of the kernel, line, and what a slip makes of it."""


@pytest.mark.parametrize("slip", LINES)
def test_a_slip_has_one_place_in_the_source(slip):
    file, line, faulty = LINES[slip]
    text = (SOURCE / "engine" / "kernels" / file).read_text(encoding="utf-8")
    assert text.count(line) == 1
    assert line != faulty


@pytest.fixture
def asked_for(request):
    """Skip what takes a minute unless markers are chosen, as by `-m slow`."""
    if not request.config.getoption("markexpr"):
        pytest.skip("compiles the kernel anew; run with -m slow")


@pytest.mark.slow
@pytest.mark.usefixtures("asked_for")
@pytest.mark.parametrize("slip", LINES)
def test_a_slip_in_the_source_of_the_kernel_is_caught(slip, tmp_path):
    file, line, faulty = LINES[slip]
    shutil.copytree(SOURCE, tmp_path / "pathsim", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "pathsim" / "engine" / "kernels" / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(line, faulty), encoding="utf-8")
    places = {
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS)]),
        "NUMBA_CACHE_DIR": str(tmp_path / "cache"),
    }
    python = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--maxfail=5"]
    done = subprocess.run(
        [*python, "test_engines_agree.py"],
        cwd=TESTS,
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"def assert_same_story", done.stdout), done.stdout
    assert " errors" not in done.stdout
    assert list((tmp_path / "cache").iterdir()), "the copy was compiled, not the original"
