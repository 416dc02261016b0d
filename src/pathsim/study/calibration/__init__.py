"""Calibration by likelihood: a posterior sample of the free parameters, not one best fit.

`fit.calibrate` makes the sample, `draws` gives a scenario for each of its rows, and
`backcast.backcast` compares what the model then says with what was published.
"""

from __future__ import annotations

from .aims import Aims, Parameter, Target, read_aims
from .posterior import Posterior, draws, read_posterior

__all__ = ["Aims", "Parameter", "Posterior", "Target", "draws", "read_aims", "read_posterior"]
