"""The generator against published numbers, its draws against their laws, and the quantiles."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, special, stats

from pathsim.engine.contract import DrawIndex, Purpose, purpose
from pathsim.engine.kernels.random import draw, nth, person_state, replication_state, uniform_of
from pathsim.engine.kernels.sampling import normal_quantile, quantity
from pathsim.engine.tables import Distributions
from pathsim.scenario import distributions as kinds
from pathsim.scenario.load import load

DORSET = Path(__file__).parents[1] / "scenarios" / "dorset" / "baseline.toml"
SIGNIFICANCE = 1e-4
"""Of each test of a law; seeds are fixed, so a pass is a pass for ever."""
FORMULA = 1e-9
"""Relative error against a closed form."""
NORMAL = 4e-15
"""Relative error of the normal quantile: some units in the last place of either side."""
INTEGRAL = 1e-7
"""Relative error of a mean found by numerical integration."""
DRAWS = 1 << 16
GENERATED = 40
"""Addresses at which every bit is flipped, times 64."""

# Rosetta Code, task "Pseudo-random numbers/Splitmix64": the first five outputs for one seed,
# and how often floor(5 x output / 2^64) is 0 to 4 in 100,000 outputs for another. The reference
# program is Sebastiano Vigna's splitmix64.c (2015).
FIRST_SEED = 1234567
FIRST_OUTPUTS = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]
COUNTED_SEED = 987654321
FIFTHS = [20027, 19892, 20073, 19978, 20030]


def word(number: int) -> np.uint64:
    return np.uint64(number % (1 << 64))


def words(numbers: object) -> np.ndarray:
    return np.asarray(numbers, np.uint64)


def outputs(state, index) -> np.ndarray:
    """Return `nth` for arrays: the same lines of code, read by numpy."""
    return nth.py_func(np.atleast_1d(words(state)), np.atleast_1d(words(index)))


def at(*, seed=20, replication=3, person=5, what=Purpose.DELAY, occasion=1) -> np.ndarray:
    """Return the 64-bit words at addresses, any coordinate of which may be an array."""
    state = outputs(outputs(outputs(seed, 0), replication), person)
    return outputs(state + words(what), occasion)


def test_the_outputs_for_a_seed_are_those_published():
    assert [int(nth(word(FIRST_SEED), word(i))) for i in range(5)] == FIRST_OUTPUTS
    assert outputs(FIRST_SEED, range(5)).tolist() == FIRST_OUTPUTS


def test_a_hundred_thousand_outputs_fall_into_fifths_as_published():
    fifths = np.floor(outputs(COUNTED_SEED, np.arange(100_000)) / 2.0**64 * 5)
    assert np.bincount(fifths.astype(int)).tolist() == FIFTHS


def test_the_compiled_draw_is_the_word_at_its_address():
    numbers = np.random.default_rng(1).integers(0, 1 << 64, (200, 5), np.uint64, endpoint=False)
    for seed, replication, person, what, occasion in numbers:
        state = person_state(word(replication_state(seed, replication)), person)
        expected = at(
            seed=seed, replication=replication, person=person, what=what, occasion=occasion
        )
        assert draw(word(state), what, occasion) == uniform_of(expected[0])


def test_the_smallest_uniform_number_is_above_0():
    assert 0.0 < uniform_of(word(0)) < 2.0**-52


def test_the_largest_uniform_number_is_below_1():
    assert uniform_of(word(-1)) < 1.0


# --- the battery ---------------------------------------------------------------------------


def unit(raw: np.ndarray) -> np.ndarray:
    return ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def normal_p(z: float) -> float:
    return float(2 * stats.norm.sf(abs(z)))


def chi_square_p(counts: np.ndarray) -> float:
    expected = counts.sum() / counts.size
    statistic = ((counts - expected) ** 2 / expected).sum()
    law = stats.chi2(counts.size - 1)
    return float(2 * min(law.sf(statistic), law.cdf(statistic)))


def correlation_p(u: np.ndarray, v: np.ndarray) -> float:
    """Return the p-value of 12 sum (u - 1/2)(v - 1/2) / sqrt n, which is near normal."""
    return normal_p(12 * float(((u - 0.5) * (v - 0.5)).sum()) / np.sqrt(len(u)))


def battery(raw: np.ndarray) -> dict[str, float]:
    """Return the p-values of a row of words under independence and uniformity."""
    u, n = unit(raw), len(raw)
    pairs = np.histogram2d(u[:-1:2], u[1::2], bins=32, range=[[0, 1], [0, 1]])[0]
    ones = int(np.bitwise_count(raw).astype(np.int64).sum())
    return {
        "mean": normal_p((u.mean() - 1 / 2) * np.sqrt(12 * n)),
        "second moment": normal_p(((u**2).mean() - 1 / 3) / np.sqrt(4 / 45 / n)),
        "third moment": normal_p(((u**3).mean() - 1 / 4) / np.sqrt(9 / 112 / n)),
        "uniform": chi_square_p(np.bincount((u * 256).astype(int), minlength=256)),
        "low bits": chi_square_p(
            np.bincount(((raw >> np.uint64(12)) & np.uint64(255)).astype(int))
        ),
        "largest distance": float(stats.kstest(u, "uniform").pvalue),
        "bits": normal_p((ones - 32 * n) / np.sqrt(16 * n)),
        "pairs": chi_square_p(pairs),
        **{f"lag {lag}": correlation_p(u[:-lag], u[lag:]) for lag in (1, 2, 3, 7, 64)},
    }


COORDINATES = ("seed", "replication", "person", "what", "occasion")
ROWS = {
    **{name: lambda name=name: at(**{name: np.arange(DRAWS)}) for name in COORDINATES},
    "hashed person": lambda: at(person=[purpose(str(i)) for i in range(DRAWS)]),
    "n-th release": lambda: at(occasion=DrawIndex.RELEASE + np.arange(DRAWS)),
    "high bits of the seed": lambda: at(seed=np.arange(DRAWS, dtype=np.uint64) << np.uint64(48)),
}


@pytest.mark.parametrize("row", ROWS)
def test_draws_along_each_coordinate_are_uniform_and_uncorrelated(row):
    p = battery(ROWS[row]())
    assert min(p.values()) > SIGNIFICANCE, p


def test_draws_of_philox_pass_the_same_battery():
    raw = np.random.Philox(key=20).random_raw(DRAWS)
    p = battery(np.asarray(raw, np.uint64))
    assert min(p.values()) > SIGNIFICANCE, p


@pytest.mark.parametrize("multiplier", [0x9E3779B97F4A7C15, 6364136223846793005])
def test_the_battery_refuses_a_counter_that_is_not_mixed(multiplier):
    p = battery(np.arange(DRAWS, dtype=np.uint64) * np.uint64(multiplier))
    assert min(p.values()) < SIGNIFICANCE


def purposes_in_use() -> dict[str, int]:
    """Return the keys of all purposes, and of all parts of the services of Dorset."""
    named = {name: key for name, key in vars(Purpose).items() if name.isupper()}
    parts = ("REFERRAL", "TAKE_UP", "PATIENCE", "DURATION", "DROP_OUT", "DROP_OUT_TIME")
    services = {
        f"{service} {part}": purpose(f"service {service}") ^ named[part]
        for service in load(DORSET).services
        for part in (*parts, "AFTER", "EXIT")
    }
    return named | services


def test_no_two_purposes_share_a_key():
    keys = purposes_in_use()
    assert len(keys) > 100
    assert len(set(keys.values())) == len(keys)


def test_draws_for_different_purposes_are_uncorrelated():
    keys = list(purposes_in_use().values())
    people = np.arange(1 << 13)
    u = np.array([unit(at(person=people, what=key)) for key in keys])
    z = 12 * ((u - 0.5) @ (u - 0.5).T) / np.sqrt(len(people))
    z = z[np.triu_indices(len(keys), 1)]
    neighbours = z[[0, *np.cumsum(np.arange(len(keys) - 1, 1, -1))]]
    assert np.abs(neighbours).max() < special.ndtri(1 - SIGNIFICANCE / 2 / len(neighbours))
    assert np.abs(z).max() < special.ndtri(1 - SIGNIFICANCE / 2 / len(z))
    assert normal_p((z @ z - len(z)) / np.sqrt(2 * len(z))) > SIGNIFICANCE


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(COORDINATES, 2)))
def test_a_step_in_one_coordinate_is_not_a_step_in_another(one, other):
    steps = np.arange(100, 1 << 14)  # clear of the address from which both set out
    along, across = at(**{one: steps}), at(**{other: steps})
    assert correlation_p(unit(along), unit(across)) > SIGNIFICANCE
    assert not np.isin(along, across).any()


@pytest.mark.parametrize("coordinate", COORDINATES)
def test_flipping_one_bit_of_a_coordinate_flips_half_of_the_output(coordinate):
    rng = np.random.default_rng(7)
    n = GENERATED * 64
    address = {name: rng.integers(0, 1 << 64, n, np.uint64) for name in COORDINATES}
    before = at(**address)
    flipped = np.zeros((64, 64))
    places = np.arange(64, dtype=np.uint64)
    for bit in places:
        changed = address | {coordinate: address[coordinate] ^ (np.uint64(1) << bit)}
        difference = before ^ at(**changed)
        flipped[int(bit)] = ((difference[:, None] >> places) & np.uint64(1)).sum(axis=0)
    z = (flipped - n / 2) / np.sqrt(n / 4)
    assert np.abs(z).max() < special.ndtri(1 - SIGNIFICANCE / 2 / z.size)
    assert normal_p((flipped.sum() - n * 2048) / np.sqrt(n * 1024)) > SIGNIFICANCE


# --- quantiles -----------------------------------------------------------------------------

SAID = {"source": "a textbook", "grade": "definition"}
P = np.concatenate([np.geomspace(1e-16, 1e-3, 40), np.linspace(0.001, 0.999, 400)])
P = np.concatenate([P, 1 - np.geomspace(1e-12, 1e-3, 40)[::-1]])
KNOTS = ([0.0, 0.3, 0.3001, 0.8, 1.0], [1.0, 4.0, 4.0, 30.0, 90.0])

CASES = {
    "constant": (kinds.Constant(value=12.5, **SAID), lambda u: np.full_like(u, 12.5)),
    "never": (kinds.Never(**SAID), lambda u: np.full_like(u, np.inf)),
    "exponential": (kinds.Exponential(mean=30, **SAID), lambda u: stats.expon.isf(u, scale=30)),
    "uniform": (kinds.Uniform(low=3, high=10, **SAID), lambda u: stats.uniform.ppf(u, 3, 7)),
    "triangular": (
        kinds.Triangular(low=2, mode=5, high=14, **SAID),
        lambda u: stats.triang.ppf(u, 0.25, 2, 12),
    ),
    "triangular, mode low": (
        kinds.Triangular(low=2, mode=2, high=14, **SAID),
        lambda u: stats.triang.ppf(u, 0, 2, 12),
    ),
    "triangular, mode high": (
        kinds.Triangular(low=2, mode=14, high=14, **SAID),
        lambda u: stats.triang.ppf(u, 1, 2, 12),
    ),
    "lognormal": (
        kinds.Lognormal(median=20, sigma=0.7, **SAID),
        lambda u: stats.lognorm.ppf(u, 0.7, scale=20),
    ),
    "weibull, falling": (
        kinds.Weibull(scale=50, shape=0.6, **SAID),
        lambda u: stats.weibull_min.isf(u, 0.6, scale=50),
    ),
    "weibull, rising": (
        kinds.Weibull(scale=50, shape=2.5, **SAID),
        lambda u: stats.weibull_min.isf(u, 2.5, scale=50),
    ),
    "empirical": (
        kinds.Empirical(probabilities=tuple(KNOTS[0]), quantiles=tuple(KNOTS[1]), **SAID),
        lambda u: np.interp(u, *KNOTS),
    ),
}


def quantile_function(distribution):
    """Return the function of one uniform number by which the engines draw a distribution."""
    known = Distributions()
    known.add(kinds.Uniform(low=0, high=1, **SAID))  # so that its number is not 0
    number = known.add(distribution)
    records, knots = known.arrays()
    return lambda u: quantity(records, knots, number, float(u))


@pytest.mark.parametrize("case", CASES)
def test_quantities_are_the_quantiles_of_their_law(case):
    distribution, law = CASES[case]
    values = np.array([quantile_function(distribution)(u) for u in P])
    assert values == pytest.approx(law(P), rel=FORMULA)


@pytest.mark.parametrize("case", CASES)
def test_quantities_are_monotone_in_their_uniform_number(case):
    distribution, _ = CASES[case]
    values = [quantile_function(distribution)(u) for u in P]
    falls = distribution.kind in ("exponential", "weibull")
    assert values == sorted(values, reverse=falls)
    assert min(values) >= 0


def test_the_normal_quantile_is_accurate_to_the_last_places():
    ours = np.array([normal_quantile(u) for u in P])
    assert ours == pytest.approx(special.ndtri(P), rel=NORMAL, abs=1e-17)
    assert normal_quantile(0.5) == 0.0


def mean_by_integration(distribution) -> float:
    """Integrate the quantile function over v in (0, 1), with u = v^4 to tame the ends."""
    quantile = quantile_function(distribution)
    cuts = [0.0, 1.0]
    if distribution.kind == "empirical":
        cuts = list(distribution.probabilities)
    elif distribution.kind == "triangular":
        spread = distribution.high - distribution.low
        cuts = sorted({0.0, (distribution.mode - distribution.low) / spread, 1.0})
    total = 0.0
    for low, high in itertools.pairwise(cuts):
        # u = low + (high - low) w(v), flat at both ends: the tails become smooth.
        def integrand(v, low=low, high=high):
            w = v**5 * (126 + v * (-420 + v * (540 + v * (-315 + v * 70))))
            u = min(max(low + (high - low) * w, 1e-300), 1 - 2.0**-53)
            return quantile(u) * (high - low) * 630 * (v * (1 - v)) ** 4

        total += integrate.quad(integrand, 0, 1, epsrel=INTEGRAL / 10, limit=200)[0]
    return total


def all_distributions(part) -> list:
    """Return every distribution in a scenario."""
    if hasattr(part, "expected"):
        return [part]
    values = part.values() if isinstance(part, dict) else getattr(part, "__dict__", {}).values()
    return [found for value in values for found in all_distributions(value)]


def different(found) -> list:
    seen = {}
    for one in found:
        seen.setdefault(tuple(one.model_dump(exclude={"source", "grade", "note"}).items()), one)
    return [one for one in seen.values() if one.kind != "never"]


@pytest.mark.parametrize("case", [case for case in CASES if case != "never"])
def test_the_expected_value_is_the_mean_of_the_quantiles(case):
    distribution, _ = CASES[case]
    assert distribution.expected() == pytest.approx(mean_by_integration(distribution), rel=INTEGRAL)


def test_the_expected_values_of_the_dorset_scenario_are_means_too():
    found = different(all_distributions(load(DORSET)))
    assert len(found) > 5
    for one in found:
        assert one.expected() == pytest.approx(mean_by_integration(one), rel=INTEGRAL), one


def test_what_never_happens_is_expected_never():
    assert CASES["never"][0].expected() == np.inf
