"""The compiled engine: numbers only."""

from pathsim.address_space import require

require(700, "the engine")  # before numba is loaded, which fails with less in ways of its own
