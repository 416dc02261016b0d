"""The reference engine: the model of docs/model.md in plain Python on SimPy, to read and check by.

It takes the same arrays and the same addressed random numbers as the compiled
kernel and nothing else of it: one calendar of all events, an object for each
person, and for each part of their life (legal status, home, hazard, offences,
services) one more. Read `run.py` first, then `person.py`.
"""

from .run import simulate

__all__ = ["simulate"]
