"""Other kernels of BLAS, and NumPy and the C library without dispatch, change no bit of a result.

What takes minutes more, other targets of numba and other Pythons, is `benchmarks/same_bits.py`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from benchmarks.same_bits import BLAS, Condition, Found, ask, chosen_by_numpy, libraries

PLAIN = Condition("as it is", {})
ALL = {condition.name: condition for condition in libraries()}
FEWEST_KERNELS = 4
"""Different kernels that the names of `BLAS` must reach here, or the test says too little."""


@pytest.fixture(scope="module")
def found() -> dict[str, Found]:
    conditions = [PLAIN, *ALL.values()]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip([each.name for each in conditions], pool.map(ask, conditions), strict=True))


@pytest.mark.parametrize("name", ALL)
def test_people_and_outcomes_are_the_same_bit_for_bit(found, name):
    assert found[name].hashes == found[PLAIN.name].hashes


def test_the_conditions_take_effect(found):
    kernels = {tuple(found[f"OpenBLAS for {name}"].machine["blas"]) for name in BLAS}
    assert len(kernels) >= min(FEWEST_KERNELS, 3 + ("X86_V4" in chosen_by_numpy()))
    assert chosen_by_numpy()
    assert found["NumPy without dispatch"].machine["numpy_features"] == []
