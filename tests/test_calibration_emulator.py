"""The emulator: its errors, how they go together, its slopes and squares: by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from pathsim.errors import InputError
from pathsim.study.calibration import emulator
from pathsim.study.calibration.emulator import fit_emulator
from pathsim.study.calibration.store import Run
from small_target import target

EXACT = 1e-12
RATIO = target(measure="reoffences_per_reoffender", published=2.0)


def flat(_: Any, values: Any) -> Any:
    """Stands for a surface: the mean of what it was fitted to, everywhere."""
    return lambda points: np.tile(values.mean(axis=0), (len(points), 1))


def log_runs(levels: list[float], spread: float) -> list[Run]:
    """Return runs of two replications a spread below and above a level, on the log scale."""
    return [
        Run(np.array([k, k % 3, (k * k) % 5], float), np.exp([[x - spread], [x + spread]]))
        for k, x in enumerate(levels)
    ]


@pytest.mark.parametrize(("spread", "by_noise"), [(0.1, False), (3.0, True)])
def test_the_error_is_that_of_runs_held_back_less_their_noise(monkeypatch, spread, by_noise):
    monkeypatch.setattr(emulator, "_fitted", flat)
    levels = [3.0, 1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 2.0, 1.0, 2.0, 4.0]
    found = fit_emulator(log_runs(levels, spread), (RATIO,))
    others = [np.mean([x for k, x in enumerate(levels) if k % 5 != part]) for part in range(5)]
    off = np.mean([(others[k % 5] - x) ** 2 for k, x in enumerate(levels)])
    noise = 2 * spread**2 / 2  # the variance of two, over two
    least = noise * (1 + 2 * 3) / 11
    assert bool(off - noise < least) is by_noise
    assert found.held_out == pytest.approx([math.sqrt(off)], rel=1e-9)
    assert found.error == pytest.approx([math.sqrt(least if by_noise else off - noise)], rel=1e-9)
    assert found(np.zeros((2, 3)))[:, 0] == pytest.approx([np.mean(levels)] * 2, rel=1e-9)
    assert found.targets == (RATIO,)


def test_each_target_has_its_own_figures():
    runs = [
        Run(r.point, np.hstack([r.figures, 2 * r.figures])) for r in log_runs([1.0, 2] * 8, 0.1)
    ]
    twice = target(id="y", measure="reoffences_per_reoffender", published=2.0)
    found = fit_emulator(runs, (RATIO, twice))
    one, other = found(np.array([[3.0, 0.0, 4.0]]))[0]
    assert other - one == pytest.approx(math.log(2.0), rel=1e-6)
    assert found.error[0] == pytest.approx(found.error[1], rel=1e-6)


def test_errors_of_the_same_figure_told_twice_go_together(monkeypatch):
    monkeypatch.setattr(emulator, "_fitted", flat)
    levels = np.random.default_rng(4).normal(size=400).tolist()
    same = log_runs(levels, 0.1)
    other = log_runs(levels[::-1], 0.1)
    runs = [
        Run(r.point, np.hstack([r.figures, r.figures, o.figures]))
        for r, o in zip(same, other, strict=True)
    ]
    told = tuple(RATIO.model_copy(update={"id": name}) for name in "abc")
    found = fit_emulator(runs, told)
    assert np.diag(found.correlation) == pytest.approx([1.0] * 3, rel=EXACT)
    assert found.correlation[0, 1] > 0.8
    assert abs(found.correlation[0, 2]) < 0.3
    assert found.covariance[0, 1] == pytest.approx(
        found.correlation[0, 1] * found.error[0] * found.error[1], rel=EXACT
    )


def test_a_figure_that_no_run_moves_has_no_error_and_goes_with_none(monkeypatch):
    monkeypatch.setattr(emulator, "_fitted", flat)
    runs = [
        Run(run.point, np.hstack([run.figures, np.full_like(run.figures, 2.0)]))
        for run in log_runs([1.0, 2.0] * 8, 0.1)
    ]
    found = fit_emulator(runs, (RATIO, RATIO.model_copy(update={"id": "y"})))
    assert found.correlation == pytest.approx(np.eye(2))
    assert found.error[1] == 0.0


def test_earlier_runs_shape_the_surface_and_nothing_is_judged_by_them(monkeypatch):
    monkeypatch.setattr(emulator, "_fitted", flat)
    late, early = log_runs([1.0, 2.0] * 5, 0.1), log_runs([5.0] * 7, 0.1)
    found = fit_emulator(late, (RATIO,), earlier=early)
    assert found(np.zeros((1, 3)))[0, 0] == pytest.approx((15.0 + 35.0) / 17, rel=1e-9)
    shaped = (12.0 + 35.0) / 15  # but for two runs, of 1 and of 2, in each part
    off = ((shaped - 1.0) ** 2 + (shaped - 2.0) ** 2) / 2
    assert found.held_out == pytest.approx([math.sqrt(off)], rel=1e-9)


def test_where_a_run_has_no_figure_nothing_is_fitted():
    runs = log_runs([1.0, 2.0] * 8, 0.1)
    runs[3].figures[0, 0] = np.nan
    with pytest.raises(
        InputError, match=r"^targets\.x: has no figure in some runs: too few people"
    ):
        fit_emulator(runs, (RATIO,))


def test_a_surface_has_slopes_and_squares_with_penalties_over_eight_decades():
    assert pytest.approx([10 ** (k / 2) for k in range(-8, 9)]) == emulator._PENALTIES
    found = emulator._features(np.array([[3.0, 5.0]]), np.array([1.0, 4.0]), np.array([2.0, 0.5]))
    assert found.tolist() == [[10.0, 20.0, 1.0, 4.0]]


def test_a_surface_finds_slopes_and_squares_and_no_product():
    drawn = np.random.default_rng(1).normal(size=(400, 3))
    one = 1.0 + drawn @ [1.0, -2.0, 0.5] + drawn[:, 1] ** 2
    surface = emulator._fitted(drawn, one[:, None])
    assert surface(drawn)[:, 0] == pytest.approx(one, abs=1e-2)
    bent = one + 0.3 * drawn[:, 0] * drawn[:, 2]
    assert np.abs(emulator._fitted(drawn, bent[:, None])(drawn)[:, 0] - bent).max() > 0.3


def test_slopes_are_kept_where_noise_leaves_no_square():
    drawn = np.random.default_rng(2).normal(size=(60, 20))
    noisy = 0.5 * drawn[:, 0] + 0.2 * np.random.default_rng(3).normal(size=60)
    surface = emulator._fitted(drawn, noisy[:, None])
    one = np.zeros((2, 20))
    one[1, 0] = 1.0
    rise = np.diff(surface(one)[:, 0])[0]
    assert rise == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(("figures", "noise"), [([[1.0]], 0.0), ([[1.0, 3.0], [2.0, 8.0]], 5.0)])
def test_the_noise_of_a_mean_is_known_of_two_replications_or_more(figures, noise):
    assert emulator._noise([np.array(each) for each in figures]) == noise


def test_among_the_runs_is_up_to_the_farthest():
    runs = log_runs([1.0, 2.0] * 8, 0.1)
    found = fit_emulator(runs, (RATIO,))
    points = np.array([run.point for run in runs])
    assert found.covers(points).all()
    middle = points.mean(axis=0)
    farthest = points[np.argmin(found.region.log_density(points))]
    assert not found.covers((middle + 1.001 * (farthest - middle))[None])[0]
    assert found.region.mean == pytest.approx(middle)
