"""A resolved scenario as a TOML text in which nothing is implied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli_w

if TYPE_CHECKING:
    from .model import Scenario


def dump(scenario: Scenario) -> str:
    """Return the scenario as TOML; `load` of that text gives an equal scenario."""
    return tomli_w.dumps(scenario.model_dump(exclude_none=True), multiline_strings=False)
