"""Scenarios: a file becomes a frozen, resolved, sourced Scenario, and back."""

from .changes import differences
from .load import load
from .model import Scenario
from .schema import json_schema
from .write import dump

__all__ = ["Scenario", "differences", "dump", "json_schema", "load"]
