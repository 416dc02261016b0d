"""What differences hang on as plain data, under a version of its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathsim.outcomes.retold import told_source

from .shapes.sensitivity import SensitivityShape
from .shapes.shape import as_shaped, interval, number

if TYPE_CHECKING:
    import pandas as pd

    from .sensitive import Between, OptionSensitivity, Sensitivity
    from .sensitivity.failure import Failure


def sensitivity_data(found: Sensitivity) -> dict[str, Any]:
    """Return what differences hang on as plain data for JSON."""
    data = {
        "schema": "pathsim.sensitivity/1",
        "run": dict(found.comparison.provenance),
        "outcome": found.outcome,
        "appraisal_years": found.years,
        "options": [_option(each) for each in found.options],
        "between": [_between(each) for each in found.between],
    }
    return as_shaped(SensitivityShape, data)


def _option(each: OptionSensitivity) -> dict[str, Any]:
    moved = each.moved
    return {
        "title": each.title,
        "file": told_source(each.option.request.file),
        "difference": interval(each.difference),
        "tornado": _rows(moved.tornado),
        "variance": _rows(moved.shares, name="of"),
        "morris": _rows(moved.morris),
        "morris_of": moved.morris_of,
        "morris_chance": moved.morris_chance,
        "emulator": {
            "r2": number(moved.quality.r2),
            "r2_of_doubt": number(moved.quality.r2_doubt),
            "share_of_chance": number(moved.quality.chance),
            "good_enough": moved.quality.enough,
        },
        "sobol": None if moved.sobol is None else _rows(moved.sobol),
        "sobol_said": moved.sobol_said,
        "failure": None if moved.failure is None else _failure(moved.failure),
    }


def _rows(table: pd.DataFrame, *, name: str = "parameter") -> list[dict[str, Any]]:
    return [_row(name, dict(row)) for row in table.to_dict(orient="records")]


def _row(name: str, row: dict[Any, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {name: row.pop("input")}
    for key, part in row.items():
        plain[key] = bool(part) if key == "turns" else number(part)
    return plain


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "sentence": failure.sentence,
        "fails": failure.fails,
        "fails_inside": number(failure.fails_inside),
        "holds": number(failure.holds),
        "limits": [
            {
                "parameter": limit.input,
                "side": "below" if limit.below else "above",
                "value": limit.value,
            }
            for limit in failure.limits
        ],
    }


def _between(each: Between) -> dict[str, Any]:
    return {
        "better": each.better,
        "other": each.other,
        "difference": interval(each.difference),
        "sentence": each.sentence(),
        "turns": [
            {
                "parameter": turn.input.label,
                "value": number(turn.value),
                "low": turn.input.low,
                "high": turn.input.high,
                "fails": "above" if turn.fails_above else "below",
                "inside_interval": turn.inside,
            }
            for turn in each.turns
        ],
    }
