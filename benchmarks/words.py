"""What engines, models and numbers are called on the page and in the picture."""

from __future__ import annotations

from typing import Final

import numpy as np

ENGINES: Final = {
    "c": "C",
    "pathsim": "pathsim",
    "kernel": "kernel",
    "numpy": "NumPy rounds",
    "heapq": "heapq",
    "simpy": "SimPy",
    "simpy-first": "SimPy, an end for all",
}
MODELS: Final = {
    "m1": "M1",
    "m2": "M2",
    "m2u": "M2U",
    "m2x20": "M2, 18 more services",
    "dorset": "Dorset",
}


def of_model(model: str) -> str:
    """Return what a model is called; those without a name of their own are called as they are."""
    return MODELS.get(model, model)


def number(value: float) -> str:
    """Return a number with three digits, or a dash for what could not be measured."""
    if not np.isfinite(value):
        return "-"
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:#.3g}"
