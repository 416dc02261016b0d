"""Searching mixes under a budget: design, emulator, HiGHS, and the last few told apart."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathsim.decision.portfolio.design import design
from pathsim.decision.portfolio.emulator import Emulator, fit
from pathsim.decision.portfolio.explore import FEW, Effort, search_mixes
from pathsim.decision.portfolio.search import best_mixes, greedy, prove
from pathsim.decision.portfolio.select import h_squared, select
from pathsim.decision.portfolio.space import Space

LEVERS, LEVELS = 6, 3
EXACT = 1e-9
CASES = 200
SURE = 0.9
ERRORS = 3.0


class Toy:
    """What 729 mixes are worth: levels that fall off, pairs that share, doubt and luck."""

    def __init__(self, case: int) -> None:
        rng = np.random.default_rng(case)
        self.case = case
        self.main = np.cumsum(rng.uniform(1.0, 6.0, (LEVERS, LEVELS - 1)) * [1.0, 0.6], axis=1)
        self.pairs = {pair: rng.normal(0.0, 1.0) for pair in combinations(range(LEVERS), 2)}
        price = rng.uniform(5.0, 15.0, LEVERS)
        spends = tuple((0.0, each, 2.0 * each) for each in price.tolist())
        self.space = Space(spends, 60.0)
        self.asked: list[int] = []

    def truth(self, mix):
        alone = sum(self.main[lever, k - 1] for lever, k in enumerate(mix) if k)
        shared = sum(worth * np.sqrt(mix[a] * mix[b]) for (a, b), worth in self.pairs.items())
        return alone + shared - 0.005 * (alone + shared) ** 2

    def __call__(self, mixes, draws, fresh):
        self.asked.append(len(mixes))
        rng = np.random.default_rng([self.case, int(fresh)])
        # Draw k is the same whatever the number of draws.
        noise = rng.normal(size=(2048, 3, LEVERS))[:draws]
        counts = np.array(mixes)
        doubt, luck = 0.2 * noise[:, 0] @ counts.T, 0.3 * noise[:, 1:] @ counts.T
        return np.array([self.truth(mix) for mix in mixes]) + doubt[:, None] + luck


@pytest.mark.parametrize("case", range(6))
def test_the_search_finds_what_enumeration_finds(case):
    toy = Toy(case)
    covered = [mix for mix in product(range(LEVELS), repeat=LEVERS) if toy.space.spend(mix) <= 60.0]
    truth = np.array([toy.truth(mix) for mix in covered])
    best, second = np.sort(truth)[::-1][:2]
    found = search_mixes(
        toy, toy.space, effort=Effort(64, 1024, 0.9 * (best - second), 0.95, seed=1)
    )
    assert not found.everything
    assert found.pick == covered[int(np.argmax(truth))]
    assert found.proved
    assert found.emulator.explained > 0.9
    assert toy.space.allows(found.pick)
    assert len(found.seen) < len(covered) / 1.5


def test_few_mixes_are_all_simulated_once():
    toy = Toy(1)
    few = toy.space.within(12.0)
    covered = few.allowed(most=FEW)
    found = search_mixes(toy, few, effort=Effort(64, 1024, 0.01, 0.95, seed=1))
    assert found.everything
    assert set(found.seen) == set(covered)
    assert found.pick == max(covered, key=toy.truth)


def test_a_budget_that_covers_nothing_leaves_the_baseline():
    toy = Toy(1)
    found = search_mixes(toy, toy.space.within(0.0), effort=Effort(64, 64, 0.01, 0.95, seed=1))
    assert found.pick == toy.space.baseline
    assert toy.asked == []


prices = st.lists(
    st.lists(st.integers(-5, 9), min_size=1, max_size=3).map(lambda each: (0.0, *map(float, each))),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(prices, st.integers(0, 20))
def test_what_a_budget_covers_is_what_enumeration_says(spends, budget):
    space = Space(tuple(spends), float(budget))
    everything = product(*(range(levels) for levels in space.sizes))
    covered = [mix for mix in everything if space.spend(mix) <= budget]
    assert space.allowed(most=10_000) == covered
    assert space.allowed(most=len(covered) - 1) is None
    assert set(design(space, size=20, seed=3)) <= set(covered)


def some_emulator(seed, sizes):
    rng = np.random.default_rng(seed)
    main = [(lever, k) for lever, levels in enumerate(sizes) for k in range(1, levels)]
    pairs = [(a, b) for a, b in combinations(main, 2) if a[0] != b[0]]
    return Emulator(
        main=dict(zip(main, rng.normal(2.0, 2.0, len(main)).tolist(), strict=True)),
        pairs=dict(zip(pairs, rng.normal(0.0, 2.0, len(pairs)).tolist(), strict=True)),
        explained=1.0,
    )


@pytest.mark.parametrize("seed", range(12))
def test_highs_and_enumeration_agree_on_the_emulator(seed):
    rng = np.random.default_rng(seed)
    sizes = (3, 2, 4, 3, 3)
    spends = tuple((0.0, *rng.uniform(1.0, 10.0, levels - 1).tolist()) for levels in sizes)
    space = Space(spends, 18.0)
    emulator = some_emulator(seed, sizes)
    covered = space.allowed(most=10_000)
    best = emulator.worth(covered).max()
    proved = prove(emulator, space)
    assert space.allows(proved.mix)
    assert proved.worth == pytest.approx(best, rel=EXACT)
    assert emulator.worth(best_mixes(emulator, space, most=1))[0] == pytest.approx(best, rel=EXACT)
    steps = list(greedy(emulator, space))
    assert all(space.allows(mix) for mix in steps)
    assert emulator.worth(steps).max() >= 0.9 * best


def test_an_emulator_gives_back_main_effects_and_pairs():
    sizes = (3, 3, 2)
    truth = some_emulator(4, sizes)
    mixes = [mix for mix in product(*map(range, sizes)) if any(mix)]
    found = fit(mixes, truth.worth(mixes), sizes=sizes)
    assert found.worth(mixes) == pytest.approx(truth.worth(mixes), abs=1e-4)
    assert found.explained > 0.99


def test_the_constant_of_the_procedure_is_that_of_the_paper():
    # (2 x 0.05 / 9)^(-2/9) = 2.7169..., less 1, times 9.
    assert h_squared(10, first=10, sure=0.95) == pytest.approx(
        9.0 * ((0.1 / 9.0) ** (-2.0 / 9.0) - 1.0), rel=EXACT
    )
    assert h_squared(2, first=20, sure=0.9) == pytest.approx(
        19.0 * (0.2 ** (-2.0 / 19.0) - 1.0), rel=EXACT
    )


def made_case(case, *, slip, delta):
    """Return the worth of some mixes and draws of them, correlated, of unlike spread."""
    rng = np.random.default_rng([5, case])
    count = 2 if case % 2 else int(rng.integers(2, 8))
    worth = np.zeros(count) if slip else rng.normal(0.0, delta, count)
    if slip:
        worth[int(rng.integers(count))] = delta
    spread = rng.uniform(0.5, 4.0, count) * delta
    shared = rng.normal(0.0, 5.0 * delta, (20_000, 1))
    return worth, worth + shared + spread * rng.normal(size=(20_000, count))


@pytest.mark.parametrize("slip", [True, False])
def test_the_stated_chance_is_kept(slip):
    delta, right, draws = 1.0, 0, []
    for case in range(CASES):
        worth, made = made_case(case, slip=slip, delta=delta)
        found = select(
            lambda which, so_many, made=made: made[:so_many, list(which)],
            count=len(worth),
            delta=delta,
            sure=SURE,
            first=10,
            most=20_000,
        )
        assert found.ended
        right += worth[found.best] >= worth.max() - delta + (EXACT if slip else 0.0)
        draws.append(found.draws)
    error = np.sqrt(SURE * (1.0 - SURE) / CASES)
    assert right / CASES >= SURE - ERRORS * error
    # It stops as soon as it can: most cases need few draws.
    assert np.median(draws) < 200


def test_what_all_mixes_share_in_a_draw_changes_nothing():
    rng = np.random.default_rng(8)
    made = rng.normal([0.0, 0.5, 1.0], 2.0, (2_000, 3))
    shared = np.round(rng.normal(0.0, 50.0, (2_000, 1)))
    with_it, without = (
        select(
            lambda which, so_many, each=each: each[:so_many, list(which)],
            count=3,
            delta=0.5,
            sure=0.9,
            first=10,
            most=2_000,
        )
        for each in (made + shared, made)
    )
    assert with_it == without
    assert without.ended


def test_draws_that_end_too_early_are_said():
    rng = np.random.default_rng(2)
    made = rng.normal(size=(40, 3))
    found = select(
        lambda which, so_many: made[:so_many, list(which)],
        count=3,
        delta=1e-3,
        sure=0.95,
        first=20,
        most=40,
    )
    assert not found.ended
    assert found.draws == 40
    assert found.best == int(np.argmax(made.mean(axis=0)))


def test_mixes_that_are_equal_to_the_bit_are_not_drawn_for_ever():
    row = np.random.default_rng(3).normal(size=(20, 1))
    made = np.concatenate([row, row, row - 5.0], axis=1)
    found = select(
        lambda which, so_many: made[:so_many, list(which)],
        count=3,
        delta=1.0,
        sure=0.95,
        first=20,
        most=20_000,
    )
    assert found.ended
    assert found.best == 0
    assert found.draws == 20
