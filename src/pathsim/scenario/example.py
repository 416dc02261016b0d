"""A made-up town to try things on, small enough that everything takes a moment."""

from __future__ import annotations

from pathlib import Path

from .load import load
from .model import Scenario

_FILE = Path(__file__).parents[1] / "data" / "example.toml"


def example() -> Scenario:
    """Return a made-up town: 300 people and one service, a mentor with 12 places.

    It says nothing of any place. Every study of it takes a moment.

    Returns
    -------
    Scenario
        A baseline, as `load` returns one.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> town
    <Scenario 'Small town': 300 people, 1 service>
    >>> town.services["mentor"].capacity.value
    12.0
    """
    return load(_FILE)
