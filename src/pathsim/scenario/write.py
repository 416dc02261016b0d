"""A resolved scenario as a TOML text in which nothing is implied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli_w

from pathsim.text import in_toml

if TYPE_CHECKING:
    from .model import Scenario


def dump(scenario: Scenario) -> str:
    """Return the scenario as TOML; `load` of that text gives an equal scenario."""
    raw = scenario.model_dump(exclude_none=True)
    return in_toml(tomli_w.dumps(raw, multiline_strings=False))
