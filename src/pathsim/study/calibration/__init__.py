"""Calibration by likelihood: a posterior sample of the free parameters, not one best fit.

`fit.calibrate` makes the sample, `draws` gives a scenario for each of its rows, and
`backcast.backcast` compares what the model then says with what was published.
"""

from __future__ import annotations

from .posterior import Posterior, draws, read_posterior
from .targets import Parameter, Target, Targets, read_targets

__all__ = ["Parameter", "Posterior", "Target", "Targets", "draws", "read_posterior", "read_targets"]
