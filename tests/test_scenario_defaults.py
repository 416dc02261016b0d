"""What a file means that leaves a key out, of every table; quantities are in `test_limits.py`.

Nothing is the default of most keys: 0, no text, no entry, no limit. All others are listed here.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Quantity

NOT_USED = "mechanism not used"
LISTED = {
    "Scenario.schema_version": 1,
    "SampledCohort.seed": 20211,
    "Row.age": 30,
    "Row.sex": "male",
    "Row.ethnicity": "white",
    "Row.offence_group": "theft",
    "Row.disposal": "community_order",
    "FollowUp.clocks": "person",
    "FollowUp.index": "release",
    "FollowUp.generations_before": 1,
    "TimeProfile.from_days": (0.0,),
    "TimeProfile.ratios": (1.0,),
    "TimeProfile.source": NOT_USED,
    "Study.follow_up_days": 365.0,
    "Study.reoffending": "all",
    "Presumption.age_groups": ("adult", "youth"),
    "Custody.capacity": "unlimited",
    "AccommodationMix.settled": 1.0,
    "AccommodationMix.source": NOT_USED,
    "Pool.order": "first_come",
    "Pool.max_queue": "unlimited",
    "Service.pathway": "system",
    "Service.capacity": "unlimited",
    "Service.order": "first_come",
    "Service.max_queue": "unlimited",
    "Service.ends_on": ("custody",),
    "Service.acts_on": "all",
    "Service.payer": "other",
}
"""By table and key, what is not nothing when it is left out."""


def _tables(kind: Any, found: dict[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Return every table that is reached from a type, by name."""
    for part in get_args(kind):
        _tables(part, found)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__name__ not in found:
        found[kind.__name__] = kind
        for field in kind.model_fields.values():
            _tables(field.annotation, found)
    return found


def _default(field: FieldInfo) -> Any:
    """Return what a key is when it is left out; nothing of a length of time."""
    default = field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        assert getattr(default, "grade", "definition") == "definition"
        assert getattr(default, "source", NOT_USED) == NOT_USED
    return getattr(default, "value", None) if hasattr(default, "kind") else default


def _defaults() -> dict[str, Any]:
    return {
        f"{name}.{key}": _default(field)
        for name, table in _tables(Scenario, {}).items()
        for key, field in table.model_fields.items()
        if not field.is_required() and not isinstance(field.default, Quantity)
    }


def test_what_is_left_out_is_nothing_but_for_what_is_listed():
    said = {
        key: value
        for key, value in _defaults().items()
        if value and not isinstance(value, BaseModel) and not key.endswith((".kind", ".grade"))
    }
    assert said == LISTED
    assert {key: type(value) for key, value in said.items()} == {
        key: type(value) for key, value in LISTED.items()
    }


def test_a_value_without_a_grade_is_assumed_unless_its_whole_table_is_left_out():
    grades = {key: value for key, value in _defaults().items() if key.endswith(".grade")}
    unused = {f"{name}.grade" for name in ("TimeProfile", "AccommodationMix")}
    assert {key for key, value in grades.items() if value == "definition"} == unused
    assert set(grades.values()) == {"assumed", "definition"}
