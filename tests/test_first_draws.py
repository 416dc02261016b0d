"""The pass that draws for everybody gives each person the bits of their own draws."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pathsim.engine.contract import Purpose
from pathsim.engine.generations import word_of
from pathsim.engine.kernels.initial_draws import make_initial_draws
from pathsim.engine.kernels.jit import kernel
from pathsim.engine.kernels.model import Model
from pathsim.engine.kernels.random import draw, person_state, replication_state
from pathsim.engine.kernels.sampling import exponential, lognormal
from pathsim.engine.kernels.views import constant_struct_pointer, struct_pointer
from pathsim.engine.kernels.workspace import Sizes, Workspace, allocate
from pathsim.engine.lowering import lower
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load

M2 = Path(__file__).parents[1] / "benchmarks" / "scenarios" / "m2.toml"
PLACE_GIVEN = 12.5
STATE = np.uint64(replication_state(np.uint64(3), np.uint64(8)))
ZERO, ONE, TWO = np.uint64(0), np.uint64(1), np.uint64(2)


@kernel
def draw_all(model: Model, work: Workspace, state: np.uint64) -> None:
    make_initial_draws(constant_struct_pointer(model), struct_pointer(work), state)


def drawn() -> tuple[Model, Workspace]:
    """Return M2 in three generations with one start in three given, and its draws."""
    plain = load(M2)
    more = {"follow_up.generations_before": 1, "follow_up.generations_after": 1}
    scenario = plain.change("M2 in three generations", more)
    model = lower(scenario, Cohort.from_scenario(scenario)).model
    n = len(model.keys)
    start_day = model.start_day.copy()
    start_day[::3] = PLACE_GIVEN
    model = model._replace(start_day=start_day)
    sizes = Sizes(slots=1, spells=1, cases=1, log=0)
    work = allocate(
        3 * n, generations=3, groups=1, cells=0, services=1, pools=1, midnights=1, sizes=sizes
    )
    draw_all(model, work, STATE)
    return model, work


def uniform(key: np.uint64, purpose: int, occasion: np.uint64) -> float:
    return draw(np.uint64(person_state(STATE, key)), np.uint64(purpose), occasion)


def members(model: Model, *, every: int = 1) -> list[tuple[int, int, np.uint64, float]]:
    """Return (number, record, key, windows later) of people in all three generations."""
    n = len(model.keys)
    return [
        (g * n + p, p, model.keys[p] ^ np.uint64(word_of(generation)), float(generation))
        for g, generation in enumerate((0, -1, 1))
        for p in range(0, n, every)
    ]


def test_a_start_is_the_given_or_the_drawn_one_whole_windows_away_in_other_generations():
    model, work = drawn()
    intake = float(model.rules["intake"][0])
    for number, p, key, windows in members(model, every=7):
        start = uniform(key, Purpose.START, ZERO) * intake if p % 3 else PLACE_GIVEN
        assert work.starts[number] == start + windows * intake


def test_a_frailty_and_two_budgets_are_those_at_the_persons_addresses():
    model, work = drawn()
    sigma = float(model.rules["frailty_sigma"][0])
    for p, _, key, _ in members(model):
        assert work.frailty[p] == lognormal(sigma, uniform(key, Purpose.FRAILTY, ZERO))
        assert work.draws[p] == person_state(STATE, key)
        assert work.budgets[p] == exponential(uniform(key, Purpose.BUDGET, ONE))
        assert work.second_budgets[p] == exponential(uniform(key, Purpose.BUDGET, TWO))


def test_the_middle_and_both_tails_of_the_frailty_are_among_them():
    model, work = drawn()
    z = np.log(work.frailty) / float(model.rules["frailty_sigma"][0])
    assert z.min() < -3.0
    assert z.max() > 3.0
    assert (np.abs(z) < 1.0).any()
