"""Each option says which effects it rests on and how well they are known."""

from __future__ import annotations

from pathlib import Path

import pytest

import pathsim as ps
from pathsim.outcomes.changes import changes, touched_services
from pathsim.outcomes.effects import effects

FOLDER = Path(__file__).parent.parent / "scenarios" / "dorset"


def resting(option: str) -> dict[str, str]:
    baseline, changed = ps.load(FOLDER / "baseline.toml"), ps.load(FOLDER / f"{option}.toml")
    found = changes(baseline, changed)
    return {
        effect.key: effect.grade
        for effect in effects(found, touched_services(found, changed), changed)
    }


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("more-tags", {"services.gps_tag.hazard_ratio": "matched"}),
        ("suspended-sentences", {"sentencing.presumption.hazard_ratio": "matched"}),
        ("release-at-40-percent", {}),
    ],
)
def test_an_option_rests_on_the_effects_it_sets_to_work(option, expected):
    assert resting(option) == expected


def test_housing_rests_on_the_ratio_of_homelessness():
    assert "hazard.homeless_ratio" in resting("housing-on-release")


def test_an_effect_reads_as_one_line():
    baseline = ps.load(FOLDER / "baseline.toml")
    ratio = {"value": 0.75, "low": 0.46, "high": 1.22, "source": "a test", "grade": "assumed"}
    one = baseline.change("one", {"services.gps_tag.hazard_ratio": ratio})
    more = one.change("more", {"services.gps_tag.capacity": 36})
    found = changes(one, more)
    (effect,) = effects(found, touched_services(found, more), more)
    assert effect.in_words() == "services.gps_tag.hazard_ratio 0.75 (0.46 to 1.22), assumed"


def test_a_table_of_people_is_told_by_its_name_wherever_it_lies():
    one = ps.load("dorset/baseline")
    raw = one.model_dump()
    counts = raw["cohort"]["ethnicity"]
    raw["cohort"]["ethnicity"] = counts | {"file": "/home/somebody/other.csv"}
    other = type(one).model_validate(raw)
    (found,) = (each for each in changes(one, other) if each.key == "cohort.ethnicity.file")
    assert (found.before, found.after) == ("ethnicity.csv", "other.csv")
    raw["cohort"]["ethnicity"] = None
    without = type(one).model_validate(raw)
    (found,) = (each for each in changes(without, other) if each.key == "cohort.ethnicity")
    assert found.after == "file=other.csv"
