"""The JSON Schemas of what commands give with `--json`, and of the manifest that they write."""

from __future__ import annotations

from typing import Any, Final

from .decision import DecisionShape
from .doctor import DoctorShape
from .explanation import ExplanationShape
from .manifest import ManifestShape
from .portfolio import PortfolioShape
from .results import ComparisonShape, RunShape
from .sensitivity import SensitivityShape
from .shape import Shape
from .shares import SharesShape
from .store import StoreListShape, StoreVerifyShape
from .sweep import SweepShape
from .validation import ValidationShape
from .value import ValueShape

SHAPES: Final[dict[str, type[Shape]]] = {
    "cohort-validate": ValidationShape,
    "compare": ComparisonShape,
    "decide": DecisionShape,
    "doctor": DoctorShape,
    "store-list": StoreListShape,
    "store-verify": StoreVerifyShape,
    "explain": ExplanationShape,
    "manifest": ManifestShape,
    "portfolio": PortfolioShape,
    "run": RunShape,
    "sensitivity": SensitivityShape,
    "sweep": SweepShape,
    "shapley": SharesShape,
    "value": ValueShape,
}
"""By the command that gives it; a manifest is the file beside what a command writes."""


def output_schema(command: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what a command gives with `--json`.

    command: one of `SHAPES`. The version stands under `schema` in the output, and in `$id`.
    """
    shape = SHAPES[command]
    found = shape.model_json_schema(by_alias=True)
    version = found["properties"]["schema"]["const"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{version.replace('.', ':').replace('/', ':')}",
        **found,
    }
